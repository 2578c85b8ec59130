"""Abstract patterns in a named palette."""

from __future__ import annotations

import math

from ..canvas import Canvas
from ..light import Light, ridge
from ..palette import NAMED, PALETTES, Colour, jitter, lighter
from .registry import scenery

PALETTE_NAMES = tuple(PALETTES)


def _ink(light: Light, palette: str) -> Colour:
    names = PALETTES[palette]
    colour = jitter(light.random, NAMED[names[int(light.random.integers(len(names)))]], 0.06)
    return lighter(colour, 0.5) if palette == "pastel" else colour


def _ground(canvas: Canvas, colour: Colour) -> None:
    canvas.polygon([(0, 0), (canvas.aspect, 0), (canvas.aspect, 1), (0, 1)], colour)


def _words(shape: str) -> tuple[str, ...]:
    return (f"abstract {shape} in {{c}} colors", f"an abstract pattern of {{c}} {shape}")


@scenery("circles", colours=PALETTE_NAMES, phrases=_words("circles"), outdoors=False, weight=0.4)
def circles(canvas: Canvas, light: Light, palette: str) -> None:
    """Discs and rings of many sizes."""
    _ground(canvas, _ink(light, palette))
    for _ in range(int(light.random.integers(9, 16) * canvas.aspect)):
        x, y, r = (
            light.random.uniform(0, canvas.aspect),
            light.random.uniform(0, 1),
            light.random.uniform(0.1, 0.24),
        )
        canvas.ellipse(x, y, r, r, _ink(light, palette))
        if light.random.random() < 0.6:
            canvas.ellipse(x, y, r * 0.55, r * 0.55, _ink(light, palette))


@scenery("stripes", colours=PALETTE_NAMES, phrases=_words("stripes"), outdoors=False, weight=0.4)
def stripes(canvas: Canvas, light: Light, palette: str) -> None:
    """Upright or slanting stripes."""
    slant = float(light.random.choice([0.0, 0.0, 0.5]))
    x = -slant - 0.1
    while x < canvas.aspect:
        wide = light.random.uniform(0.07, 0.16)
        canvas.polygon(
            [(x, 0), (x + wide + 0.005, 0), (x + wide + slant + 0.005, 1), (x + slant, 1)],
            _ink(light, palette),
        )
        x += wide


@scenery("squares", colours=PALETTE_NAMES, phrases=_words("squares"), outdoors=False, weight=0.4)
def squares(canvas: Canvas, light: Light, palette: str) -> None:
    """A grid of squares, some with smaller ones inside."""
    count = int(light.random.integers(3, 6))
    side = 1 / count
    for row in range(count):
        for column in range(math.ceil(canvas.aspect * count)):
            x, y = column * side, row * side
            canvas.polygon([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], _ink(light, palette))
            if light.random.random() < 0.4:
                a, b = x + side * 0.25, y + side * 0.25
                canvas.polygon(
                    [(a, b), (a + side / 2, b), (a + side / 2, b + side / 2), (a, b + side / 2)],
                    _ink(light, palette),
                )


@scenery("triangles", colours=PALETTE_NAMES, phrases=_words("triangles"), outdoors=False, weight=0.4)
def triangles(canvas: Canvas, light: Light, palette: str) -> None:
    """Triangles of all sizes and turns."""
    _ground(canvas, _ink(light, palette))
    for _ in range(int(26 * canvas.aspect)):
        x, y = light.random.uniform(0, canvas.aspect), light.random.uniform(0, 1)
        r, turn = light.random.uniform(0.1, 0.26), light.random.uniform(0, 2 * math.pi)
        corners = [turn + k * 2 * math.pi / 3 for k in range(3)]
        canvas.polygon([(x + r * math.cos(a), y + r * math.sin(a)) for a in corners], _ink(light, palette))


@scenery("waves", colours=PALETTE_NAMES, phrases=_words("waves"), outdoors=False, weight=0.4)
def waves(canvas: Canvas, light: Light, palette: str) -> None:
    """Rolling bands."""
    y = -0.1
    while y < 1.1:
        line = ridge(light.random, canvas.aspect, y, 0.035, 0.4)
        canvas.polygon([*line, (canvas.aspect, 1.2), (0, 1.2)], _ink(light, palette))
        y += light.random.uniform(0.1, 0.18)


@scenery("spiral", colours=PALETTE_NAMES, phrases=_words("spiral"), outdoors=False, weight=0.4)
def spiral(canvas: Canvas, light: Light, palette: str) -> None:
    """Two arms winding out from the middle."""
    _ground(canvas, _ink(light, palette))
    x, y = canvas.aspect * light.random.uniform(0.42, 0.58), light.random.uniform(0.42, 0.58)
    turns = light.random.uniform(3, 5)
    for arm in range(2):
        colour = _ink(light, palette)
        points = []
        for k in range(160):
            t = k / 159
            a = 2 * math.pi * turns * t + arm * math.pi
            points.append((x + 0.75 * t * math.cos(a), y + 0.75 * t * math.sin(a)))
        canvas.line(points, 0.04, colour)


@scenery("hearts", colours=PALETTE_NAMES, phrases=_words("hearts"), outdoors=False, weight=0.4)
def hearts(canvas: Canvas, light: Light, palette: str) -> None:
    """Hearts strewn over a ground."""
    _ground(canvas, _ink(light, palette))
    steps = [2 * math.pi * k / 24 for k in range(24)]
    for _ in range(int(12 * canvas.aspect)):
        x, y, r = (
            light.random.uniform(0, canvas.aspect),
            light.random.uniform(0, 1),
            light.random.uniform(0.07, 0.15),
        )
        heart = [
            (
                x + r * math.sin(a) ** 3,
                y - r * (13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)) / 16,
            )
            for a in steps
        ]
        canvas.polygon(heart, _ink(light, palette))


@scenery("stars", colours=PALETTE_NAMES, phrases=_words("stars"), outdoors=False, weight=0.4)
def stars(canvas: Canvas, light: Light, palette: str) -> None:
    """Five-pointed stars strewn over a ground."""
    _ground(canvas, _ink(light, palette))
    for _ in range(int(14 * canvas.aspect)):
        x, y = light.random.uniform(0, canvas.aspect), light.random.uniform(0, 1)
        r, turn = light.random.uniform(0.08, 0.18), light.random.uniform(0, 2 * math.pi)
        points = [
            (
                x + r * (0.42 if k % 2 else 1) * math.cos(turn + k * math.pi / 5),
                y + r * (0.42 if k % 2 else 1) * math.sin(turn + k * math.pi / 5),
            )
            for k in range(10)
        ]
        canvas.polygon(points, _ink(light, palette))
