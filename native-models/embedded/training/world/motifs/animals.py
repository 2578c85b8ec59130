"""Animals in simple, stylised form, side on or facing the viewer."""

from __future__ import annotations

import math

from ..canvas import Frame
from ..light import Light
from ..palette import FUR, VIVID, Colour, darker, lighter
from .registry import motif

OUT = ("land", "plain")
HOME = ("land", "room", "plain")
INK: Colour = (0.07, 0.07, 0.09)


def eye(f: Frame, u: float, v: float, r: float, white: bool = False) -> None:
    """A dark eye with a glint; ``white`` puts a white ball behind it, for dark faces."""
    if white:
        f.oval(u, v, r * 1.7, r * 1.7, (0.98, 0.98, 0.92))
    f.oval(u, v, r, r, INK)
    f.oval(u + r * 0.3, v + r * 0.35, r * 0.35, r * 0.35, (1, 1, 1))


@motif(
    "cat",
    settings=HOME,
    colours=FUR,
    phrases=("a {c} cat", "a {c} cat sitting"),
    plural="{c} cats",
    size=(0.64, 0.8),
    weight=1.2,
)
def cat(f: Frame, c: Colour, light: Light) -> None:
    """A sitting cat from the front, tail to the side."""
    dark = darker(c, 0.18) if sum(c) > 0.8 else lighter(c, 0.12)
    f.line([(0.2, 0.07), (0.42, 0.07), (0.48, 0.24), (0.42, 0.38)], 0.08, c)
    f.oval(0, 0.28, 0.25, 0.29, c)
    for side in (-1, 1):
        f.oval(side * 0.13, 0.04, 0.10, 0.055, dark)
        f.poly([(side * 0.19, 0.70), (side * 0.18, 0.98), (side * 0.03, 0.82)], c)
        f.poly([(side * 0.155, 0.76), (side * 0.155, 0.90), (side * 0.08, 0.82)], light.on((0.92, 0.6, 0.6)))
    f.oval(0, 0.67, 0.20, 0.175, c)
    for side in (-1, 1):
        f.oval(side * 0.08, 0.69, 0.042, 0.046, light.on((0.85, 0.85, 0.25)))
        f.oval(side * 0.08, 0.69, 0.015, 0.04, INK)
        for lift in (0.0, 0.04):
            f.line([(side * 0.05, 0.59), (side * 0.26, 0.58 + lift)], 0.008, dark)
    f.poly([(-0.025, 0.63), (0.025, 0.63), (0, 0.60)], light.on((0.90, 0.45, 0.48)))


@motif(
    "dog",
    settings=HOME,
    colours=FUR,
    phrases=("a {c} dog", "a {c} dog standing"),
    plural="{c} dogs",
    size=(0.52, 0.66),
    reach=0.78,
)
def dog(f: Frame, c: Colour, light: Light) -> None:
    """A standing dog from the side, ears hanging."""
    dark = darker(c, 0.25) if sum(c) > 0.8 else lighter(c, 0.15)
    f.line([(-0.42, 0.52), (-0.55, 0.62), (-0.58, 0.8)], 0.07, c)
    for u in (-0.36, -0.22, 0.16, 0.3):
        f.box(u - 0.05, 0, u + 0.05, 0.35, dark if u in (-0.22, 0.16) else c)
    f.oval(-0.04, 0.45, 0.46, 0.2, c)
    f.poly([(0.2, 0.45), (0.44, 0.5), (0.52, 0.75), (0.28, 0.85)], c)
    f.oval(0.42, 0.78, 0.19, 0.17, c)
    f.oval(0.6, 0.72, 0.15, 0.085, c)
    f.oval(0.73, 0.75, 0.04, 0.035, INK if sum(c) > 0.6 else dark)
    f.oval(0.3, 0.73, 0.075, 0.17, dark, turn=0.25)
    eye(f, 0.48, 0.83, 0.026, sum(c) < 0.8)
    f.line([(0.28, 0.56), (0.5, 0.58)], 0.04, light.on("red"))


