"""Twelve sets of colours, so that no two films of the demonstration look alike."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Seven colours, from the sky down to the foreground."""

    sky: Colour
    haze: Colour
    far: Colour
    middle: Colour
    near: Colour
    accent: Colour
    light: Colour


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours: `share` 0 gives `one`, 1 gives `other`."""
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


def _palette(colours: str) -> Palette:
    return Palette(*((int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16)) for c in colours.split()))


PALETTES = tuple(
    _palette(colours)
    for colours in (
        "8fc6d9 f6ecd2 9dbf8f 5f9a62 2f6b4a d9532c fff8e7",  # rice in September
        "1d2b53 5b4b8a 40427a 2b2f5e 171a3a f2b84b f5f0ff",  # night over Mộc Châu
        "f3b391 fbe6c8 c98a76 8d5a63 4d3247 e2483d fff4e6",  # dusk
        "b7dff0 f2f9fc 8fb6cf 4f86ad 1f4e79 f29f05 ffffff",  # the reservoir
        "f5d5dd fff3ee d6a3b4 a3617f 5c2f55 c2185b fffafb",  # peach blossom
        "d7e8c8 f8f6e3 a9c77e 6a9a3f 35591f e0a100 fffef2",  # tea hills
        "0f3d4c 1d6a72 195560 114350 0a2b36 ffb000 e6fbff",  # a server room
        "fde2a7 fff6dc e8b45f bd7a2b 6e4214 1e7b74 fffaf0",  # corn drying
        "c9d3e8 f3f5fb 97a5c9 5d6ea3 2c3966 e4572e ffffff",  # plum blossom, mist
        "0b1f3a 27496d 1f3c5e 142c49 0b1b30 37d6b5 f0fffb",  # data at night
        "f0c9a0 fdf0de cf8c5a 9c5433 5a2a1b f2b632 fff8ef",  # brocade
        "bfe3d0 f4fbf4 86bfa3 418b73 19564a c9372c fbfffd",  # after the rain
    )
)
