"""Media made of pieces: pixel art and mosaic."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ..fields import blur


def pixel(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Square blocks in a small palette, 8 or 4 pixels wide at 256 px; both sides must be multiples of 8."""
    height, width = clean.shape[:2]
    block = int(random.choice([8, 4], p=[0.65, 0.35])) * max(1, round((height * width) ** 0.5 / 256))
    image = Image.fromarray((np.clip(clean, 0, 1) * 255).astype(np.uint8))
    small = image.resize((width // block, height // block), Image.Resampling.BOX)
    small = small.quantize(int(random.integers(12, 24)), dither=Image.Dither.NONE).convert("RGB")
    return np.asarray(small.resize((width, height), Image.Resampling.NEAREST), np.float32) / 255


def mosaic(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Irregular stones of even colour with dark joints between them.

    Stones are the Voronoi cells of a jittered grid; a pixel belongs to a joint where the two nearest centres are about equally far.
    """
    height, width = clean.shape[:2]
    pitch = min(height, width) / float(random.uniform(26, 36))
    down, across = int(height / pitch) + 3, int(width / pitch) + 3
    centres = np.stack(np.mgrid[0:down, 0:across], -1).astype(np.float32) - 0.5
    centres += random.uniform(-0.27, 0.27, centres.shape).astype(np.float32)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / pitch
    cell_y, cell_x = rows.astype(np.int32) + 1, columns.astype(np.int32) + 1
    nearest = np.full((height, width), 9.0, np.float32)
    second = np.full((height, width), 9.0, np.float32)
    owner = np.zeros((height, width), np.int32)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            y, x = np.clip(cell_y + dy, 0, down - 1), np.clip(cell_x + dx, 0, across - 1)
            centre = centres[y, x]
            away = np.hypot(rows - centre[..., 0], columns - centre[..., 1])
            closer = away < nearest
            second = np.where(closer, nearest, np.minimum(second, away))
            owner = np.where(closer, y * across + x, owner)
            nearest = np.where(closer, away, nearest)
    flat = owner.ravel()
    size = np.maximum(np.bincount(flat, minlength=down * across), 1)
    means = np.stack([np.bincount(flat, clean[..., c].ravel(), down * across) / size for c in range(3)], -1)
    means += random.normal(0, 0.035, (len(means), 1)) + random.normal(0, 0.015, means.shape)
    stones = means[owner].astype(np.float32)
    joint = blur((second - nearest < 0.13).astype(np.float32), 0.6)[..., None]
    return stones * (1 - joint) + np.array([0.22, 0.21, 0.20], np.float32) * joint
