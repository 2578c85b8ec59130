"""Things that travel on land, water and in the air."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import VIVID, Colour, darker, lighter, mix
from .buildings import window_colour
from .registry import motif

PAINT = (*VIVID, "white", "black")


def _wheel(f: Frame, u: float, v: float, r: float, light: Light) -> None:
    f.oval(u, v, r, r, light.on((0.13, 0.13, 0.15)))
    f.oval(u, v, r * 0.45, r * 0.45, light.on("gray"))


@motif(
    "sailboat",
    settings=("sea",),
    colours=("red", "white", "yellow", "orange", "blue", "green", "purple"),
    phrases=("a {c} sailboat", "a boat with {c} sails", "a {c} sailing boat"),
    plural="{c} sailboats",
    size=(0.54, 0.7),
    weight=1.3,
)
def sailboat(f: Frame, c: Colour, light: Light) -> None:
    """A hull, a mast and two sails."""
    wood = light.on("brown")
    f.poly([(-0.46, 0.14), (0.46, 0.14), (0.32, -0.04), (-0.32, -0.04)], wood)
    f.line([(0, 0.12), (0, 1.0)], 0.028, darker(wood, 0.2))
    f.poly([(0.035, 0.97), (0.035, 0.2), (0.44, 0.2)], c)
    f.poly([(-0.035, 0.88), (-0.035, 0.2), (-0.33, 0.2)], darker(c, 0.15))
    for k in range(4):
        f.line([(-0.36, -0.08 - 0.05 * k), (0.36, -0.08 - 0.05 * k)], 0.012, mix(c, light.horizon, 0.4), 0.4)


@motif(
    "balloon",
    settings=("sky",),
    colours=("red", "yellow", "blue", "orange", "green", "pink", "purple"),
    phrases=("a {c} hot air balloon", "a {c} balloon in the sky"),
    plural="{c} hot air balloons",
    size=(0.6, 0.74),
    weight=1.2,
    lifted=True,
)
def balloon(f: Frame, c: Colour, light: Light) -> None:
    """A striped envelope and a basket."""
    for k, (share, tone) in enumerate(((1.0, 0.0), (0.62, 0.28), (0.22, 0.05))):
        f.oval(0, 0.64, 0.36 * share, 0.36, lighter(c, tone) if k else c)
    f.poly([(-0.2, 0.34), (0.2, 0.34), (0.06, 0.16), (-0.06, 0.16)], darker(c, 0.15))
    for side in (-1, 1):
        f.line([(side * 0.055, 0.17), (side * 0.05, 0.1)], 0.012, light.on("brown"))
    f.box(-0.07, 0, 0.07, 0.11, light.on("brown"))


@motif(
    "car",
    settings=("road",),
    colours=PAINT,
    phrases=("a {c} car", "a {c} car on a road"),
    plural="{c} cars",
    size=(0.34, 0.42),
    reach=1.0,
)
def car(f: Frame, c: Colour, light: Light) -> None:
    """A small car from the side."""
    f.poly(
        [
            (-0.95, 0.2),
            (-0.95, 0.5),
            (-0.6, 0.56),
            (-0.38, 0.95),
            (0.35, 0.95),
            (0.62, 0.56),
            (1.0, 0.46),
            (1.0, 0.2),
        ],
        c,
    )
    glass = window_colour(light)
    f.poly([(-0.46, 0.56), (-0.3, 0.86), (-0.04, 0.86), (-0.04, 0.56)], glass)
    f.poly([(0.04, 0.56), (0.04, 0.86), (0.3, 0.86), (0.48, 0.56)], glass)
    f.box(-0.95, 0.2, 1.0, 0.28, darker(c, 0.3))
    f.oval(0.93, 0.42, 0.06, 0.06, (1.0, 0.95, 0.7))
    for u in (-0.52, 0.56):
        _wheel(f, u, 0.19, 0.2, light)


@motif(
    "bus",
    settings=("road",),
    colours=PAINT,
    phrases=("a {c} bus", "a {c} school bus"),
    plural="{c} buses",
    size=(0.4, 0.5),
    reach=0.97,
    weight=0.8,
)
def bus(f: Frame, c: Colour, light: Light) -> None:
    """A long bus with a row of windows."""
    f.box(-0.95, 0.16, 0.95, 0.95, c)
    f.box(-0.95, 0.36, 0.95, 0.43, darker(c, 0.3))
    for k in range(5):
        f.box(-0.86 + k * 0.32, 0.52, -0.62 + k * 0.32, 0.82, window_colour(light))
    f.box(0.76, 0.18, 0.9, 0.82, darker(window_colour(light), 0.15))
    for u in (-0.55, 0.5):
        _wheel(f, u, 0.16, 0.16, light)


@motif(
    "train",
    settings=("rails",),
    colours=PAINT,
    phrases=("a {c} train", "a {c} steam train", "a {c} locomotive"),
    size=(0.44, 0.54),
    reach=0.92,
)
def train(f: Frame, c: Colour, light: Light) -> None:
    """A steam locomotive from the side with its smoke."""
    dark = darker(c, 0.35)
    f.box(-0.8, 0.26, -0.3, 0.95, c)
    f.box(-0.88, 0.92, -0.22, 1.02, dark)
    f.box(-0.68, 0.58, -0.42, 0.84, window_colour(light))
    f.box(-0.3, 0.3, 0.62, 0.68, c)
    f.oval(0.62, 0.49, 0.1, 0.19, dark)
    f.poly([(0.38, 0.66), (0.52, 0.66), (0.56, 0.98), (0.34, 0.98)], dark)
    f.poly([(0.62, 0.26), (0.9, 0.08), (0.62, 0.08)], light.on("gray"))
    for k, (u, v, r) in enumerate(((0.42, 1.1, 0.1), (0.25, 1.22, 0.14), (0.02, 1.32, 0.18))):
        f.oval(u, v, r, r * 0.8, light.on((0.85, 0.85, 0.87)), 0.9 - 0.15 * k)
    for u, r in ((-0.58, 0.17), (-0.15, 0.13), (0.2, 0.13), (0.5, 0.13)):
        _wheel(f, u, r + 0.02, r, light)
        f.oval(u, r + 0.02, r * 0.3, r * 0.3, light.on("red"))


@motif(
    "plane",
    settings=("sky",),
    colours=PAINT,
    phrases=("a {c} airplane", "a {c} plane in the sky"),
    plural="{c} airplanes",
    size=(0.32, 0.42),
    reach=1.05,
    lifted=True,
)
def plane(f: Frame, c: Colour, light: Light) -> None:
    """A plane from the side, climbing a little."""
    dark = darker(c, 0.25)
    f.poly([(-0.8, 0.5), (-1.05, 1.05), (-0.82, 1.05), (-0.5, 0.6)], dark)
    f.oval(0, 0.5, 0.95, 0.2, c, turn=0.06)
    f.poly([(0.2, 0.45), (-0.45, -0.1), (-0.2, -0.1), (0.45, 0.42)], dark)
    f.poly([(0.1, 0.62), (-0.25, 0.95), (-0.08, 0.95), (0.35, 0.62)], darker(c, 0.4))
    for k in range(5):
        f.oval(-0.4 + k * 0.2, 0.55 + 0.012 * k, 0.045, 0.05, window_colour(light))
    f.poly([(0.66, 0.66), (0.88, 0.58), (0.7, 0.55)], window_colour(light))


@motif(
    "rocket",
    settings=("sky", "plain"),
    colours=("red", "white", "blue", "gray", "orange"),
    phrases=("a {c} rocket", "a {c} rocket flying"),
    size=(0.66, 0.8),
    lifted=True,
)
def rocket(f: Frame, c: Colour, light: Light) -> None:
    """An upright rocket with fins and flame."""
    fin = light.on("red") if c[0] < 0.6 or sum(c) > 2.2 else light.on("blue")
    f.poly([(-0.09, 0.2), (0, -0.04), (0.09, 0.2)], (1.0, 0.65, 0.15))
    f.poly([(-0.05, 0.2), (0, 0.07), (0.05, 0.2)], (1.0, 0.92, 0.5))
    for side in (-1, 1):
        f.poly([(side * 0.12, 0.46), (side * 0.3, 0.16), (side * 0.12, 0.24)], fin)
    f.poly([(-0.14, 0.2), (0.14, 0.2), (0.17, 0.5), (0.12, 0.78), (0, 1.0), (-0.12, 0.78), (-0.17, 0.5)], c)
    f.poly([(0.05, 0.2), (0.14, 0.2), (0.17, 0.5), (0.12, 0.78), (0, 1.0)], darker(c, 0.15))
    f.poly([(-0.12, 0.78), (0, 1.0), (0.12, 0.78)], fin)
    f.oval(0, 0.6, 0.075, 0.075, light.on("gray"))
    f.oval(0, 0.6, 0.05, 0.05, (0.6, 0.85, 0.98))


@motif(
    "bicycle",
    settings=("road",),
    colours=VIVID,
    phrases=("a {c} bicycle", "a {c} bike"),
    plural="{c} bicycles",
    size=(0.46, 0.58),
    reach=0.82,
)
def bicycle(f: Frame, c: Colour, light: Light) -> None:
    """Two wheels and a diamond frame."""
    tyre = light.on((0.13, 0.13, 0.15))
    for u in (-0.5, 0.5):
        f.arc(u, 0.32, 0.3, 0, 2 * math.pi, 0.055, tyre)
        for k in range(4):
            a = k * math.pi / 4
            f.line(
                [
                    (u - 0.28 * math.cos(a), 0.32 - 0.28 * math.sin(a)),
                    (u + 0.28 * math.cos(a), 0.32 + 0.28 * math.sin(a)),
                ],
                0.01,
                light.on("gray"),
            )
    for line in (
        [(-0.5, 0.32), (-0.05, 0.3), (0.36, 0.72), (-0.2, 0.74), (-0.05, 0.3)],
        [(-0.5, 0.32), (-0.2, 0.74)],
        [(0.5, 0.32), (0.36, 0.72), (0.33, 0.9)],
    ):
        f.line(line, 0.055, c)
    f.line([(-0.2, 0.74), (-0.23, 0.84)], 0.035, tyre)
    f.oval(-0.24, 0.86, 0.13, 0.04, tyre)
    f.line([(0.33, 0.9), (0.45, 0.93)], 0.04, tyre)
