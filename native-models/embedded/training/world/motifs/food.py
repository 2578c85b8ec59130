"""Fruit, sweets and drinks, on a table."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import Colour, darker, lighter
from .registry import motif

TABLE = ("table",)
ROUND = (0.34, 0.46)


def _sheen(f: Frame, u: float, v: float, r: float, c: Colour) -> None:
    f.oval(u + r * 0.25, v - r * 0.22, r * 0.7, r * 0.66, darker(c, 0.10))
    f.oval(u, v + r * 0.05, r * 0.78, r * 0.76, c)
    f.oval(u - r * 0.38, v + r * 0.38, r * 0.22, r * 0.17, lighter(c, 0.55))


@motif(
    "apple",
    settings=TABLE,
    colours=("red", "green", "yellow"),
    phrases=("a {c} apple", "one {c} apple"),
    plural="{c} apples",
    size=ROUND,
    weight=1.2,
)
def apple(f: Frame, c: Colour, light: Light) -> None:
    """An apple with stalk and leaf."""
    for side in (-1, 1):
        f.oval(side * 0.17, 0.4, 0.32, 0.4, darker(c, 0.18))
    _sheen(f, 0, 0.4, 0.46, c)
    f.line([(0, 0.76), (0.05, 0.98)], 0.045, light.on("brown"))
    f.oval(0.19, 0.92, 0.15, 0.065, light.on("green"), turn=0.4)


@motif(
    "orange", settings=TABLE, phrases=("an orange", "one orange"), plural="oranges", size=ROUND, weight=0.9
)
def orange(f: Frame, c: Colour, light: Light) -> None:
    """A round orange with its navel."""
    del c
    skin = light.on("orange")
    f.oval(0, 0.47, 0.48, 0.47, darker(skin, 0.16))
    _sheen(f, 0, 0.48, 0.46, skin)
    f.oval(0.04, 0.86, 0.05, 0.03, light.on("green"))


@motif(
    "pear",
    settings=TABLE,
    colours=("green", "yellow"),
    phrases=("a {c} pear",),
    plural="{c} pears",
    size=(0.42, 0.54),
)
def pear(f: Frame, c: Colour, light: Light) -> None:
    """A pear with its stalk."""
    for tone, share in ((darker(c, 0.16), 1.0), (c, 0.9)):
        f.oval(0, 0.3, 0.34 * share, 0.3 * share, tone)
        f.poly([(-0.29 * share, 0.4), (0.29 * share, 0.4), (0.14 * share, 0.74), (-0.14 * share, 0.74)], tone)
        f.oval(0, 0.7, 0.17 * share, 0.17 * share, tone)
    f.oval(-0.13, 0.36, 0.06, 0.1, lighter(c, 0.5))
    f.line([(0, 0.84), (0.05, 1.0)], 0.04, light.on("brown"))


@motif(
    "lemon",
    settings=TABLE,
    phrases=("a lemon", "a yellow lemon"),
    plural="lemons",
    size=(0.3, 0.4),
    reach=0.78,
    weight=0.8,
)
def lemon(f: Frame, c: Colour, light: Light) -> None:
    """A lemon lying on its side."""
    del c
    skin = light.on((0.98, 0.88, 0.22))
    f.oval(0.66, 0.48, 0.14, 0.1, darker(skin, 0.12))
    f.oval(-0.66, 0.48, 0.1, 0.09, skin)
    f.oval(0, 0.47, 0.66, 0.47, darker(skin, 0.14))
    f.oval(-0.03, 0.51, 0.6, 0.41, skin)
    f.oval(-0.25, 0.68, 0.15, 0.08, lighter(skin, 0.5))


@motif(
    "banana",
    settings=TABLE,
    phrases=("a banana", "a yellow banana"),
    plural="bananas",
    size=(0.36, 0.46),
    reach=0.9,
    weight=0.9,
)
def banana(f: Frame, c: Colour, light: Light) -> None:
    """A curved banana."""
    del c
    skin = light.on((0.98, 0.84, 0.22))
    outer = [(math.cos(a) * 0.85, 0.95 + math.sin(a) * 0.9) for a in [3.5 + k * 0.17 for k in range(15)]]
    inner = [(math.cos(a) * 0.72, 1.12 + math.sin(a) * 0.68) for a in [3.5 + k * 0.17 for k in range(15)]]
    f.poly([*outer, *reversed(inner)], skin)
    f.line([(x * 0.96, y + 0.06) for x, y in outer[1:-1]], 0.03, darker(skin, 0.25))
    for u, v in (outer[0], outer[-1]):
        f.oval(u, v + 0.05, 0.07, 0.08, light.on((0.35, 0.25, 0.12)))


@motif(
    "grapes",
    settings=TABLE,
    colours=("purple", "green", "red"),
    phrases=("{c} grapes", "a bunch of {c} grapes"),
    size=(0.46, 0.58),
    weight=0.9,
)
def grapes(f: Frame, c: Colour, light: Light) -> None:
    """A bunch, point down."""
    for row in range(5):
        for k in range(5 - row):
            u, v = (k - (4 - row) / 2) * 0.19, 0.74 - row * 0.155
            tone = darker(c, 0.06 * ((row + k) % 3))
            f.oval(u, v, 0.115, 0.115, darker(tone, 0.18))
            f.oval(u - 0.01, v + 0.01, 0.095, 0.095, tone)
            f.oval(u - 0.035, v + 0.04, 0.025, 0.025, lighter(c, 0.6))
    f.line([(0, 0.8), (0.03, 1.0)], 0.035, light.on("brown"))
    f.oval(0.15, 0.92, 0.15, 0.08, light.on("green"), turn=0.3)


@motif(
    "cherries",
    settings=TABLE,
    colours=("red", "black"),
    phrases=("two {c} cherries", "{c} cherries"),
    size=(0.42, 0.52),
    weight=0.8,
)
def cherries(f: Frame, c: Colour, light: Light) -> None:
    """A pair on joined stalks."""
    green = light.on("green")
    for u in (-0.28, 0.26):
        f.line([(u, 0.42), (u * 0.6, 0.74), (0.02, 0.98)], 0.035, green)
        f.oval(u, 0.24, 0.25, 0.24, darker(c, 0.2))
        _sheen(f, u, 0.25, 0.23, c)
    f.oval(0.2, 0.95, 0.2, 0.075, green, turn=-0.2)


@motif(
    "cake",
    settings=TABLE,
    colours=("pink", "white", "brown", "yellow", "blue"),
    phrases=("a {c} cake", "a birthday cake with {c} icing"),
    size=(0.44, 0.56),
    reach=0.68,
)
def cake(f: Frame, c: Colour, light: Light) -> None:
    """A two-tier cake with icing and candles."""
    sponge = light.on((0.86, 0.66, 0.42))
    f.oval(0, 0.04, 0.68, 0.06, light.on("white"))
    for half, low, high in ((0.55, 0.06, 0.4), (0.36, 0.42, 0.7)):
        f.box(-half, low, half, high, sponge)
        f.box(-half, high - 0.14, half, high, c)
        for k in range(5):
            u = -half * 0.8 + k * half * 0.4
            f.oval(u, high - 0.15, half * 0.2, 0.07, c)
    for u in (-0.2, 0.0, 0.2):
        f.box(u - 0.02, 0.7, u + 0.02, 0.87, light.on("red"))
        f.oval(u, 0.93, 0.03, 0.06, (1.0, 0.82, 0.3))


@motif(
    "ice cream",
    settings=("table", "plain"),
    colours=("pink", "white", "brown", "green", "yellow"),
    phrases=("a {c} ice cream", "a cone of {c} ice cream"),
    size=(0.58, 0.72),
)
def ice_cream(f: Frame, c: Colour, light: Light) -> None:
    """Two scoops in a cone."""
    cone = light.on((0.88, 0.64, 0.32))
    f.poly([(-0.2, 0.52), (0.2, 0.52), (0, 0)], cone)
    for k in range(3):
        f.line([(-0.16 + 0.1 * k, 0.5), (0.0 + 0.05 * k, 0.14 + 0.12 * k)], 0.015, darker(cone, 0.3))
    f.oval(0, 0.6, 0.23, 0.17, darker(c, 0.1))
    f.oval(0, 0.8, 0.19, 0.16, c)
    f.oval(-0.07, 0.86, 0.05, 0.04, lighter(c, 0.6))
    f.oval(0.05, 0.97, 0.045, 0.045, light.on("red"))


@motif(
    "bowl",
    settings=TABLE,
    colours=("orange", "red", "green", "yellow", "purple"),
    phrases=("a bowl of {c} fruit", "a fruit bowl with {c} fruit"),
    size=(0.44, 0.54),
    reach=0.68,
)
def bowl(f: Frame, c: Colour, light: Light) -> None:
    """A bowl heaped with round fruit of one colour."""
    glaze = light.on(str(light.random.choice(["white", "blue", "teal", "brown"])))
    for u, v in ((-0.16, 0.82), (0.17, 0.82), (-0.34, 0.6), (0.0, 0.62), (0.34, 0.6)):
        f.oval(u, v, 0.19, 0.18, darker(c, 0.18))
        _sheen(f, u, v, 0.18, c)
    f.half_disc(0, 0.52, 0.66, 0.48, glaze, up=False)
    f.box(-0.2, 0, 0.2, 0.07, darker(glaze, 0.2))
    f.line([(-0.62, 0.5), (0.62, 0.5)], 0.04, lighter(glaze, 0.35))


@motif(
    "cup",
    settings=TABLE,
    colours=("white", "red", "blue", "green", "yellow", "pink", "black"),
    phrases=("a {c} cup", "a {c} cup of coffee", "a {c} mug"),
    plural="{c} cups",
    size=(0.4, 0.5),
)
def cup(f: Frame, c: Colour, light: Light) -> None:
    """A steaming cup with a handle."""
    f.oval(0, 0.03, 0.55, 0.06, lighter(light.on("gray"), 0.4))
    f.arc(0.36, 0.36, 0.2, -1.4, 1.5, 0.075, c)
    f.poly([(-0.38, 0.66), (0.38, 0.66), (0.27, 0.04), (-0.27, 0.04)], c)
    f.poly(
        [(0.16, 0.66), (0.38, 0.66), (0.27, 0.04), (0.12, 0.04)],
        darker(c, 0.15) if sum(c) > 0.6 else lighter(c, 0.15),
    )
    f.oval(0, 0.66, 0.38, 0.08, lighter(c, 0.25))
    f.oval(0, 0.655, 0.32, 0.055, light.on((0.35, 0.2, 0.1)))
    for u in (-0.12, 0.1):
        f.line([(u, 0.76), (u + 0.05, 0.85), (u - 0.02, 0.93), (u + 0.03, 1.02)], 0.03, (0.96, 0.96, 0.96))
