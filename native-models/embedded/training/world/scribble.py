"""Scribbles: what somebody might draw to say what goes where, taken from the clean drawing of a scene."""

from __future__ import annotations

import numpy as np

from .fields import blur, wobble
from .media.drawn import edges


def scribble(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Wobbly outlines (H, W) bool of a clean drawing (H, W, 3), thickened to a pen stroke."""
    wavering = wobble(random, clean, float(random.uniform(0.5, 3.0)), 16)
    return blur(edges(blur(wavering, 1.0)), float(random.uniform(0.8, 1.6))) > 0.16
