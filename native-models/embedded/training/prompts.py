"""The fixed prompts by which versions are compared: 48 for the eye, 300 for the classifier."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .world.captions import plain_caption
from .world.labels import Labels, draw_held_out, draw_labels

# The first 24 have been painted by every version; the other 24 came with the world of many motifs.
GRID = (
    "a watercolor of blue mountains at sunset",
    "an oil painting of a red sailboat on the sea at sunset",
    "a flat illustration of a red apple on a table",
    "a pointillist painting of a green tree during the day",
    "pixel art of a yellow hot air balloon",
    "an ink drawing of a cat",
    "an oil painting of sunflowers in a blue vase",
    "a flat illustration of a house with a red roof at night",
    "a black cat, flat illustration",
    "a city skyline at night, pixel art",
    "a desert with a cactus, oil painting",
    "abstract circles in bright colors",
    "a bowl of oranges, oil painting",
    "a pine forest in the snow, watercolor",
    "a red and white lighthouse by the sea, night",
    "a field of pink tulips, watercolor",
    "an oil painting of a white sailboat on the sea at night",
    "a pointillist painting of a green apple on a table",
    "a watercolor of a house with a blue roof",
    "pixel art of purple mountains",
    "a white cat, ink drawing",
    "an oil painting of blue roses in a vase",
    "a flat illustration of a red and white lighthouse at sunset",
    "a purple hot air balloon, watercolor",
    "a woodcut of a red train in the snow",
    "a mosaic of an orange fish under water",
    "a colored pencil drawing of a brown dog in a meadow",
    "a charcoal drawing of an owl on a branch",
    "a flat illustration of a woman in a green dress",
    "an oil painting of a man in a blue coat at sunset",
    "a watercolor of two yellow ducks",
    "pixel art of a gray castle at night",
    "a mosaic of a purple butterfly over a meadow",
    "a woodcut of a volcano",
    "a pointillist painting of a red umbrella on the beach",
    "a colored pencil drawing of three green pears on a table",
    "a flat illustration of a penguin",
    "a watercolor of a rainbow over hills",
    "an oil painting of a steaming white cup on a table",
    "a flat illustration of a blue robot in a room",
    "pixel art of a red car on a road in the rain",
    "a charcoal drawing of a windmill at dawn",
    "a mosaic of yellow stars",
    "a snowman with a red scarf, colored pencil",
    "a watercolor of a teal teapot on a table, on the right",
    "a woodcut of a blue whale at night",
    "an ink drawing of a bicycle",
    "an oil painting of a pink birthday cake with candles",
)

SCORED = 300
HELD_OUT = 100


def scored_prompts(knows: Callable[[str], bool] | None = None) -> list[tuple[str, Labels, bool]]:
    """(prompt, labels, held out) for the classifier: 200 of combinations that training may show and 100 that it never does.

    ``knows`` keeps only prompts made of words that a model was taught, to measure one with fewer words by its own; where only
    the setting has an unknown word, it is left out.
    """
    random = np.random.default_rng(20260101)
    chosen: list[tuple[str, Labels, bool]] = []
    for draw, wanted, held_out in ((draw_labels, SCORED - HELD_OUT, False), (draw_held_out, HELD_OUT, True)):
        found = 0
        for _ in range(200_000):
            if found == wanted:
                break
            labels = draw(random)
            prompt = plain_caption(labels)
            if knows is not None and not knows(prompt):
                prompt = plain_caption(labels, with_setting=False)
            if knows is None or knows(prompt):
                chosen.append((prompt, labels, held_out))
                found += 1
    return chosen