@motif(
    "rabbit",
    settings=OUT,
    colours=FUR,
    phrases=("a {c} rabbit", "a {c} bunny"),
    plural="{c} rabbits",
    size=(0.6, 0.76),
)
def rabbit(f: Frame, c: Colour, light: Light) -> None:
    """A sitting rabbit from the front with long ears."""
    pink = light.on((0.94, 0.66, 0.68))
    f.oval(0, 0.22, 0.26, 0.23, c)
    f.oval(0.25, 0.12, 0.09, 0.09, lighter(c, 0.35))
    for side in (-1, 1):
        f.oval(side * 0.10, 0.80, 0.065, 0.2, c, turn=-side * 0.15)
        f.oval(side * 0.10, 0.80, 0.03, 0.15, pink, turn=-side * 0.15)
        f.oval(side * 0.14, 0.04, 0.12, 0.055, lighter(c, 0.2))
    f.oval(0, 0.53, 0.19, 0.165, c)
    for side in (-1, 1):
        eye(f, side * 0.08, 0.56, 0.026, sum(c) < 0.8)
    f.oval(0, 0.49, 0.025, 0.02, pink)
    f.box(-0.02, 0.42, 0.02, 0.46, (0.98, 0.98, 0.95))


@motif(
    "bird",
    settings=("branch", "plain"),
    colours=(*VIVID, "black", "white"),
    phrases=("a {c} bird", "a {c} bird on a branch"),
    plural="{c} birds",
    size=(0.42, 0.56),
    reach=0.8,
)
def bird(f: Frame, c: Colour, light: Light) -> None:
    """A small round bird from the side."""
    dark = darker(c, 0.28) if sum(c) > 0.6 else lighter(c, 0.2)
    for u in (-0.05, 0.08):
        f.line([(u, 0), (u, 0.2)], 0.025, light.on((0.75, 0.5, 0.2)))
    f.poly([(-0.3, 0.42), (-0.78, 0.2), (-0.7, 0.38), (-0.3, 0.58)], dark)
    f.oval(0, 0.46, 0.38, 0.3, c, turn=0.25)
    f.oval(0.28, 0.76, 0.2, 0.19, c)
    f.oval(0.12, 0.38, 0.22, 0.18, lighter(c, 0.4))
    f.oval(-0.14, 0.48, 0.25, 0.14, dark, turn=0.35)
    f.poly([(0.45, 0.82), (0.66, 0.74), (0.45, 0.69)], light.on((0.95, 0.65, 0.15)))
    eye(f, 0.33, 0.8, 0.032, sum(c) < 0.8)


@motif(
    "owl",
    settings=("branch", "plain"),
    colours=("brown", "white", "gray", "orange", "purple"),
    phrases=("a {c} owl", "a {c} owl on a branch"),
    plural="{c} owls",
    size=(0.52, 0.66),
)
def owl(f: Frame, c: Colour, light: Light) -> None:
    """An owl from the front: huge eyes, tufts, speckled chest."""
    pale, dark = lighter(c, 0.45), darker(c, 0.25)
    f.oval(0, 0.42, 0.34, 0.42, c)
    f.oval(0, 0.32, 0.22, 0.27, pale)
    for side in (-1, 1):
        f.oval(side * 0.31, 0.4, 0.1, 0.28, dark, turn=side * 0.12)
        f.poly([(side * 0.32, 0.78), (side * 0.3, 1.0), (side * 0.08, 0.86)], dark)
        f.oval(side * 0.15, 0.7, 0.14, 0.14, (0.98, 0.96, 0.88))
        f.oval(side * 0.15, 0.7, 0.095, 0.095, light.on((0.95, 0.72, 0.12)))
        f.oval(side * 0.15, 0.7, 0.05, 0.05, INK)
        f.box(side * 0.11 - 0.05, 0, side * 0.11 + 0.05, 0.05, light.on((0.9, 0.65, 0.2)))
    f.poly([(-0.045, 0.63), (0.045, 0.63), (0, 0.53)], light.on((0.9, 0.6, 0.15)))
    for v in (0.2, 0.3, 0.4):
        for u in (-0.1, 0.0, 0.1):
            f.oval(u, v, 0.025, 0.018, dark)


