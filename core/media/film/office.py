"""Animations of digital work. Each function draws the moment `t` in [0, 1) of a loop."""

from math import cos, sin
from random import Random

from PIL.ImageDraw import ImageDraw

from core.media.film.land import TURN, WIDTH, clouds, ridge
from core.media.film.palette import Palette, mixed


def network(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Nodes of a network, the lines between them, and messages that move along the lines."""
    chance = Random(20)
    nodes = [
        (
            240 + (place % 7) * 350 + chance.uniform(-110, 110),
            190 + (place // 7) * 270 + chance.uniform(-80, 80),
            chance.random(),
        )
        for place in range(28)
    ]
    here = [(x + 34 * sin(TURN * (t + p)), y + 34 * cos(TURN * (t + p))) for x, y, p in nodes]
    for one, (x, y) in enumerate(here):
        for other in range(one + 1, len(here)):
            u, v = here[other]
            if (nodes[one][0] - nodes[other][0]) ** 2 + (nodes[one][1] - nodes[other][1]) ** 2 > 400**2:
                continue
            draw.line((x, y, u, v), fill=mixed(colours.far, colours.haze, 0.35), width=6)
            share = (t + one / 7) % 1
            px, py = x + (u - x) * share, y + (v - y) * share
            draw.ellipse((px - 11, py - 11, px + 11, py + 11), fill=colours.accent)
    for number, (x, y) in enumerate(here):
        radius = 22 + 20 * nodes[number][2]
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=colours.near, outline=colours.light, width=8
        )


def chart(draw: ImageDraw, colours: Palette, t: float) -> None:
    """A column chart whose columns rise and fall, with a line above them."""
    floor, count = 1080, 10
    for line in range(5):
        draw.line(
            (330, floor - line * 200, 2230, floor - line * 200), fill=mixed(colours.haze, colours.far, 0.5), width=5
        )
    crown = []
    for column in range(count):
        height = 170 + column * 55 + 85 * sin(TURN * (t + column / count))
        left = 370 + column * 186
        tone = mixed(colours.middle, colours.near, column / count)
        draw.rounded_rectangle((left, floor - height, left + 120, floor), 18, fill=tone)
        crown.append((left + 60, floor - height - 90))
    draw.line(crown, fill=colours.accent, width=14, joint="curve")
    for x, y in crown:
        draw.ellipse((x - 24, y - 24, x + 24, y + 24), fill=colours.light, outline=colours.accent, width=11)


def squares(draw: ImageDraw, colours: Palette, t: float) -> None:
    """A QR code whose cells change size, and a scanner's beam that passes over it."""
    cells, size, left, top = 21, 46, 797, 110
    chance = Random(7)
    draw.rounded_rectangle(
        (left - 60, top - 60, left + cells * size + 60, top + cells * size + 60), 50, fill=colours.light
    )
    for row in range(cells):
        for column in range(cells):
            dark, phase = chance.random() < 0.52, chance.random()
            if _in_corner(row, column, cells) or not dark:
                continue
            half = size * (0.5 if phase < 0.6 else 0.32 + 0.18 * sin(TURN * (t + phase)))
            x, y = left + (column + 0.5) * size, top + (row + 0.5) * size
            draw.rectangle((x - half, y - half, x + half, y + half), fill=colours.near)
    for row, column in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        _finder(draw, colours, left + column * size, top + row * size, size)
    y = top + cells * size * (0.5 - 0.5 * cos(TURN * t))
    draw.rounded_rectangle((left - 130, y - 9, left + cells * size + 130, y + 9), 9, fill=colours.accent)


def phone(draw: ImageDraw, colours: Palette, t: float) -> None:
    """A phone with a scrolling list of services."""
    ridge(draw, mixed(colours.haze, colours.far, 0.5), 900, 120, 500.0, 0.7)
    left, top, right, bottom = 980, 70, 1580, 1180
    draw.rounded_rectangle((left, top, right, bottom), 80, fill=colours.near)
    draw.rounded_rectangle((left + 28, top + 28, right - 28, bottom - 28), 58, fill=colours.light)
    tones = (colours.accent, colours.middle, colours.far)
    for card in range(-1, 6):
        y = top + 150 + (card - t) * 230
        upper, lower = max(y, top + 120), min(y + 190, bottom - 70)
        if lower - upper < 70:
            continue
        draw.rounded_rectangle((left + 70, upper, right - 70, lower), 30, fill=mixed(colours.haze, colours.far, 0.3))
        middle = (upper + lower) / 2
        tone = tones[card % 3]
        draw.ellipse((left + 100, middle - 32, left + 164, middle + 32), fill=tone)
        draw.rounded_rectangle((left + 195, middle - 26, left + 430, middle - 6), 10, fill=colours.near)
        draw.rounded_rectangle((left + 195, middle + 10, left + 360, middle + 26), 8, fill=colours.middle)
    draw.rounded_rectangle((left + 200, top + 52, right - 200, top + 84), 16, fill=colours.near)
    for side, x in ((-1, 560), (1, 2000)):
        _bubble(draw, colours, x, 420 + 60 * sin(TURN * t) * side, tones[side % 3])


def baskets(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Fruit that falls into crates, each crate with a code."""
    ridge(draw, mixed(colours.far, colours.haze, 0.4), 620, 150, 560.0, 2.0)
    for column in range(6):
        x = 340 + column * 376
        for fruit in range(4):
            y = 60 + (fruit + (t + column / 6) % 1) * 210
            if y > 800:
                continue
            draw.ellipse((x - 58, y - 58, x + 58, y + 58), fill=colours.accent)
            draw.ellipse((x - 34, y - 38, x - 6, y - 10), fill=mixed(colours.accent, colours.light, 0.6))
            draw.line((x, y - 56, x + 16, y - 86), fill=colours.near, width=9)
        draw.rounded_rectangle((x - 150, 820, x + 150, 1090), 20, fill=colours.middle)
        for slat in (880, 950, 1020):
            draw.line((x - 150, slat, x + 150, slat), fill=colours.near, width=8)
        draw.rectangle((x - 52, 890, x + 52, 1010), fill=colours.light)
        for cell in range(9):
            if (cell * 5 + column) % 3:
                cx, cy = x - 40 + (cell % 3) * 28, 910 + (cell // 3) * 28
                draw.rectangle((cx, cy, cx + 24, cy + 24), fill=colours.near)


def documents(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Documents that pass on a conveyor belt under a stamp, with clouds above."""
    clouds(draw, colours, t, 150)
    draw.rounded_rectangle((0, 1020, WIDTH, 1080), 10, fill=colours.near)
    for roller in range(-1, 15):
        x = (roller + t) * 190
        draw.ellipse((x - 34, 1066, x + 34, 1134), fill=colours.middle)
    for paper in range(-1, 5):
        x = (paper + t) * 570
        draw.rounded_rectangle((x, 600, x + 330, 1020), 18, fill=colours.light, outline=colours.far, width=6)
        for line in range(6):
            draw.rounded_rectangle(
                (x + 44, 668 + line * 46, x + 286 - (line % 3) * 52, 684 + line * 46), 8, fill=colours.far
            )
        if x > 1000:
            draw.ellipse((x + 190, 880, x + 290, 980), outline=colours.accent, width=14)
            draw.line((x + 214, 930, x + 236, 954, x + 270, 906), fill=colours.accent, width=14, joint="curve")
    draw.rounded_rectangle((1080, 250, 1400, 560), 40, fill=colours.near)
    press = 40 * (0.5 + 0.5 * cos(TURN * t * 2))
    draw.rectangle((1180, 540, 1300, 590 + press), fill=colours.accent)


def _in_corner(row: int, column: int, cells: int) -> bool:
    return (row < 8 and column < 8) or (row < 8 and column >= cells - 8) or (row >= cells - 8 and column < 8)


def _finder(draw: ImageDraw, colours: Palette, x: float, y: float, size: float) -> None:
    for inset, tone in ((0, colours.near), (1, colours.light), (2, colours.accent)):
        draw.rectangle((x + inset * size, y + inset * size, x + (7 - inset) * size, y + (7 - inset) * size), fill=tone)


def _bubble(draw: ImageDraw, colours: Palette, x: float, y: float, tone: tuple[int, int, int]) -> None:
    draw.rounded_rectangle((x - 230, y - 130, x + 230, y + 130), 60, fill=colours.light, outline=tone, width=10)
    for line, width in enumerate((330, 260, 300)):
        draw.rounded_rectangle(
            (x - 175, y - 74 + line * 58, x - 175 + width, y - 46 + line * 58), 14, fill=mixed(tone, colours.haze, 0.4)
        )
