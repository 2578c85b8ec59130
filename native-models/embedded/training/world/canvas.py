"""A drawing surface over Pillow, oversampled for smooth edges, that also records which pixels belong to the motif.

Pillow and numpy are everywhere PyTorch is, a GPU machine included; Cairo is not. Drawing three times as large and
averaging gives edges good enough for pictures that a medium will rework anyway.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageDraw

from .palette import Colour

OVERSAMPLE = 3
Point = tuple[float, float]


def _fill(colour: Sequence[float], alpha: float) -> tuple[int, int, int, int]:
    r, g, b = (min(255, max(0, round(c * 255))) for c in colour)
    return r, g, b, min(255, max(0, round(alpha * 255)))


class Canvas:
    """Unit coordinates: y from 0 (top) to 1 (bottom), x from 0 to ``aspect``. Everything drawn inside
    :meth:`marking` goes into the coverage mask too."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.aspect = width / height
        self._scale = height * OVERSAMPLE
        self._image = Image.new("RGB", (width * OVERSAMPLE, height * OVERSAMPLE))
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self._mask = Image.new("L", (width, height))
        self._mask_draw = ImageDraw.Draw(self._mask)
        self._marking = False

    @contextmanager
    def marking(self) -> Iterator[None]:
        """Count what is drawn inside as the motif."""
        self._marking = True
        try:
            yield
        finally:
            self._marking = False

    def polygon(self, points: Sequence[Point], colour: Sequence[float], alpha: float = 1.0) -> None:
        """Fill a closed polygon."""
        scaled = [(x * self._scale, y * self._scale) for x, y in points]
        self._draw.polygon(scaled, fill=_fill(colour, alpha))
        if self._marking:
            self._mask_draw.polygon([(x * self.height, y * self.height) for x, y in points], fill=255)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Sequence[float],
        alpha: float = 1.0,
        turn: float = 0.0,
    ) -> None:
        """Fill an ellipse about (x, y), turned by ``turn`` radians."""
        if turn == 0.0:
            box = (x - rx, y - ry, x + rx, y + ry)
            self._draw.ellipse([v * self._scale for v in box], fill=_fill(colour, alpha))
            if self._marking:
                self._mask_draw.ellipse([v * self.height for v in box], fill=255)
            return
        cos, sin = math.cos(turn), math.sin(turn)
        circle = (
            (rx * math.cos(a), ry * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 28, endpoint=False)
        )
        self.polygon([(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in circle], colour, alpha)

    def line(
        self, points: Sequence[Point], width: float, colour: Sequence[float], alpha: float = 1.0
    ) -> None:
        """Stroke a polyline; wide strokes get round ends and joints when opaque."""
        scaled = [(x * self._scale, y * self._scale) for x, y in points]
        across = max(1, round(width * self._scale))
        fill = _fill(colour, alpha)
        self._draw.line(scaled, fill=fill, width=across, joint="curve")
        if across > 4 and alpha >= 1.0:
            half = across / 2 - 0.5
            for x, y in (scaled[0], scaled[-1]):
                self._draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)
        if self._marking:
            thin = max(1, round(width * self.height))
            self._mask_draw.line(
                [(x * self.height, y * self.height) for x, y in points], fill=255, width=thin
            )

    def gradient(self, points: Sequence[Point], top: Colour, bottom: Colour) -> None:
        """Fill a polygon with a vertical gradient between its highest and its lowest point."""
        low = max(0, math.floor(min(y for _, y in points) * self._scale))
        high = min(self._image.height, math.ceil(max(y for _, y in points) * self._scale))
        if high <= low:
            return
        shape = Image.new("1", (self._image.width, high - low))
        ImageDraw.Draw(shape).polygon([(x * self._scale, y * self._scale - low) for x, y in points], fill=1)
        ramp = np.linspace(0, 1, high - low, dtype=np.float32)[:, None]
        column = np.asarray(top, np.float32) * (1 - ramp) + np.asarray(bottom, np.float32) * ramp
        colours = Image.fromarray((np.clip(column, 0, 1) * 255).astype(np.uint8)[:, None])
        self._image.paste(colours.resize(shape.size), (0, low), shape)
        if self._marking:
            self._mask_draw.polygon([(x * self.height, y * self.height) for x, y in points], fill=255)

    def glow(self, x: float, y: float, radius: float, colour: Sequence[float], alpha: float) -> None:
        """A soft round light that fades to nothing at ``radius``."""
        for step in range(8, 0, -1):
            r = radius * step / 8
            self.ellipse(x, y, r, r, colour, alpha / 7)

    def pixels(self) -> np.ndarray:
        """The picture, (height, width, 3) float32 in 0..1."""
        return np.asarray(self._image.reduce(OVERSAMPLE), np.float32) / 255

    def coverage(self) -> np.ndarray:
        """The motif's mask, (height, width) bool."""
        return np.asarray(self._mask) > 0


class Frame:
    """The local coordinates a motif is drawn in: u to the right in units of its size, v upwards from its foot.

    A motif one unit tall therefore reaches from v = 0 to v = 1. ``flip`` mirrors it.
    """

    def __init__(self, canvas: Canvas, x: float, foot: float, size: float, flip: bool = False) -> None:
        self.canvas, self.x, self.foot, self.size = canvas, x, foot, size
        self._sign = -1.0 if flip else 1.0

    def _at(self, u: float, v: float) -> Point:
        return self.x + self._sign * u * self.size, self.foot - v * self.size

    def poly(self, points: Sequence[Point], colour: Sequence[float], alpha: float = 1.0) -> None:
        """Fill a polygon of local points."""
        self.canvas.polygon([self._at(u, v) for u, v in points], colour, alpha)

    def oval(
        self,
        u: float,
        v: float,
        ru: float,
        rv: float,
        colour: Sequence[float],
        alpha: float = 1.0,
        turn: float = 0.0,
    ) -> None:
        """Fill an ellipse about a local point; ``turn`` is anticlockwise before mirroring."""
        x, y = self._at(u, v)
        self.canvas.ellipse(x, y, ru * self.size, rv * self.size, colour, alpha, -turn * self._sign)

    def box(
        self, u0: float, v0: float, u1: float, v1: float, colour: Sequence[float], alpha: float = 1.0
    ) -> None:
        """Fill an upright rectangle between two local corners."""
        self.poly([(u0, v0), (u1, v0), (u1, v1), (u0, v1)], colour, alpha)

    def line(
        self, points: Sequence[Point], width: float, colour: Sequence[float], alpha: float = 1.0
    ) -> None:
        """Stroke local points; the width is in units of the motif's size."""
        self.canvas.line([self._at(u, v) for u, v in points], width * self.size, colour, alpha)

    def arc(
        self,
        u: float,
        v: float,
        radius: float,
        begin: float,
        end: float,
        width: float,
        colour: Sequence[float],
    ) -> None:
        """Stroke part of a circle, angles in radians anticlockwise from the right."""
        steps = np.linspace(begin, end, 16)
        self.line([(u + radius * math.cos(a), v + radius * math.sin(a)) for a in steps], width, colour)

    def half_disc(
        self, u: float, v: float, ru: float, rv: float, colour: Sequence[float], up: bool = True
    ) -> None:
        """The upper or lower half of an ellipse."""
        steps = np.linspace(0, math.pi, 20)
        side = 1.0 if up else -1.0
        self.poly([(u + ru * math.cos(a), v + side * rv * math.sin(a)) for a in steps], colour)
