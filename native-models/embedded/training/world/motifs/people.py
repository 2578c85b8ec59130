"""People and figures like people, in simple form."""

from __future__ import annotations

from ..canvas import Frame
from ..light import Light
from ..palette import NAMED, VIVID, Colour, darker, lighter
from .animals import INK, eye
from .registry import motif

WEAR = (*VIVID, "white", "black")
SKIN: tuple[Colour, ...] = ((0.96, 0.80, 0.68), (0.87, 0.66, 0.50), (0.62, 0.42, 0.29), (0.42, 0.27, 0.19))
HAIR: tuple[Colour, ...] = (
    (0.15, 0.11, 0.09),
    (0.42, 0.26, 0.13),
    (0.90, 0.74, 0.35),
    (0.62, 0.24, 0.12),
    (0.70, 0.70, 0.70),
)


def _skin_and_hair(light: Light) -> tuple[Colour, Colour]:
    random = light.random
    return light.on(SKIN[int(random.integers(len(SKIN)))]), light.on(HAIR[int(random.integers(len(HAIR)))])


def _face(f: Frame, v: float, r: float, skin: Colour) -> None:
    f.oval(0, v, r, r * 1.1, skin)
    for side in (-1, 1):
        f.oval(side * r * 0.4, v + r * 0.1, r * 0.12, r * 0.14, INK)
    f.arc(0, v - r * 0.2, r * 0.35, 3.5, 5.9, r * 0.12, darker(skin, 0.45))


@motif(
    "woman",
    settings=("land", "room", "plain", "beach"),
    colours=WEAR,
    phrases=("a woman in a {c} dress", "a lady in a {c} dress", "a girl in a {c} dress"),
    size=(0.7, 0.84),
    weight=1.2,
)
def woman(f: Frame, c: Colour, light: Light) -> None:
    """A woman facing the viewer in a long dress."""
    skin, hair = _skin_and_hair(light)
    f.oval(0, 0.8, 0.155, 0.17, hair)
    f.box(-0.155, 0.6, 0.155, 0.8, hair)
    for side in (-1, 1):
        f.line([(side * 0.09, 0.6), (side * 0.2, 0.45), (side * 0.22, 0.32)], 0.05, skin)
        f.box(side * 0.07 - 0.03, 0, side * 0.07 + 0.03, 0.12, skin)
    f.box(-0.04, 0.6, 0.04, 0.7, skin)
    f.poly([(-0.11, 0.63), (0.11, 0.63), (0.08, 0.42), (0.27, 0.08), (-0.27, 0.08), (-0.08, 0.42)], c)
    f.box(-0.085, 0.4, 0.085, 0.44, darker(c, 0.3))
    _face(f, 0.79, 0.105, skin)
    f.half_disc(0, 0.82, 0.125, 0.12, hair)


@motif(
    "man",
    settings=("land", "room", "plain"),
    colours=WEAR,
    phrases=("a man in a {c} coat", "a man with a {c} coat", "a boy in a {c} coat"),
    size=(0.7, 0.84),
    weight=1.2,
)
def man(f: Frame, c: Colour, light: Light) -> None:
    """A man facing the viewer in a coat and trousers."""
    skin, hair = _skin_and_hair(light)
    trousers = light.on((0.22, 0.24, 0.32))
    for side in (-1, 1):
        f.box(side * 0.08 - 0.06, 0.03, side * 0.08 + 0.06, 0.34, trousers)
        f.oval(side * 0.1, 0.025, 0.09, 0.03, INK)
        f.line([(side * 0.15, 0.6), (side * 0.23, 0.44), (side * 0.22, 0.32)], 0.075, darker(c, 0.12))
        f.oval(side * 0.22, 0.29, 0.035, 0.04, skin)
    f.poly([(-0.17, 0.65), (0.17, 0.65), (0.19, 0.25), (-0.19, 0.25)], c)
    f.line([(0, 0.26), (0, 0.64)], 0.015, darker(c, 0.4))
    for v in (0.35, 0.45, 0.55):
        f.oval(0.03, v, 0.014, 0.014, lighter(c, 0.6))
    f.box(-0.04, 0.62, 0.04, 0.7, skin)
    _face(f, 0.8, 0.105, skin)
    f.half_disc(0, 0.82, 0.12, 0.125, hair)


