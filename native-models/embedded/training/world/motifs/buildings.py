"""Houses, towers and other buildings."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import VIVID, Colour, darker, lighter
from .registry import motif

ROOFS = ("red", "blue", "orange", "brown", "green", "purple")


def window_colour(light: Light) -> Colour:
    """Warm when lamps are on, else pale glass."""
    return (1.0, 0.85, 0.40) if light.windows_lit else light.on((0.55, 0.72, 0.85))


@motif(
    "house",
    settings=("land",),
    colours=ROOFS,
    phrases=("a house with a {c} roof", "a cottage with a {c} roof"),
    plural="houses with {c} roofs",
    size=(0.52, 0.66),
    reach=0.56,
    weight=1.3,
)
def house(f: Frame, c: Colour, light: Light) -> None:
    """A gabled house from the front."""
    wall = light.on(str(light.random.choice(["white", "yellow", "pink", "gray"])))
    f.box(-0.44, 0, 0.44, 0.6, wall)
    f.box(0.16, 0, 0.44, 0.6, darker(wall, 0.12))
    f.box(0.2, 0.75, 0.32, 1.05, darker(light.on("brown"), 0.1))
    f.poly([(-0.54, 0.58), (0, 1.0), (0.54, 0.58)], c)
    f.poly([(0, 1.0), (0.54, 0.58), (0.3, 0.58)], darker(c, 0.15))
    for u in (-0.28, 0.28):
        f.box(u - 0.1, 0.26, u + 0.1, 0.48, window_colour(light))
        f.line([(u, 0.26), (u, 0.48)], 0.02, darker(wall, 0.35))
    f.box(-0.09, 0, 0.09, 0.36, light.on("brown"))


@motif(
    "barn",
    settings=("land",),
    colours=("red", "brown", "white", "blue"),
    phrases=("a {c} barn", "a {c} barn on a farm"),
    size=(0.48, 0.6),
    reach=0.68,
    weight=0.8,
)
def barn(f: Frame, c: Colour, light: Light) -> None:
    """A broad barn with a hipped roof and a crossed door."""
    white = light.on("white") if sum(c) < 2.3 else light.on("gray")
    f.poly([(-0.6, 0), (0.6, 0), (0.6, 0.55), (0.38, 0.85), (0, 1.0), (-0.38, 0.85), (-0.6, 0.55)], c)
    roof = [(-0.66, 0.52), (-0.4, 0.88), (0, 1.04), (0.4, 0.88), (0.66, 0.52)]
    f.line(roof, 0.07, darker(c, 0.4))
    f.box(-0.22, 0, 0.22, 0.45, darker(c, 0.3))
    for line in (
        [(-0.22, 0), (0.22, 0.45)],
        [(-0.22, 0.45), (0.22, 0)],
        [(-0.22, 0.45), (0.22, 0.45)],
        [(-0.22, 0), (-0.22, 0.45)],
        [(0.22, 0), (0.22, 0.45)],
    ):
        f.line(line, 0.035, white)
    f.box(-0.1, 0.6, 0.1, 0.76, darker(white, 0.6))


@motif(
    "lighthouse",
    settings=("shore",),
    colours=("red", "blue", "black", "green"),
    phrases=("a {c} and white lighthouse", "a lighthouse with {c} stripes"),
    size=(0.64, 0.78),
)
def lighthouse(f: Frame, c: Colour, light: Light) -> None:
    """A striped tower on a rock; its beam at night."""
    f.poly([(-0.5, -0.08), (-0.3, 0.1), (0.3, 0.11), (0.55, -0.08)], light.on("gray"))
    if light.time == "night":
        f.poly([(0, 0.9), (-1.2, 1.12), (-1.2, 0.72)], (1, 0.95, 0.6), 0.3)
    white = light.on("white")
    for k in range(5):
        v, a, b = 0.08 + 0.15 * k, 0.15 - 0.012 * k, 0.15 - 0.012 * (k + 1)
        f.poly([(-a, v), (a, v), (b, v + 0.152), (-b, v + 0.152)], c if k % 2 == 0 else white)
    f.box(-0.11, 0.82, 0.11, 0.84, light.on("black"))
    f.box(-0.06, 0.84, 0.06, 0.93, (1.0, 0.90, 0.50))
    f.poly([(-0.1, 0.93), (0, 1.03), (0.1, 0.93)], c)


@motif(
    "castle",
    settings=("land",),
    colours=("gray", "pink", "blue", "white", "purple"),
    phrases=("a {c} castle", "a {c} castle with towers"),
    size=(0.56, 0.7),
    reach=0.62,
)
def castle(f: Frame, c: Colour, light: Light) -> None:
    """Two towers with pointed roofs and a wall with battlements."""
    dark, roof = darker(c, 0.18), light.on("red") if c[0] < c[2] + 0.25 else light.on("blue")
    f.box(-0.42, 0, 0.42, 0.45, c)
    for k in range(6):
        f.box(-0.38 + k * 0.14, 0.45, -0.31 + k * 0.14, 0.52, c)
    f.box(-0.12, 0.4, 0.12, 0.74, dark)
    f.poly([(-0.16, 0.74), (0, 0.98), (0.16, 0.74)], roof)
    for side in (-1, 1):
        f.box(side * 0.46 - 0.12, 0, side * 0.46 + 0.12, 0.66, dark)
        f.poly([(side * 0.46 - 0.16, 0.66), (side * 0.46, 0.95), (side * 0.46 + 0.16, 0.66)], roof)
        f.box(side * 0.46 - 0.03, 0.42, side * 0.46 + 0.03, 0.55, window_colour(light))
    f.box(-0.03, 0.54, 0.03, 0.66, window_colour(light))
    gate = light.on((0.32, 0.20, 0.12))
    f.box(-0.09, 0, 0.09, 0.18, gate)
    f.half_disc(0, 0.18, 0.09, 0.09, gate)


@motif(
    "windmill",
    settings=("land",),
    colours=("white", "red", "brown", "blue"),
    phrases=("a {c} windmill",),
    size=(0.6, 0.74),
    weight=0.8,
)
def windmill(f: Frame, c: Colour, light: Light) -> None:
    """A tower mill with four sails."""
    sail, wood = lighter(light.on("white"), 0.1), light.on("brown")
    f.poly([(-0.24, 0), (0.24, 0), (0.15, 0.66), (-0.15, 0.66)], c)
    f.half_disc(0, 0.66, 0.17, 0.14, darker(wood, 0.2))
    f.box(-0.06, 0, 0.06, 0.2, wood)
    f.box(-0.045, 0.38, 0.045, 0.48, window_colour(light))
    turn = light.random.uniform(0.2, 1.2)
    for k in range(4):
        a = turn + k * math.pi / 2
        cos, sin = math.cos(a), math.sin(a)
        blade = [(0.06, 0.0), (0.42, 0.0), (0.42, 0.1), (0.1, 0.1)]
        f.poly([(u * cos - v * sin, 0.7 + u * sin + v * cos) for u, v in blade], sail)
        f.line([(0, 0.7), (0.44 * cos, 0.7 + 0.44 * sin)], 0.02, wood)
    f.oval(0, 0.7, 0.035, 0.035, wood)


@motif(
    "church",
    settings=("land",),
    colours=ROOFS,
    phrases=("a church with a {c} roof", "a chapel with a {c} roof"),
    size=(0.64, 0.78),
    weight=0.8,
)
def church(f: Frame, c: Colour, light: Light) -> None:
    """A nave and a steeple with a cross."""
    wall = light.on("white")
    f.box(-0.1, 0, 0.46, 0.36, darker(wall, 0.08))
    f.poly([(-0.12, 0.36), (0.0, 0.58), (0.4, 0.58), (0.5, 0.36)], c)
    f.box(-0.36, 0, -0.08, 0.58, wall)
    f.poly([(-0.4, 0.58), (-0.22, 0.9), (-0.04, 0.58)], darker(c, 0.12))
    f.line([(-0.22, 0.88), (-0.22, 1.02)], 0.02, light.on("brown"))
    f.line([(-0.27, 0.97), (-0.17, 0.97)], 0.02, light.on("brown"))
    for u in (0.05, 0.2, 0.35):
        f.box(u - 0.035, 0.12, u + 0.035, 0.27, window_colour(light))
    f.oval(-0.22, 0.46, 0.045, 0.045, window_colour(light))
    f.box(-0.28, 0, -0.16, 0.2, light.on("brown"))


@motif(
    "tent",
    settings=("land", "beach"),
    colours=VIVID,
    phrases=("a {c} tent", "a {c} camping tent"),
    plural="{c} tents",
    size=(0.44, 0.56),
    reach=0.64,
)
def tent(f: Frame, c: Colour, light: Light) -> None:
    """A ridge tent with an open flap."""
    f.poly([(-0.62, 0), (0, 1.0), (0.62, 0)], c)
    f.poly([(0.62, 0), (0, 1.0), (0.25, 0)], darker(c, 0.22))
    inside = (1.0, 0.82, 0.45) if light.windows_lit else darker(c, 0.6)
    f.poly([(-0.18, 0), (0, 0.7), (0.18, 0)], inside)
    f.line([(0, 1.0), (0, 1.12)], 0.025, light.on("brown"))


@motif(
    "bridge",
    settings=("river",),
    colours=("red", "gray", "brown", "white", "blue"),
    phrases=("a {c} bridge", "a {c} bridge over a river"),
    size=(0.34, 0.42),
    reach=1.2,
)
def bridge(f: Frame, c: Colour, light: Light) -> None:
    """An arched bridge from bank to bank."""
    del light
    top = [(u, 0.55 + 0.38 * math.cos(u * 1.35)) for u in (-1.15, -0.8, -0.4, 0.0, 0.4, 0.8, 1.15)]
    under = [(u, 0.18 + 0.44 * math.cos(u * 1.6)) for u in (0.95, 0.6, 0.3, 0.0, -0.3, -0.6, -0.95)]
    f.poly([*top, (1.15, 0), (0.95, 0), *under, (-0.95, 0), (-1.15, 0)], c)
    f.line([(u, v + 0.2) for u, v in top], 0.045, darker(c, 0.3))
    for u, v in top:
        f.line([(u, v), (u, v + 0.2)], 0.035, darker(c, 0.3))