@motif(
    "duck",
    settings=("pond",),
    colours=("yellow", "white", "brown", "green", "blue"),
    phrases=("a {c} duck", "a {c} duck on the water"),
    plural="{c} ducks",
    size=(0.42, 0.54),
    reach=0.8,
)
def duck(f: Frame, c: Colour, light: Light) -> None:
    """A swimming duck from the side."""
    f.poly([(-0.5, 0.25), (-0.75, 0.5), (-0.4, 0.45)], c)
    f.oval(-0.05, 0.22, 0.55, 0.25, c)
    f.poly([(0.18, 0.3), (0.48, 0.25), (0.5, 0.8), (0.25, 0.8)], c)
    f.oval(0.38, 0.8, 0.2, 0.18, c)
    f.oval(-0.12, 0.28, 0.3, 0.14, darker(c, 0.18), turn=0.1)
    f.poly([(0.52, 0.84), (0.8, 0.74), (0.52, 0.7)], light.on((0.96, 0.55, 0.1)))
    eye(f, 0.43, 0.85, 0.03)
    f.line([(-0.7, 0), (0.7, 0)], 0.03, lighter(light.horizon, 0.3), 0.7)


@motif(
    "fish",
    settings=("underwater",),
    colours=("orange", "red", "yellow", "purple", "pink", "white", "green"),
    phrases=("a {c} fish", "a {c} fish swimming"),
    plural="{c} fish",
    size=(0.32, 0.46),
    reach=0.98,
)
def fish(f: Frame, c: Colour, light: Light) -> None:
    """A fish from the side with fins and stripes."""
    dark = darker(c, 0.25)
    f.poly([(-0.5, 0.5), (-0.95, 0.9), (-0.82, 0.5), (-0.95, 0.1)], dark)
    f.poly([(-0.2, 0.8), (0.1, 1.1), (0.25, 0.8)], dark)
    f.poly([(-0.1, 0.2), (0.05, -0.06), (0.2, 0.2)], dark)
    f.oval(0.05, 0.5, 0.64, 0.36, c)
    for u in (-0.2, 0.08):
        f.line([(u, 0.22), (u + 0.05, 0.5), (u, 0.78)], 0.06, lighter(c, 0.6))
    eye(f, 0.42, 0.58, 0.055, True)
    f.line([(0.5, 0.4), (0.62, 0.42)], 0.025, dark)


@motif(
    "whale",
    settings=("open sea",),
    colours=("blue", "gray", "black", "teal"),
    phrases=("a {c} whale", "a {c} whale in the sea"),
    size=(0.36, 0.46),
    reach=1.25,
)
def whale(f: Frame, c: Colour, light: Light) -> None:
    """A whale at the surface with its spout."""
    f.poly([(-0.7, 0.35), (-1.0, 0.85), (-1.25, 0.95), (-1.08, 0.72), (-0.82, 0.9), (-0.6, 0.6)], c)
    f.half_disc(0.1, 0.02, 0.95, 0.78, c)
    f.poly([(-0.8, 0.02), (1.0, 0.02), (0.95, 0.25), (0.1, 0.2)], lighter(c, 0.55))
    eye(f, 0.7, 0.34, 0.045, True)
    spout = lighter(light.horizon, 0.65)
    for lean in (-0.28, 0.0, 0.28):
        f.line([(0.3, 0.8), (0.3 + lean * 0.5, 1.05), (0.3 + lean, 1.0 + 0.1 * (lean == 0))], 0.05, spout)


