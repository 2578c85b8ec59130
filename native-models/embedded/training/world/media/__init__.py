"""The media: each turns a clean drawing into what it would look like made with that material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import drawn, painted, tiled

Apply = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Medium:
    """``apply`` maps (H, W, 3) float32 in 0..1 to the same. ``openings`` begin a sentence ("an oil painting of"), ``tags`` name the
    medium alone. ``chromatic`` is False where there are only greys, ``own_colours`` where a thing need not keep the colour it has, so
    that nobody is asked for what cannot be seen."""

    name: str
    apply: Apply
    openings: tuple[str, ...]
    tags: tuple[str, ...]
    chromatic: bool = True
    own_colours: bool = True


MEDIA: dict[str, Medium] = {
    medium.name: medium
    for medium in (
        Medium(
            "watercolor",
            painted.watercolor,
            ("a watercolor of", "a watercolor painting of"),
            ("watercolor", "in watercolor", "watercolor style", "watercolor painting"),
        ),
        Medium(
            "oil",
            painted.oil,
            ("an oil painting of",),
            ("oil painting", "oil on canvas", "in oil", "oil paint"),
        ),
        Medium(
            "pointillism",
            painted.pointillism,
            ("a pointillist painting of", "pointillism of"),
            ("pointillism", "made of dots", "dotted", "pointillist"),
        ),
        Medium(
            "flat",
            painted.flat,
            ("a flat illustration of", "an illustration of"),
            ("flat illustration", "flat design", "vector art", "poster"),
        ),
        Medium(
            "ink",
            drawn.ink,
            ("an ink drawing of", "a black and white ink drawing of"),
            ("ink drawing", "pen and ink", "ink sketch", "line drawing"),
            chromatic=False,
            own_colours=False,
        ),
        Medium(
            "charcoal",
            drawn.charcoal,
            ("a charcoal drawing of", "a charcoal sketch of"),
            ("charcoal drawing", "charcoal", "in charcoal", "charcoal on paper"),
            chromatic=False,
            own_colours=False,
        ),
        Medium(
            "pencil",
            drawn.pencil,
            ("a colored pencil drawing of", "a pencil drawing of"),
            ("colored pencil", "pencil drawing", "in colored pencil", "crayon"),
        ),
        Medium(
            "woodcut",
            drawn.woodcut,
            ("a woodcut of", "a woodcut print of"),
            ("woodcut", "woodcut print", "linocut", "block print"),
            own_colours=False,  # six to eight inks for the whole picture
        ),
        Medium(
            "pixel",
            tiled.pixel,
            ("pixel art of", "a pixel art picture of"),
            ("pixel art", "8 bit", "pixel style", "retro game art"),
        ),
        Medium(
            "mosaic",
            tiled.mosaic,
            ("a mosaic of", "a tile mosaic of"),
            ("mosaic", "mosaic tiles", "in mosaic", "made of tiles"),
        ),
    )
}
