"""Media made of lines: ink, charcoal, coloured pencil, woodcut."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ..fields import blur, field, grey, wobble

PAPER = np.array([0.975, 0.962, 0.925], np.float32)


def edges(picture: np.ndarray) -> np.ndarray:
    """Outlines, 0 to 1, from darkness against the surroundings and from steps in any channel."""
    tone = grey(picture)
    valley = np.clip((blur(tone, 2.0) - blur(tone, 0.6)) * 9 - 0.12, 0, 1)
    step = np.abs(np.gradient(picture, axis=0)).max(2) + np.abs(np.gradient(picture, axis=1)).max(2)
    return np.clip(np.maximum(valley, (step - 0.06) * 7), 0, 1)


def _stripes(
    shape: tuple[int, int], random: np.random.Generator, angle: float, pitch: float, waver: float
) -> np.ndarray:
    """A wavering sinusoid across the picture, -1 to 1, ``pitch`` pixels from line to line."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    phase = columns * np.sin(angle) + rows * np.cos(angle) + waver * field(random, shape, 16)
    return np.sin(phase * (2 * np.pi / pitch))


def _lift_dark(tone: np.ndarray) -> np.ndarray:
    """Open up a night scene, where hatching everything would leave nothing to see."""
    return np.clip(tone * 1.9, 0, 1) if tone.mean() < 0.36 else tone


def ink(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Pen outlines with hatching in the shade and cross-hatching in the dark, on paper."""
    drawn = wobble(random, clean, 1.0, 32)
    shape = drawn.shape[:2]
    tone = blur(_lift_dark(grey(drawn)), 1.5)
    hatch = (_stripes(shape, random, 0.8, 5.5, 1.5) > 0.2) & (tone < 0.52)
    cross = (_stripes(shape, random, -0.8, 5.5, 1.5) > 0.2) & (tone < 0.33)
    marks = np.maximum(np.maximum(edges(drawn), 0.75 * hatch), np.maximum(0.8 * cross, 0.95 * (tone < 0.14)))
    marks = blur(np.clip(marks * (0.9 + 0.06 * field(random, shape, 64)), 0, 1), 0.6)[..., None]
    return PAPER * (1 - marks) + np.array([0.09, 0.09, 0.12], np.float32) * marks


def charcoal(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Soft grey masses broken by the grain of rough grey paper, with dark smudged outlines."""
    drawn = wobble(random, clean, 2.0, 16)
    shape = drawn.shape[:2]
    tone = blur(_lift_dark(grey(drawn)), 1.8)
    grain = 0.5 * field(random, shape, 128) + 0.5 * field(random, shape, 0)
    mass = np.clip((0.86 - tone) * 1.45 + 0.10 * grain, 0, 1) * np.clip(0.86 + 0.2 * grain, 0.3, 1)
    outline = np.clip(1.5 * blur(edges(drawn), 1.2), 0, 1) * np.clip(0.9 + 0.25 * grain, 0.3, 1)
    marks = np.clip(np.maximum(mass, outline), 0, 1)[..., None]
    paper = np.array([0.83, 0.81, 0.77], np.float32) + 0.015 * grain[..., None]
    return paper * (1 - marks) + np.array([0.12, 0.12, 0.13], np.float32) * marks


def _streaks(shape: tuple[int, int], random: np.random.Generator, length: int, lean: int) -> np.ndarray:
    """White noise smeared along a diagonal: the traces of a pencil, deviation about 1."""
    noise = field(random, shape, 0)
    smeared = sum(np.roll(noise, (k, lean * k), (0, 1)) for k in range(length))
    return np.asarray(smeared, np.float32) / np.sqrt(length)


def pencil(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Slanting strokes of coloured pencil that let white paper through, with firmer outlines."""
    drawn = wobble(random, clean, 1.2, 32)
    shape = drawn.shape[:2]
    soft = blur(drawn, 1.0)
    strokes = _streaks(shape, random, 14, -1)
    pressure = np.clip(0.62 + 0.26 * strokes + 0.08 * field(random, shape, 16), 0.12, 0.98)[..., None]
    coloured = 1 - (1 - soft) * pressure
    outline = blur(edges(drawn), 0.7)[..., None] * np.clip(0.5 + 0.15 * strokes, 0.1, 0.8)[..., None]
    return coloured * (1 - outline) + soft * 0.45 * outline


def woodcut(clean: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A few flat inks under bold black lines that swell in the shade, as cut with a gouge."""
    drawn = wobble(random, clean, 1.5, 16)
    shape = drawn.shape[:2]
    image = Image.fromarray((np.clip(blur(drawn, 1.2) * 0.9 + 0.1, 0, 1) * 255).astype(np.uint8))
    inks = np.asarray(
        image.quantize(int(random.integers(6, 9)), dither=Image.Dither.NONE).convert("RGB"), np.float32
    )
    inks = inks / 255 * np.array([1.0, 0.97, 0.88], np.float32)
    tone = blur(_lift_dark(grey(drawn)), 2.0)
    angle = random.uniform(-0.5, 0.5)
    swell = np.clip((0.62 - tone) * 2.2, 0, 1)
    cuts = _stripes(shape, random, angle, 9.0, 3.0) < swell * 1.45 - 1.0
    outline = blur(edges(drawn), 1.0) > 0.22
    black = blur(np.maximum(cuts, outline).astype(np.float32), 0.6)[..., None]
    return inks * (1 - black) + np.array([0.10, 0.08, 0.08], np.float32) * black
