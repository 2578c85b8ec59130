"""Trees, flowers and other plants. Also used by the landscapes."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import Colour, darker, lighter
from .registry import motif

LEAVES = ("green", "orange", "red", "yellow", "pink")
PETALS = ("red", "yellow", "purple", "pink", "white", "blue", "orange")
SNOW: Colour = (0.95, 0.97, 1.0)


@motif(
    "tree",
    settings=("land",),
    colours=LEAVES,
    phrases=("a {c} tree", "a tree with {c} leaves"),
    plural="{c} trees",
    size=(0.66, 0.84),
)
def tree(f: Frame, c: Colour, light: Light) -> None:
    """A round crown on a trunk with a few branches."""
    trunk = light.on("brown")
    f.poly([(-0.06, 0), (0.06, 0), (0.035, 0.5), (-0.035, 0.5)], trunk)
    for lean in (-0.2, 0.22):
        f.line([(0, 0.36), (lean, 0.58)], 0.035, trunk)
    crown = light.on(SNOW) if light.weather == "snow" else c
    random = light.random
    for _ in range(24):
        angle, out = random.uniform(0, 2 * math.pi), random.uniform(0, 0.26)
        shade = random.uniform(-0.16, 0.16) + 0.12 * math.sin(angle)
        tone = lighter(crown, shade) if shade > 0 else darker(crown, -shade)
        r = random.uniform(0.08, 0.14)
        f.oval(math.cos(angle) * out, 0.7 + math.sin(angle) * out * 0.75, r, r * 0.9, tone)


@motif(
    "pine",
    settings=("land",),
    phrases=("a pine tree", "a fir tree"),
    plural="pine trees",
    size=(0.66, 0.86),
    weight=0.8,
)
def pine(f: Frame, c: Colour, light: Light) -> None:
    """Four tiers of a fir, with snow on them in winter."""
    del c
    green = light.on(darker((0.16, 0.45, 0.26), 0.05))
    f.box(-0.035, 0, 0.035, 0.16, light.on("brown"))
    for tier in range(4):
        foot, reach = 0.12 + 0.2 * tier, 0.3 * (1 - tier * 0.2)
        f.poly([(-reach, foot), (0, foot + 0.34), (reach, foot)], darker(green, 0.07 * (3 - tier)))
        if light.weather == "snow":
            f.poly(
                [(-reach * 0.6, foot + 0.13), (0, foot + 0.34), (reach * 0.6, foot + 0.13)], light.on(SNOW)
            )


@motif(
    "palm",
    settings=("land", "beach"),
    phrases=("a palm tree", "a palm"),
    plural="palm trees",
    size=(0.64, 0.82),
    weight=0.8,
)
def palm(f: Frame, c: Colour, light: Light) -> None:
    """A bent trunk and hanging fronds."""
    del c
    trunk, green = light.on("brown"), light.on("green")
    f.line([(0, 0), (0.05, 0.3), (0.08, 0.55), (0.1, 0.78)], 0.06, trunk)
    for k in range(9):
        angle = -0.35 + k * (math.pi + 0.7) / 8
        reach = 0.36
        tip = (0.1 + math.cos(angle) * reach, 0.78 + math.sin(angle) * reach * 0.55 - 0.1)
        middle = (0.1 + math.cos(angle) * reach * 0.55, 0.8 + math.sin(angle) * reach * 0.5)
        f.poly(
            [(0.1, 0.76), (middle[0], middle[1] + 0.03), tip, (middle[0], middle[1] - 0.05)],
            darker(green, 0.05 * (k % 3)),
        )
    for u in (0.06, 0.14):
        f.oval(u, 0.74, 0.04, 0.04, darker(trunk, 0.3))


@motif(
    "cactus",
    settings=("desert",),
    phrases=("a cactus", "a green cactus"),
    plural="cactuses",
    size=(0.52, 0.66),
    weight=0.8,
)
def cactus(f: Frame, c: Colour, light: Light) -> None:
    """A saguaro with two arms."""
    del c
    green = light.on((0.22, 0.55, 0.27))
    f.line([(0, 0.02), (0, 0.92)], 0.19, green)
    f.line([(0, 0.4), (-0.27, 0.42), (-0.27, 0.7)], 0.12, green)
    f.line([(0, 0.3), (0.27, 0.32), (0.27, 0.6)], 0.12, darker(green, 0.12))
    for u in (-0.045, 0.03):
        f.line([(u, 0.05), (u, 0.9)], 0.015, darker(green, 0.28))


def daisy(f: Frame, u: float, v: float, r: float, petal: Colour, heart: Colour, petals: int = 9) -> None:
    """A flower head seen from the front."""
    for k in range(petals):
        angle = k * 2 * math.pi / petals + 0.2
        tone = darker(petal, 0.10 * (k % 2))
        f.oval(
            u + math.cos(angle) * r * 0.62,
            v + math.sin(angle) * r * 0.62,
            r * 0.42,
            r * 0.22,
            tone,
            turn=angle,
        )
    f.oval(u, v, r * 0.32, r * 0.32, heart)


def tulip(f: Frame, u: float, v: float, r: float, petal: Colour) -> None:
    """A closed cup with three points."""
    f.oval(u, v, r * 0.6, r * 0.75, petal)
    cup = [(-0.6, 0), (-0.62, 1.0), (-0.22, 0.6), (0, 1.1), (0.22, 0.6), (0.62, 1.0), (0.6, 0)]
    f.poly([(u + a * r, v + b * r) for a, b in cup], petal)
    f.poly([(u - r * 0.1, v - r * 0.5), (u + r * 0.1, v - r * 0.5), (u, v + r)], darker(petal, 0.15))


def rose(f: Frame, u: float, v: float, r: float, petal: Colour) -> None:
    """Nested discs, light and dark in turn."""
    for k in range(5):
        tone = darker(petal, 0.16) if k % 2 else lighter(petal, 0.10)
        shift = 0.08 * r * (-1) ** k
        f.oval(u + shift, v + shift * 0.5, r * (1 - 0.19 * k), r * (0.95 - 0.19 * k), tone)


@motif(
    "flower",
    settings=("land", "plain"),
    colours=PETALS,
    phrases=("a {c} flower", "one big {c} flower"),
    size=(0.66, 0.82),
)
def flower(f: Frame, c: Colour, light: Light) -> None:
    """One big flower on a stem with two leaves."""
    green = light.on("green")
    f.line([(0, 0), (0.02, 0.35), (0, 0.68)], 0.035, green)
    f.oval(-0.14, 0.25, 0.15, 0.055, green, turn=-0.5)
    f.oval(0.15, 0.33, 0.15, 0.055, darker(green, 0.12), turn=0.5)
    daisy(f, 0, 0.72, 0.28, c, light.on((0.95, 0.75, 0.15)))


@motif(
    "tulip",
    settings=("land", "plain"),
    colours=PETALS,
    phrases=("a {c} tulip",),
    plural="{c} tulips",
    size=(0.6, 0.78),
    weight=0.8,
)
def tulip_plant(f: Frame, c: Colour, light: Light) -> None:
    """A tulip with long leaves."""
    green = light.on("green")
    f.line([(0, 0), (0, 0.6)], 0.035, green)
    f.poly([(0, 0), (-0.2, 0.45), (-0.06, 0.12)], green)
    f.poly([(0, 0), (0.19, 0.52), (0.05, 0.14)], darker(green, 0.12))
    tulip(f, 0, 0.68, 0.26, c)


@motif(
    "sunflower",
    settings=("land", "plain"),
    phrases=("a sunflower", "a yellow sunflower"),
    plural="sunflowers",
    size=(0.66, 0.84),
    weight=0.8,
)
def sunflower(f: Frame, c: Colour, light: Light) -> None:
    """A big dark heart in a double ring of petals."""
    del c
    green, gold, heart = light.on("green"), light.on("yellow"), light.on((0.36, 0.21, 0.10))
    f.line([(0, 0), (0, 0.68)], 0.045, green)
    f.oval(-0.15, 0.3, 0.17, 0.08, green, turn=-0.4)
    f.oval(0.15, 0.22, 0.17, 0.08, darker(green, 0.1), turn=0.4)
    daisy(f, 0, 0.71, 0.29, darker(gold, 0.12), heart, 16)
    daisy(f, 0, 0.71, 0.25, gold, heart, 14)
    f.oval(0, 0.71, 0.12, 0.12, heart)


@motif(
    "mushroom",
    settings=("land", "plain"),
    colours=("red", "brown", "orange", "white", "purple"),
    phrases=("a {c} mushroom", "a mushroom with a {c} cap"),
    plural="{c} mushrooms",
    size=(0.5, 0.66),
)
def mushroom(f: Frame, c: Colour, light: Light) -> None:
    """A spotted cap on a pale stalk."""
    pale = light.on((0.93, 0.88, 0.78))
    f.poly([(-0.13, 0), (0.13, 0), (0.09, 0.5), (-0.09, 0.5)], pale)
    f.oval(0, 0.46, 0.12, 0.04, darker(pale, 0.15))
    f.half_disc(0, 0.45, 0.46, 0.5, c)
    spots = lighter(c, 0.75) if sum(c) < 2.2 else darker(c, 0.25)
    for u, v, r in ((-0.22, 0.6, 0.06), (0.05, 0.78, 0.07), (0.25, 0.6, 0.055), (-0.02, 0.56, 0.045)):
        f.oval(u, v, r, r * 0.85, spots)


@motif(
    "vase",
    settings=("table",),
    colours=PETALS,
    phrases=("{c} flowers in a vase", "a vase of {c} flowers", "a bouquet of {c} flowers"),
    size=(0.7, 0.82),
    weight=1.2,
)
def vase(f: Frame, c: Colour, light: Light) -> None:
    """A bunch of flowers of one kind in a vase."""
    random = light.random
    green, glaze = light.on("green"), light.on(str(random.choice(["blue", "white", "teal", "brown"])))
    count = int(random.integers(3, 7))
    heads = [
        ((k - (count - 1) / 2) * 0.62 / count + random.uniform(-0.04, 0.04), 0.62 + random.uniform(0, 0.22))
        for k in range(count)
    ]
    for u, v in heads:
        f.line([(u * 0.2, 0.36), (u * 0.65, 0.5), (u, v)], 0.014, green)
        f.oval(u * 0.7, v - 0.16, 0.06, 0.025, green, turn=0.6)
    body = [
        (-0.09, 0.38),
        (-0.06, 0.28),
        (-0.15, 0.16),
        (-0.10, 0),
        (0.10, 0),
        (0.15, 0.16),
        (0.06, 0.28),
        (0.09, 0.38),
    ]
    f.poly(body, glaze)
    f.oval(-0.06, 0.14, 0.02, 0.07, lighter(glaze, 0.5))
    kind = int(random.integers(3))
    r = 0.15 if count < 5 else 0.13
    for u, v in heads:
        tone = darker(c, random.uniform(0, 0.1))
        if kind == 0:
            daisy(f, u, v, r, tone, light.on("yellow"))
        elif kind == 1:
            rose(f, u, v, r * 0.85, tone)
        else:
            tulip(f, u, v, r * 0.95, tone)


def flower_bed(f: Frame, colour: Colour, light: Light, kind: int) -> None:
    """One small plant of a field: kind 0 daisy, 1 tulip, 2 sunflower."""
    green = light.on("green")
    f.line([(0, -1.2), (0, 0)], 0.18, green)
    if kind == 0:
        daisy(f, 0, 0, 0.9, colour, light.on("yellow"), 8)
    elif kind == 1:
        tulip(f, 0, 0, 0.9, colour)
    else:
        daisy(f, 0, 0, 1.05, light.on("yellow"), light.on((0.36, 0.21, 0.10)), 12)
        f.oval(0, 0, 0.42, 0.42, light.on((0.36, 0.21, 0.10)))