@motif(
    "butterfly",
    settings=("meadow air", "plain"),
    colours=VIVID,
    phrases=("a {c} butterfly",),
    plural="{c} butterflies",
    size=(0.5, 0.64),
    reach=0.68,
    lifted=True,
)
def butterfly(f: Frame, c: Colour, light: Light) -> None:
    """Spread wings with spots, from above."""
    del light
    for side in (-1, 1):
        f.oval(side * 0.34, 0.68, 0.36, 0.27, c, turn=side * 0.6)
        f.oval(side * 0.26, 0.28, 0.26, 0.22, darker(c, 0.15), turn=-side * 0.6)
        f.oval(side * 0.42, 0.72, 0.12, 0.09, lighter(c, 0.65))
        f.oval(side * 0.3, 0.28, 0.08, 0.07, lighter(c, 0.65))
        f.line([(0, 0.85), (side * 0.14, 1.02)], 0.02, INK)
    f.oval(0, 0.5, 0.05, 0.36, INK)


@motif(
    "turtle",
    settings=("land", "beach"),
    colours=("green", "brown", "teal", "purple"),
    phrases=("a {c} turtle", "a {c} tortoise"),
    plural="{c} turtles",
    size=(0.36, 0.46),
    reach=1.2,
)
def turtle(f: Frame, c: Colour, light: Light) -> None:
    """A tortoise from the side."""
    skin = light.on((0.62, 0.70, 0.36))
    for u in (-0.48, 0.48):
        f.box(u - 0.13, 0, u + 0.13, 0.3, darker(skin, 0.1))
    f.poly([(0.5, 0.2), (0.95, 0.45), (0.9, 0.7), (0.5, 0.45)], skin)
    f.oval(0.98, 0.64, 0.21, 0.18, skin)
    f.poly([(-0.7, 0.25), (-1.0, 0.15), (-0.7, 0.4)], skin)
    f.half_disc(0, 0.22, 0.8, 0.75, c)
    f.box(-0.82, 0.2, 0.82, 0.3, darker(c, 0.3))
    for u, v, r in ((-0.4, 0.5, 0.15), (0, 0.62, 0.18), (0.4, 0.5, 0.15)):
        f.oval(u, v, r, r * 0.85, darker(c, 0.22))
    eye(f, 1.04, 0.7, 0.045)


@motif(
    "snail",
    settings=("land", "plain"),
    colours=("orange", "brown", "pink", "purple", "yellow"),
    phrases=("a {c} snail", "a snail with a {c} shell"),
    plural="{c} snails",
    size=(0.4, 0.52),
    reach=0.92,
)
def snail(f: Frame, c: Colour, light: Light) -> None:
    """A snail with a coiled shell."""
    body = light.on((0.84, 0.74, 0.55))
    f.poly([(-0.7, 0), (0.7, 0), (0.82, 0.3), (0.6, 0.55), (0.45, 0.2), (-0.3, 0.16)], body)
    f.oval(0.72, 0.5, 0.17, 0.16, body)
    for u in (0.7, 0.85):
        f.line([(u - 0.02, 0.6), (u + 0.05, 0.9)], 0.035, body)
        f.oval(u + 0.05, 0.92, 0.045, 0.045, INK)
    f.oval(-0.05, 0.52, 0.48, 0.46, c)
    coil = [
        (-0.05 + (0.40 - 0.028 * k) * math.cos(k * 0.5), 0.52 + (0.38 - 0.027 * k) * math.sin(k * 0.5))
        for k in range(14)
    ]
    f.line(coil, 0.05, darker(c, 0.35))


@motif(
    "elephant",
    settings=("land", "desert"),
    colours=("gray", "blue", "pink"),
    phrases=("a {c} elephant",),
    size=(0.56, 0.7),
    reach=0.86,
)
def elephant(f: Frame, c: Colour, light: Light) -> None:
    """An elephant from the side."""
    dark = darker(c, 0.15)
    for u in (-0.36, -0.16, 0.1, 0.28):
        f.box(u - 0.085, 0, u + 0.085, 0.4, dark if u in (-0.16, 0.1) else c)
    f.oval(-0.06, 0.58, 0.46, 0.34, c)
    f.line([(0.6, 0.66), (0.74, 0.5), (0.76, 0.25), (0.84, 0.14)], 0.11, c)
    f.oval(0.46, 0.72, 0.23, 0.24, c)
    f.oval(0.3, 0.7, 0.17, 0.25, dark)
    f.line([(0.56, 0.55), (0.68, 0.46)], 0.045, (0.97, 0.95, 0.86))
    f.line([(-0.5, 0.65), (-0.6, 0.4)], 0.03, dark)
    eye(f, 0.56, 0.78, 0.026)
    del light


