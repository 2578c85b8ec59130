"""From labels to a picture: backdrop, motif, weather, medium."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .backdrops import BACKDROPS
from .canvas import Canvas, Frame
from .labels import Labels
from .light import Light, paint_falling
from .media import MEDIA
from .motifs import MOTIFS, SCENERIES
from .scribble import scribble


@dataclass(frozen=True)
class Picture:
    """``pixels`` (H, W, 3) uint8, the motif's ``coverage`` (H, W) bool, and a ``scribble`` (H, W) bool of its outlines."""

    pixels: np.ndarray
    coverage: np.ndarray
    scribble: np.ndarray


def _place_motif(canvas: Canvas, light: Light, labels: Labels) -> None:
    motif, random = MOTIFS[labels.motif], light.random
    stage = BACKDROPS[labels.setting or "plain"].paint(canvas, light)
    room = min(1.0, canvas.aspect)
    low, high = motif.size
    count = labels.count
    shrink = (1.0, 0.72, 0.56)[count - 1] * (0.85 if labels.position else 1.0)
    foot = random.uniform(*stage.foot)
    pitch = 0.92 * canvas.aspect / count
    size = min(random.uniform(low, high) * shrink * room, foot - stage.top, 0.52 * pitch / motif.reach)
    middle = canvas.aspect / 2
    if labels.position:
        middle += (-0.24 if labels.position == "left" else 0.24) * canvas.aspect
    else:
        middle += random.uniform(-0.05, 0.05) * canvas.aspect
    edge = min(motif.reach * size + 0.02, canvas.aspect / 2)
    middle = min(max(middle, edge), canvas.aspect - edge)
    flip = bool(random.integers(2)) if labels.motif != "clock" else False
    with canvas.marking():
        for k in range(count):
            x = middle if count == 1 else canvas.aspect / 2 + (k - (count - 1) / 2) * pitch
            shift = 0.0 if count == 1 else random.uniform(-0.03, 0.03)
            lift = random.uniform(-0.06, 0.06) if motif.lifted and count > 1 else shift
            colour = light.on(labels.colour) if labels.colour else (0.5, 0.5, 0.5)
            motif.draw(Frame(canvas, x, min(foot + lift, 0.97), size, flip), colour, light)


def draw_scene(
    labels: Labels, random: np.random.Generator, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """The clean drawing before any medium: (H, W, 3) float32 in 0..1, and the motif's mask (H, W) bool."""
    canvas = Canvas(height, width)
    light = Light(random, labels.time, labels.weather)
    if labels.motif in MOTIFS:
        _place_motif(canvas, light, labels)
    else:
        SCENERIES[labels.motif].draw(canvas, light, labels.colour or "")
    paint_falling(canvas, light)
    return canvas.pixels(), canvas.coverage()


def render(labels: Labels, seed: int, height: int = 256, width: int = 256) -> Picture:
    """The finished picture of some labels. The same seed gives the same pixels with the same numpy and Pillow."""
    random = np.random.default_rng(seed)
    clean, coverage = draw_scene(labels, random, height, width)
    worked = MEDIA[labels.medium].apply(clean, random)
    pixels = (np.clip(worked, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Picture(pixels, coverage, scribble(clean, random))
