"""Things of a room."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import NAMED, VIVID, Colour, darker, lighter
from .registry import motif

ANY = (*VIVID, "white", "black", "brown")


@motif(
    "chair",
    settings=("room", "plain"),
    colours=ANY,
    phrases=("a {c} chair",),
    plural="{c} chairs",
    size=(0.6, 0.76),
)
def chair(f: Frame, c: Colour, light: Light) -> None:
    """A chair at three quarters."""
    del light
    dark = darker(c, 0.25) if sum(c) > 0.6 else lighter(c, 0.2)
    for u, v in ((-0.24, 0.08), (0.14, 0.08), (-0.12, 0.0), (0.26, 0.0)):
        f.box(u - 0.03, v, u + 0.03, 0.42, dark)
    f.poly([(-0.28, 0.46), (0.17, 0.46), (0.3, 0.36), (-0.15, 0.36)], c)
    f.box(-0.28, 0.44, -0.22, 1.0, dark)
    f.box(0.11, 0.44, 0.17, 1.0, dark)
    f.box(-0.26, 0.62, 0.15, 0.96, c)


@motif(
    "lamp",
    settings=("room", "table"),
    colours=ANY,
    phrases=("a {c} lamp", "a lamp with a {c} shade"),
    plural="{c} lamps",
    size=(0.56, 0.7),
)
def lamp(f: Frame, c: Colour, light: Light) -> None:
    """A table lamp, lit."""
    f.oval(0, 0.5, 0.45, 0.4, (1.0, 0.93, 0.6), 0.3)
    f.oval(0, 0.05, 0.2, 0.05, light.on("brown"))
    f.box(-0.03, 0.05, 0.03, 0.56, light.on("brown"))
    f.poly([(-0.34, 0.52), (0.34, 0.52), (0.19, 1.0), (-0.19, 1.0)], c)
    f.poly(
        [(0.12, 0.52), (0.34, 0.52), (0.19, 1.0), (0.08, 1.0)],
        darker(c, 0.14) if sum(c) > 0.6 else lighter(c, 0.2),
    )


@motif(
    "teapot",
    settings=("table",),
    colours=ANY,
    phrases=("a {c} teapot",),
    plural="{c} teapots",
    size=(0.42, 0.54),
    reach=0.88,
)
def teapot(f: Frame, c: Colour, light: Light) -> None:
    """A round pot with spout and handle."""
    del light
    f.arc(-0.5, 0.48, 0.25, 1.2, 5.1, 0.08, darker(c, 0.15))
    f.poly([(0.38, 0.3), (0.72, 0.62), (0.86, 0.78), (0.7, 0.76), (0.34, 0.56)], darker(c, 0.12))
    f.oval(0, 0.42, 0.5, 0.41, darker(c, 0.1))
    f.oval(-0.03, 0.45, 0.45, 0.36, c)
    f.half_disc(0, 0.76, 0.26, 0.12, darker(c, 0.2))
    f.oval(0, 0.93, 0.07, 0.065, c)
    f.oval(-0.22, 0.58, 0.07, 0.1, lighter(c, 0.5))


@motif(
    "candle",
    settings=("table",),
    colours=("white", "red", "yellow", "blue", "green", "pink"),
    phrases=("a {c} candle", "a burning {c} candle"),
    plural="{c} candles",
    size=(0.5, 0.64),
)
def candle(f: Frame, c: Colour, light: Light) -> None:
    """A lit candle in a holder."""
    f.oval(0, 0.86, 0.3, 0.26, (1.0, 0.9, 0.5), 0.35)
    f.oval(0, 0.05, 0.27, 0.06, light.on((0.75, 0.58, 0.22)))
    f.box(-0.11, 0.06, 0.11, 0.7, c)
    f.box(0.04, 0.06, 0.11, 0.7, darker(c, 0.13))
    f.line([(0, 0.7), (0, 0.76)], 0.02, (0.1, 0.1, 0.1))
    f.poly([(-0.055, 0.8), (0, 1.0), (0.055, 0.8), (0, 0.74)], (1.0, 0.7, 0.15))
    f.poly([(-0.025, 0.8), (0, 0.9), (0.025, 0.8), (0, 0.76)], (1.0, 0.97, 0.7))


@motif(
    "books",
    settings=("table",),
    colours=ANY,
    phrases=("{c} books", "a stack of {c} books", "a pile of {c} books"),
    size=(0.36, 0.48),
    reach=0.66,
)
def books(f: Frame, c: Colour, light: Light) -> None:
    """A stack of books of one colour."""
    random = light.random
    foot = 0.0
    for k in range(4):
        high, half, shift = 0.22, 0.55 + random.uniform(-0.08, 0.08), random.uniform(-0.07, 0.07)
        tone = c if k % 2 else (darker(c, 0.2) if sum(c) > 0.6 else lighter(c, 0.2))
        f.box(shift - half, foot, shift + half, foot + high, tone)
        f.box(shift + half * 0.82, foot + 0.03, shift + half + 0.02, foot + high - 0.03, (0.95, 0.93, 0.86))
        f.box(shift - half * 0.8, foot + 0.07, shift - half * 0.2, foot + 0.12, lighter(tone, 0.5))
        foot += high + 0.01


@motif(
    "clock",
    settings=("room", "table", "plain"),
    colours=ANY,
    phrases=("a {c} clock", "an alarm clock, {c}"),
    plural="{c} clocks",
    size=(0.46, 0.6),
)
def clock(f: Frame, c: Colour, light: Light) -> None:
    """An alarm clock with two bells."""
    for side in (-1, 1):
        f.line([(side * 0.22, 0.12), (side * 0.34, 0)], 0.06, light.on("gray"))
        f.oval(side * 0.26, 0.88, 0.15, 0.11, light.on((0.8, 0.68, 0.3)), turn=-side * 0.6)
    f.oval(0, 0.46, 0.44, 0.44, c)
    f.oval(0, 0.46, 0.35, 0.35, (0.97, 0.96, 0.92))
    for k in range(12):
        a = k * math.pi / 6
        f.oval(0.29 * math.cos(a), 0.46 + 0.29 * math.sin(a), 0.016, 0.016, (0.1, 0.1, 0.1))
    a, b = light.random.uniform(0, 2 * math.pi, 2)
    f.line([(0, 0.46), (0.17 * math.cos(a), 0.46 + 0.17 * math.sin(a))], 0.045, (0.1, 0.1, 0.1))
    f.line([(0, 0.46), (0.26 * math.cos(b), 0.46 + 0.26 * math.sin(b))], 0.03, (0.1, 0.1, 0.1))


@motif(
    "umbrella",
    settings=("land", "beach", "plain"),
    colours=VIVID,
    phrases=("a {c} umbrella", "an open {c} umbrella"),
    plural="{c} umbrellas",
    size=(0.62, 0.76),
)
def umbrella(f: Frame, c: Colour, light: Light) -> None:
    """An open umbrella with its hooked handle."""
    wood = light.on("brown")
    f.line([(0, 0.08), (0, 0.98)], 0.03, wood)
    f.arc(-0.06, 0.08, 0.06, math.pi, 2 * math.pi, 0.03, wood)
    f.half_disc(0, 0.52, 0.5, 0.42, c)
    for u, tone in ((-0.335, 0.0), (0.0, 0.2), (0.335, 0.0)):
        f.half_disc(u, 0.52, 0.165, 0.06, light.horizon if light.time else lighter(c, 0.5))
        f.poly([(u - 0.1, 0.56), (u + 0.1, 0.56), (0, 0.93)], darker(c, 0.1 + tone * 0.5))


@motif(
    "guitar",
    settings=("room", "plain"),
    colours=("brown", "red", "blue", "black", "orange", "white"),
    phrases=("a {c} guitar",),
    size=(0.7, 0.84),
)
def guitar(f: Frame, c: Colour, light: Light) -> None:
    """An acoustic guitar standing up."""
    wood = light.on((0.34, 0.21, 0.12))
    f.box(-0.035, 0.5, 0.035, 0.9, wood)
    f.poly([(-0.055, 0.88), (0.055, 0.88), (0.07, 1.0), (-0.07, 1.0)], darker(wood, 0.2))
    f.oval(0, 0.2, 0.24, 0.2, c)
    f.oval(0, 0.46, 0.18, 0.155, c)
    f.box(-0.14, 0.25, 0.14, 0.42, c)
    f.oval(0, 0.4, 0.075, 0.075, (0.08, 0.06, 0.05))
    f.box(-0.09, 0.15, 0.09, 0.18, wood)
    for u in (-0.018, 0.0, 0.018):
        f.line([(u, 0.17), (u, 0.92)], 0.005, NAMED["white"])


@motif(
    "gift",
    settings=("table", "room", "plain"),
    colours=VIVID,
    phrases=("a {c} gift box", "a {c} present with a bow"),
    plural="{c} gift boxes",
    size=(0.42, 0.54),
)
def gift(f: Frame, c: Colour, light: Light) -> None:
    """A wrapped box with ribbon and bow."""
    ribbon = light.on("white") if c[0] > 0.7 and c[1] > 0.5 else light.on("yellow")
    f.box(-0.44, 0, 0.44, 0.6, c)
    f.box(-0.5, 0.56, 0.5, 0.74, darker(c, 0.15))
    f.box(-0.08, 0, 0.08, 0.74, ribbon)
    for side in (-1, 1):
        f.oval(side * 0.17, 0.86, 0.17, 0.09, ribbon, turn=side * 0.4)
        f.oval(side * 0.17, 0.86, 0.08, 0.035, darker(ribbon, 0.25), turn=side * 0.4)
    f.oval(0, 0.79, 0.07, 0.07, darker(ribbon, 0.1))