@motif(
    "child",
    settings=("land", "beach"),
    colours=VIVID,
    phrases=("a child with a {c} kite", "a {c} kite and a child"),
    size=(0.78, 0.88),
)
def child(f: Frame, c: Colour, light: Light) -> None:
    """A small child holding a kite on a string."""
    skin, hair = _skin_and_hair(light)
    shirt = light.on(str(light.random.choice([name for name in ("white", "teal", "orange")])))
    for u in (-0.26, -0.17):
        f.box(u - 0.03, 0, u + 0.03, 0.14, light.on((0.25, 0.28, 0.4)))
    f.poly([(-0.31, 0.32), (-0.12, 0.32), (-0.1, 0.12), (-0.33, 0.12)], shirt)
    f.line([(-0.13, 0.29), (-0.02, 0.36)], 0.04, skin)
    f.oval(-0.215, 0.4, 0.075, 0.082, skin)
    f.half_disc(-0.215, 0.42, 0.082, 0.075, hair)
    f.line([(-0.02, 0.36), (0.1, 0.5), (0.2, 0.72)], 0.008, lighter(light.horizon, 0.4))
    f.poly([(0.2, 0.5), (0.42, 0.78), (0.28, 1.04), (0.04, 0.8)], c)
    f.poly([(0.2, 0.5), (0.42, 0.78), (0.28, 1.04)], darker(c, 0.2))
    for k, (u, v) in enumerate(((0.15, 0.43), (0.2, 0.36), (0.14, 0.29))):
        f.poly(
            [(u - 0.04, v + 0.02), (u + 0.04, v - 0.02), (u + 0.04, v + 0.02), (u - 0.04, v - 0.02)],
            darker(c, 0.1 * k),
        )


@motif(
    "snowman",
    settings=("land",),
    colours=("red", "blue", "green", "purple"),
    phrases=("a snowman", "a snowman with a {c} scarf", "a snowman with a {c} scarf"),
    size=(0.64, 0.8),
)
def snowman(f: Frame, c: Colour, light: Light) -> None:
    """Three balls of snow, hat, scarf and carrot."""
    snow = light.on((0.95, 0.97, 1.0))
    f.oval(0, 0.2, 0.26, 0.22, darker(snow, 0.1))
    f.oval(0, 0.21, 0.25, 0.21, snow)
    f.oval(0, 0.51, 0.19, 0.17, snow)
    f.oval(0, 0.75, 0.145, 0.13, snow)
    for side in (-1, 1):
        f.line([(side * 0.17, 0.53), (side * 0.38, 0.66)], 0.022, light.on("brown"))
        f.oval(side * 0.05, 0.78, 0.02, 0.02, INK)
    f.box(-0.15, 0.6, 0.15, 0.665, c)
    f.poly([(0.05, 0.62), (0.13, 0.62), (0.14, 0.42), (0.06, 0.42)], darker(c, 0.15))
    f.poly([(0, 0.76), (0.17, 0.73), (0, 0.715)], light.on("orange"))
    f.box(-0.17, 0.85, 0.17, 0.875, light.on("black"))
    f.box(-0.11, 0.87, 0.11, 1.0, light.on("black"))
    for v in (0.45, 0.55):
        f.oval(0, v, 0.02, 0.02, INK)


@motif(
    "robot",
    settings=("land", "room", "plain"),
    colours=(*VIVID, "gray", "white"),
    phrases=("a {c} robot",),
    plural="{c} robots",
    size=(0.64, 0.8),
)
def robot(f: Frame, c: Colour, light: Light) -> None:
    """A boxy robot with an aerial."""
    dark, steel = darker(c, 0.25), light.on("gray")
    for side in (-1, 1):
        f.box(side * 0.12 - 0.06, 0, side * 0.12 + 0.06, 0.22, steel)
        f.line([(side * 0.24, 0.52), (side * 0.36, 0.4), (side * 0.36, 0.26)], 0.06, steel)
        f.oval(side * 0.36, 0.23, 0.055, 0.055, dark)
    f.box(-0.24, 0.2, 0.24, 0.58, c)
    f.box(-0.15, 0.3, 0.15, 0.48, darker(c, 0.4))
    for u, name in ((-0.08, "red"), (0.0, "yellow"), (0.08, "green")):
        f.oval(u, 0.39, 0.03, 0.03, NAMED[name])
    f.box(-0.18, 0.62, 0.18, 0.88, c)
    f.box(-0.05, 0.57, 0.05, 0.63, steel)
    f.line([(0, 0.88), (0, 0.97)], 0.02, steel)
    f.oval(0, 0.98, 0.03, 0.03, NAMED["red"])
    for side in (-1, 1):
        eye(f, side * 0.08, 0.77, 0.035, True)
    f.box(-0.09, 0.66, 0.09, 0.69, dark)
