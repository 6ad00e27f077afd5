"""What a film of the demonstration is: its words, its colours, its movements and its tune."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL.ImageDraw import ImageDraw

from core.media.film import land, office
from core.media.film.palette import Palette

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
    """One scene: what moves in it and what is said of it."""

    motif: str
    caption: str


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody of five notes to the octave: the key in semitones above A, the mode, the instrument and the chance."""

    key: int
    mode: int
    instrument: str  # "pluck", "flute", "bell"
    seed: int


@dataclass(frozen=True, slots=True)
class Script:
    """A film as it is written down, before a frame of it exists. `seconds` is a multiple of the loop's length."""

    code: str
    title: str
    contest: str
    seconds: int
    palette: Palette
    scenes: tuple[Scene, ...]
    tune: Tune
