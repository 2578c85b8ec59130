"""Colours by name, and arithmetic on them. A colour is three floats in 0..1, encoded sRGB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Colour = tuple[float, float, float]

NAMED: dict[str, Colour] = {
    "red": (0.84, 0.15, 0.13),
    "orange": (0.96, 0.52, 0.10),
    "yellow": (0.98, 0.83, 0.20),
    "green": (0.27, 0.62, 0.24),
    "blue": (0.16, 0.38, 0.80),
    "purple": (0.50, 0.24, 0.68),
    "pink": (0.96, 0.55, 0.70),
    "white": (0.96, 0.96, 0.93),
    "black": (0.10, 0.10, 0.12),
    "brown": (0.50, 0.31, 0.17),
    "gray": (0.55, 0.57, 0.60),
    "teal": (0.12, 0.60, 0.60),
}
COLOURS = tuple(NAMED)
VIVID = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "teal")
FUR = ("black", "white", "gray", "brown", "orange")

PALETTES: dict[str, tuple[str, ...]] = {
    "warm": ("red", "orange", "yellow", "pink", "brown"),
    "cool": ("blue", "teal", "purple", "green", "white"),
    "pastel": ("pink", "blue", "yellow", "green", "purple"),
    "bright": ("red", "yellow", "blue", "green", "orange", "pink"),
    "dark": ("black", "purple", "blue", "brown", "teal"),
}


def mix(a: Sequence[float], b: Sequence[float], amount: float) -> Colour:
    """``a`` at amount 0, ``b`` at amount 1."""
    keep = 1.0 - amount
    return (a[0] * keep + b[0] * amount, a[1] * keep + b[1] * amount, a[2] * keep + b[2] * amount)


def lighter(colour: Sequence[float], amount: float) -> Colour:
    """Towards white."""
    return mix(colour, (1.0, 1.0, 1.0), amount)


def darker(colour: Sequence[float], amount: float) -> Colour:
    """Towards black."""
    return mix(colour, (0.0, 0.0, 0.0), amount)


def lit_by(colour: Sequence[float], light: Sequence[float]) -> Colour:
    """A surface colour under coloured light."""
    return (colour[0] * light[0], colour[1] * light[1], colour[2] * light[2])


def jitter(random: np.random.Generator, colour: Sequence[float], spread: float) -> Colour:
    """Each channel moved by up to ``spread``, kept in 0..1."""
    moved = np.clip(np.asarray(colour) + random.uniform(-spread, spread, 3), 0.0, 1.0)
    return (float(moved[0]), float(moved[1]), float(moved[2]))
