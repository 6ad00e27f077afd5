"""The description of a demonstration film: texts, colours, animations and melody."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL.ImageDraw import ImageDraw

from core.media.film import land, office
from core.media.film.palette import Palette

FPS = 8  # pictures a second of the films
Motif = Callable[[ImageDraw, Palette, float], None]
MOTIFS: dict[str, Motif] = {
    motif.__name__: motif
    for motif in (
        land.terraces,
        land.towers,
        land.houses,
        land.districts,
        office.network,
        office.chart,
        office.squares,
        office.phone,
        office.baskets,
        office.documents,
    )
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: its animation (a key of MOTIFS) and its caption."""

    motif: str
    caption: str


@dataclass(frozen=True, slots=True)
class Tune:
    """A pentatonic melody: the key in semitones above A, the mode (index), the instrument and the random seed."""

    key: int
    mode: int
    instrument: str  # "pluck", "flute", "bell"
    seed: int


@dataclass(frozen=True, slots=True)
class Script:
    """The complete description of one film. `seconds` is a multiple of the loop's length (2.5 seconds)."""

    code: str
    title: str
    contest: str
    seconds: int
    palette: Palette
    scenes: tuple[Scene, ...]
    tune: Tune
