"""Smooth random fields that give media their irregularity, made once and cut at random places."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageFilter

BANK = 1024
SCALES = (4, 8, 16, 32, 64, 128)


@cache
def _bank(scale: int) -> np.ndarray:
    """A (BANK, BANK) field of unit deviation with about ``scale`` bumps to every 256 pixels; 0 is white noise."""
    random = np.random.default_rng(1000 + scale)
    if scale == 0:
        return random.standard_normal((BANK, BANK)).astype(np.float32)
    cells = scale * BANK // 256
    small = Image.fromarray(random.standard_normal((cells, cells)).astype(np.float32))
    field = np.asarray(small.resize((BANK, BANK), Image.Resampling.BICUBIC))
    return (field / field.std()).astype(np.float32)


def field(random: np.random.Generator, shape: tuple[int, int], scale: int) -> np.ndarray:
    """A random cut (height, width) float32, deviation about 1. ``scale`` is one of SCALES, or 0 for white noise."""
    height, width = shape
    bank = _bank(scale)
    y, x = random.integers(0, BANK - height + 1), random.integers(0, BANK - width + 1)
    cut = bank[y : y + height, x : x + width]
    return cut[:, ::-1] if random.random() < 0.5 else cut


def blur(picture: np.ndarray, radius: float) -> np.ndarray:
    """Gaussian blur of (H, W) or (H, W, 3) floats in 0..1, to 8 bits of accuracy."""
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def wobble(random: np.random.Generator, picture: np.ndarray, pixels: float, scale: int) -> np.ndarray:
    """Displace a picture by a smooth field of about ``pixels``: hand-drawn edges."""
    shape = picture.shape[:2]
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    rows = np.clip(rows + pixels * field(random, shape, scale), 0, shape[0] - 1).astype(np.int32)
    columns = np.clip(columns + pixels * field(random, shape, scale), 0, shape[1] - 1).astype(np.int32)
    return picture[rows, columns]


def grey(picture: np.ndarray) -> np.ndarray:
    """Luminance (H, W) of (H, W, 3), by the usual rough weights."""
    return picture @ np.array([0.3, 0.55, 0.15], np.float32)