@motif(
    "bear",
    settings=OUT,
    colours=("brown", "black", "white"),
    phrases=("a {c} bear",),
    plural="{c} bears",
    size=(0.62, 0.78),
)
def bear(f: Frame, c: Colour, light: Light) -> None:
    """A sitting bear from the front with round ears and a pale muzzle."""
    pale = lighter(c, 0.4) if sum(c) < 2.4 else darker(c, 0.1)
    dark = darker(c, 0.25) if sum(c) > 0.8 else lighter(c, 0.12)
    f.oval(0, 0.3, 0.34, 0.32, c)
    f.oval(0, 0.27, 0.2, 0.2, pale)
    for side in (-1, 1):
        f.oval(side * 0.26, 0.06, 0.14, 0.1, dark)
        f.oval(side * 0.34, 0.38, 0.09, 0.2, dark, turn=side * 0.4)
        f.oval(side * 0.2, 0.92, 0.09, 0.085, c)
        f.oval(side * 0.2, 0.92, 0.045, 0.04, pale)
    f.oval(0, 0.75, 0.26, 0.22, c)
    f.oval(0, 0.69, 0.11, 0.085, pale)
    f.oval(0, 0.725, 0.04, 0.03, INK)
    for side in (-1, 1):
        eye(f, side * 0.11, 0.79, 0.026, sum(c) < 0.8)
    del light


@motif(
    "penguin",
    settings=("land", "plain"),
    phrases=("a penguin", "a black and white penguin"),
    plural="penguins",
    size=(0.6, 0.76),
    weight=0.8,
)
def penguin(f: Frame, c: Colour, light: Light) -> None:
    """A standing penguin from the front."""
    del c
    coat, orange = light.on("black"), light.on("orange")
    for side in (-1, 1):
        f.oval(side * 0.12, 0.03, 0.11, 0.04, orange)
        f.oval(side * 0.29, 0.42, 0.06, 0.24, coat, turn=side * 0.2)
    f.oval(0, 0.42, 0.28, 0.41, coat)
    f.oval(0, 0.82, 0.19, 0.17, coat)
    f.oval(0, 0.38, 0.19, 0.33, light.on("white"))
    for side in (-1, 1):
        f.oval(side * 0.075, 0.83, 0.075, 0.085, light.on("white"))
        f.oval(side * 0.07, 0.85, 0.025, 0.025, INK)
    f.poly([(-0.06, 0.79), (0.06, 0.79), (0, 0.70)], orange)


@motif(
    "sheep",
    settings=("land",),
    colours=("white", "black", "pink"),
    phrases=("a {c} sheep",),
    plural="{c} sheep",
    size=(0.46, 0.6),
    reach=0.68,
)
def sheep(f: Frame, c: Colour, light: Light) -> None:
    """A woolly sheep from the side."""
    face = light.on("black") if sum(c) > 1.0 else light.on((0.8, 0.74, 0.68))
    for u in (-0.3, -0.12, 0.12, 0.3):
        f.box(u - 0.04, 0, u + 0.04, 0.3, face)
    for k in range(12):
        angle = k * math.pi / 6
        f.oval(math.cos(angle) * 0.36, 0.5 + math.sin(angle) * 0.2, 0.17, 0.16, darker(c, 0.06 * (k % 2)))
    f.oval(0, 0.5, 0.4, 0.26, c)
    f.oval(0.54, 0.66, 0.13, 0.18, face, turn=-0.3)
    f.oval(0.46, 0.82, 0.14, 0.1, c)
    f.oval(0.38, 0.7, 0.1, 0.045, face, turn=0.4)
    eye(f, 0.56, 0.72, 0.022, True)
