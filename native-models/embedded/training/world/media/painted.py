"""Media made with a brush: watercolour, oil, dots, and flat colour."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ..fields import blur, field, grey, wobble

OVERSAMPLE = 2


def flat(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The drawing as it is: even areas, sharp edges."""
    del random
    return clean


def watercolor(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Thin uneven pigment that gathers at edges, on warm paper that often shows as a ragged border."""
    shape = clean.shape[:2]
    wet = blur(wobble(random, clean, 1.6, 32), 1.0)
    gathered = np.clip((grey(blur(wet, 3)) - grey(wet)) * 2.2, 0, 0.35)
    pigment = (
        1 + 0.08 * field(random, shape, 8) + 0.07 * field(random, shape, 32) + 0.02 * field(random, shape, 0)
    )
    paint = 1 - (1 - wet) * 0.8 * np.clip(pigment, 0.5, 1.5)[..., None]
    paint *= (1 - gathered[..., None]) * np.array([1.0, 0.99, 0.955], np.float32)
    if random.random() < 0.75:
        height, width = shape
        rows, columns = np.mgrid[0:height, 0:width] / min(shape)
        inside = np.minimum(
            np.minimum(columns, width / min(shape) - columns), np.minimum(rows, height / min(shape) - rows)
        )
        shown = np.clip((inside + 0.014 * field(random, shape, 16) - 0.03) * 22, 0, 1)[..., None]
        paint = paint * shown + np.array([0.985, 0.975, 0.945], np.float32) * (1 - shown)
    return paint + 0.012 * field(random, shape, 128)[..., None]


def _surface(base: np.ndarray) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    height, width = base.shape[:2]
    image = Image.fromarray((np.clip(base, 0, 1) * 255).astype(np.uint8))
    image = image.resize((width * OVERSAMPLE, height * OVERSAMPLE), Image.Resampling.BILINEAR)
    return image, ImageDraw.Draw(image, "RGBA")


def oil(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Layers of strokes, broad to fine, that follow the forms, with the relief of thick paint."""
    height, width = clean.shape[:2]
    area, scale = height * width / 256**2, min(height, width) / 256
    base = blur(clean, 1.2)
    slope_y, slope_x = np.gradient(grey(blur(base, 2.5)))
    steep = np.hypot(slope_x, slope_y)
    drift = field(random, (height, width), 8) * 1.2 + field(random, (height, width), 4)
    image, draw = _surface(base)
    for across, count, length, keep in (
        (8.0, 520, 22, steep < 0.02),
        (5.0, 800, 14, steep < 9.0),
        (2.6, 800, 9, steep > 0.012),
    ):
        rows = random.integers(0, height, int(count * area))
        columns = random.integers(0, width, int(count * area))
        wanted = keep[rows, columns]
        rows, columns = rows[wanted], columns[wanted]
        shade = random.normal(0, 0.04, (len(rows), 1)) + random.normal(0, 0.018, (len(rows), 3))
        colours = (np.clip(base[rows, columns] + shade, 0, 1) * 255).astype(int)
        along = np.arctan2(slope_x[rows, columns], -slope_y[rows, columns])
        angle = np.where(steep[rows, columns] > 0.006, along, drift[rows, columns])
        u, v = np.cos(angle) * length * scale / 2, np.sin(angle) * length * scale / 2
        ends = np.stack([columns - u, rows - v, columns + u, rows + v], 1) * OVERSAMPLE
        broad = max(2, round(across * scale * OVERSAMPLE))
        for end, colour in zip(ends.tolist(), colours.tolist()):
            draw.line(end, fill=(*colour, 225), width=broad)
    paint = np.asarray(image.reduce(OVERSAMPLE), np.float32) / 255
    tone = grey(paint)
    relief = np.zeros_like(tone)
    relief[1:, 1:] = tone[1:, 1:] - tone[:-1, :-1]
    return paint * 1.03 + relief[..., None] * 0.6 + 0.012 * field(random, (height, width), 128)[..., None]


def pointillism(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Round dots of purer and varied colour over a light ground."""
    height, width = clean.shape[:2]
    area, scale = height * width / 256**2, min(height, width) / 256
    base = blur(clean, 1.2)
    image, draw = _surface(base * 0.7 + 0.28)
    count = int(2600 * area)
    rows, columns = random.random(count) * height, random.random(count) * width
    shade = random.normal(0, 0.05, (count, 1)) + random.normal(0, 0.06, (count, 3))
    colours = np.clip((base[rows.astype(int), columns.astype(int)] - 0.5) * 1.15 + 0.5 + shade, 0, 1)
    radius = random.uniform(1.9, 3.2, count) * scale
    boxes = np.stack([columns - radius, rows - radius, columns + radius, rows + radius], 1) * OVERSAMPLE
    for box, colour in zip(boxes.tolist(), (colours * 255).astype(int).tolist()):
        draw.ellipse(box, fill=tuple(colour))
    return np.asarray(image.reduce(OVERSAMPLE), np.float32) / 255
