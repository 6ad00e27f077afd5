"""Animations of landscapes. Each function draws the moment `t` in [0, 1) of a loop."""

from math import cos, pi, sin

from PIL.ImageDraw import ImageDraw

from core.media.film.palette import Colour, Palette, mixed

WIDTH, HEIGHT = 2560, 1440  # pixels: twice the final size, reduced later for smooth edges
TURN = 2 * pi


def terraces(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Rice terraces that sway under a sun and moving clouds."""
    sun(draw, colours, 1950, 330, 150 + 6 * sin(TURN * t))
    clouds(draw, colours, t, 220)
    tones = (colours.far, colours.middle, colours.near)
    for band in range(7):
        colour = mixed(tones[band // 3], tones[min(band // 3 + 1, 2)], (band % 3) / 3)
        top = 560 + band * 105
        edge = [
            (
                x,
                top
                + 46 * sin(x / (330 - 18 * band) + band * 1.7 + 0.5 * sin(TURN * t))
                + 12 * sin(x / 90 + TURN * t + band),
            )
            for x in range(0, WIDTH + 41, 40)
        ]
        draw.polygon([(0, HEIGHT), *edge, (WIDTH, HEIGHT)], fill=colour)
        draw.line(edge, fill=mixed(colour, colours.light, 0.45), width=7)


def towers(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Radio masts on the ridges, with expanding waves."""
    clouds(draw, colours, t, 160)
    ridge(draw, colours.far, 700, 190, 520.0, 0.4)
    for x, foot, phase in ((560, 860, 0.0), (1320, 700, 0.33), (2040, 900, 0.66)):
        for ring in range(4):
            reach = (ring + (t + phase) % 1) * 105
            tone = mixed(colours.accent, colours.haze, min(reach / 420, 1) ** 0.7)
            draw.ellipse((x - reach, foot - 420 - reach, x + reach, foot - 420 + reach), outline=tone, width=10)
        mast(draw, colours, x, foot)
    ridge(draw, colours.middle, 930, 110, 410.0, 2.1)
    ridge(draw, colours.near, 1120, 80, 300.0, 4.0)


def houses(draw: ImageDraw, colours: Palette, t: float) -> None:
    """A village of stilt houses below passing clouds, whose windows light up one after another."""
    sun(draw, colours, 420, 300, 105)
    for star in range(40):
        x, y = (star * 619) % WIDTH, (star * 263) % 560
        size = 4 + 4 * (0.5 + 0.5 * sin(TURN * (t + star / 7)))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colours.light)
    clouds(draw, colours, t, 400)
    ridge(draw, colours.far, 640, 150, 600.0, 1.0)
    ridge(draw, colours.middle, 900, 70, 480.0, 3.0)
    for number, (x, foot, size) in enumerate(
        ((380, 1030, 1.0), (1010, 1090, 1.25), (1690, 1040, 1.1), (2260, 1110, 0.95))
    ):
        stilt_house(draw, colours, x, foot, size, lit=sin(TURN * (t - number / 4)) > -0.55)
    ridge(draw, colours.near, 1150, 30, 340.0, 0.0)


def districts(draw: ImageDraw, colours: Palette, t: float) -> None:
    """Twelve districts as hexagons with roads between them; a wave of light passes over the hexagons."""
    centres = [(690 + 330 * column + 165 * (row % 2), 290 + 275 * row) for row in range(3) for column in range(4)]
    for one, (x, y) in enumerate(centres):
        for u, v in centres[one + 1 :]:
            if (x - u) ** 2 + (y - v) ** 2 < 380**2:
                draw.line((x, y, u, v), fill=mixed(colours.far, colours.haze, 0.3), width=12)
    for number, (x, y) in enumerate(centres):
        wave = 0.5 + 0.5 * sin(TURN * (t - number / 12))
        radius = 118 + 26 * wave
        corners = [(x + radius * sin(TURN * k / 6), y + radius * cos(TURN * k / 6)) for k in range(6)]
        draw.polygon(corners, fill=mixed(colours.middle, colours.accent, wave**2), outline=colours.light, width=9)
        draw.ellipse((x - 26, y - 26, x + 26, y + 26), fill=colours.light)


def sun(draw: ImageDraw, colours: Palette, x: float, y: float, radius: float) -> None:
    """The sun, or the moon, with its halo."""
    for halo, share in ((1.7, 0.12), (1.32, 0.25)):
        size = radius * halo
        draw.ellipse((x - size, y - size, x + size, y + size), fill=mixed(colours.sky, colours.light, share))
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=mixed(colours.accent, colours.light, 0.55))


def clouds(draw: ImageDraw, colours: Palette, t: float, height: float) -> None:
    """A row of clouds that moves by exactly one cloud's distance per loop, so that the loop has no visible jump."""
    tone = mixed(colours.haze, colours.light, 0.6)
    for place in range(-1, 4):
        x = (place + t) * 760
        for dx, dy, radius in ((0, 0, 62), (80, -34, 82), (170, -8, 70), (240, 10, 48)):
            draw.ellipse((x + dx - radius, height + dy - radius, x + dx + radius, height + dy + radius), fill=tone)
        draw.rounded_rectangle((x - 60, height - 4, x + 290, height + 62), 33, fill=tone)


def ridge(draw: ImageDraw, colour: Colour, top: float, rise: float, length: float, start: float) -> None:
    """One ridge of hills across the picture."""
    edge = [
        (x, top - rise * sin(x / length + start) - rise / 3 * sin(x / length * 2.7 + start))
        for x in range(0, WIDTH + 41, 40)
    ]
    draw.polygon([(0, HEIGHT), *edge, (WIDTH, HEIGHT)], fill=colour)


def mast(draw: ImageDraw, colours: Palette, x: float, foot: float) -> None:
    """A lattice mast with a lamp."""
    draw.line((x - 70, foot + 60, x, foot - 420, x + 70, foot + 60), fill=colours.near, width=14, joint="curve")
    for step in range(5):
        y, half = foot - 40 - step * 80, 58 - step * 11
        draw.line((x - half, y, x + half, y), fill=colours.near, width=9)
    draw.ellipse((x - 22, foot - 442, x + 22, foot - 398), fill=colours.accent)


def stilt_house(draw: ImageDraw, colours: Palette, x: float, foot: float, size: float, *, lit: bool) -> None:
    """A stilt house of the Thái people, with horns on its roof."""
    wood, roof = mixed(colours.near, colours.middle, 0.35), colours.near
    for post in (-150, -50, 50, 150):
        draw.rectangle((x + (post - 10) * size, foot - 10, x + (post + 10) * size, foot + 130 * size), fill=roof)
    draw.rectangle((x - 185 * size, foot - 120 * size, x + 185 * size, foot), fill=wood)
    draw.polygon(
        [
            (x - 240 * size, foot - 110 * size),
            (x - 130 * size, foot - 290 * size),
            (x + 130 * size, foot - 290 * size),
            (x + 240 * size, foot - 110 * size),
        ],
        fill=roof,
    )
    for side in (-1, 1):
        tip = x + side * 130 * size
        draw.line(
            (tip + 40 * size, foot - 345 * size, tip, foot - 288 * size, tip - 40 * size, foot - 345 * size),
            fill=roof,
            width=13,
        )
    for window in (-105, 0, 105):
        left = x + (window - 32) * size
        tone = colours.accent if lit else mixed(wood, roof, 0.5)
        draw.rectangle((left, foot - 92 * size, left + 64 * size, foot - 30 * size), fill=tone)
