"""The frames of a film: an animation with a caption, the scene's number, its time span and a progress bar."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.media.film.land import HEIGHT, WIDTH
from core.media.film.palette import Palette, mixed
from core.media.film.script import MOTIFS, Script

SIZE = (WIDTH // 2, HEIGHT // 2)
BAND = 112  # height in pixels of the caption at the bottom of the picture
FONTS = Path(__file__).parents[3] / "data" / "fonts"
Frame = NDArray[np.uint8]


def moving(motif: str, colours: Palette, count: int) -> list[Frame]:
    """One loop of a motif's animation in `count` pictures; the first picture follows the last."""
    ground = _ground(colours)
    canvas, turn = ground.copy(), []
    for number in range(count):
        canvas.paste(ground)
        MOTIFS[motif](ImageDraw.Draw(canvas), colours, number / count)
        turn.append(np.array(canvas.reduce(2)))
    return turn


def captioned(turn: list[Frame], script: Script, scene: int, span: tuple[int, int]) -> Iterator[Frame]:
    """Draw the scene's caption into the pictures, in place, and yield them. `span`: seconds shown in the caption."""
    band = np.asarray(_caption(script, scene, *span))
    for picture in turn:
        picture[-BAND:] = band
        yield picture


def titled(turn: list[Frame], script: Script) -> Iterator[Frame]:
    """The pictures of the title: contest, code, title, and a note that the content is fictitious."""
    card = _card(script)
    for picture in turn:
        shown = Image.fromarray(picture)
        shown.paste(card, (0, 0), card)
        yield np.asarray(shown)


def _ground(colours: Palette) -> Image.Image:
    blend = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    size = (WIDTH, HEIGHT)
    return Image.composite(Image.new("RGB", size, colours.haze), Image.new("RGB", size, colours.sky), blend)


def _caption(script: Script, scene: int, at: int, ends: int) -> Image.Image:
    colours, (width, _) = script.palette, SIZE
    band = Image.new("RGB", (width, BAND), mixed(colours.near, (10, 12, 16), 0.55))
    draw = ImageDraw.Draw(band)
    draw.rectangle((0, 0, 10, BAND), fill=colours.accent)
    draw.text(
        (44, 16),
        f"CẢNH {scene + 1}/{len(script.scenes)}",
        font=_font("Bold", 20),
        fill=mixed(colours.accent, (255, 255, 255), 0.35),
    )
    draw.text((44, 46), script.scenes[scene].caption, font=_font("Regular", 32), fill=(255, 255, 255))
    span = f"{at // 60}:{at % 60:02}–{ends // 60}:{ends % 60:02}"
    draw.text((width - 44, 48), span, font=_font("Bold", 30), fill=(255, 255, 255), anchor="ra")
    draw.text((width - 44, 18), script.code, font=_font("Regular", 18), fill=(215, 218, 224), anchor="ra")
    draw.rectangle((0, BAND - 6, width, BAND), fill=mixed(colours.near, (255, 255, 255), 0.25))
    draw.rectangle((0, BAND - 6, width * at // script.seconds, BAND), fill=colours.accent)
    return band


def _card(script: Script) -> Image.Image:
    colours, (width, height) = script.palette, SIZE
    card = Image.new("RGBA", SIZE, (*mixed(colours.near, (8, 10, 14), 0.6), 205))
    draw = ImageDraw.Draw(card)
    card.paste(_brocade(colours, height), (28, 0))
    draw.text((170, 96), script.contest, font=_fitted("Regular", 24, script.contest, width - 240), fill=(226, 229, 234))
    draw.text(
        (170, 196), f"TÁC PHẨM {script.code}", font=_font("Bold", 26), fill=mixed(colours.accent, (255, 255, 255), 0.3)
    )
    y = 246
    for line in wrapped(script.title, _font("Bold", 58), width - 260):
        draw.text((170, y), line, font=_font("Bold", 58), fill=(255, 255, 255))
        y += 78
    draw.text((170, height - 110), "Tư liệu minh họa, không có thật", font=_font("Regular", 24), fill=(226, 229, 234))
    return card


def _brocade(colours: Palette, height: int) -> Image.Image:
    """A border with a woven pattern for the left edge, in the film's colours."""
    strip = Image.new("RGBA", (168, height * 2), mixed(colours.near, (0, 0, 0), 0.2))
    draw = ImageDraw.Draw(strip)
    for y in range(48, height * 2 + 48, 96):
        for half, rise, tone in ((84, 48, colours.accent), (48, 28, colours.light), (20, 12, colours.middle)):
            draw.polygon([(84 - half, y), (84, y - rise), (84 + half, y), (84, y + rise)], fill=tone)
    return strip.reduce(2)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Wrap the text into as few lines as possible, at most `width` pixels wide and of similar length."""
    lines = _filled(text, font, width)
    while len(narrower := _filled(text, font, width - 20)) == len(lines) and width > 200:
        lines, width = narrower, width - 20
    return lines


def _filled(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitted(weight: str, size: int, text: str, width: float) -> ImageFont.FreeTypeFont:
    while size > 12 and _font(weight, size).getlength(text) > width:
        size -= 1
    return _font(weight, size)


@lru_cache(maxsize=32)
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"BeVietnamPro-{weight}.ttf"), size)
