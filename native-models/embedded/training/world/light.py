"""Time of day and weather: the colours of the sky, the light on everything, haze with distance, and what falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .canvas import Canvas
from .palette import NAMED, Colour, darker, jitter, lit_by, mix

TIMES = ("day", "sunrise", "sunset", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "fog")

# (zenith, horizon, light on surfaces)
_SKY: dict[str, tuple[Colour, Colour, Colour]] = {
    "day": ((0.30, 0.58, 0.90), (0.80, 0.92, 0.98), (1.0, 1.0, 1.0)),
    "sunrise": ((0.58, 0.68, 0.90), (1.0, 0.80, 0.72), (1.0, 0.93, 0.88)),
    "sunset": ((0.38, 0.22, 0.50), (1.0, 0.58, 0.24), (0.95, 0.70, 0.62)),
    "night": ((0.02, 0.04, 0.15), (0.12, 0.19, 0.40), (0.38, 0.44, 0.66)),
}
_ORB: dict[str, Colour] = {
    "day": (1.0, 0.93, 0.45),
    "sunrise": (1.0, 0.86, 0.56),
    "sunset": (1.0, 0.50, 0.18),
    "night": (0.97, 0.95, 0.84),
}


@dataclass
class Light:
    """What the light does to a colour. Indoors ``time`` and ``weather`` are None and colours stay as they are."""

    random: np.random.Generator
    time: str | None = None
    weather: str | None = None

    def __post_init__(self) -> None:
        self.tint: Colour = (1.0, 1.0, 1.0)
        self.zenith: Colour = (0.8, 0.8, 0.8)
        self.horizon: Colour = (0.9, 0.9, 0.9)
        self.haze = 0.0
        if self.time is None:
            return
        zenith, horizon, self.tint = _SKY[self.time]
        self.zenith, self.horizon = jitter(self.random, zenith, 0.03), jitter(self.random, horizon, 0.03)
        self.haze = 0.35
        if self.weather in ("cloudy", "rain", "snow"):
            cover = lit_by(
                (0.62, 0.66, 0.70), mix(self.tint, (1, 1, 1), 0.4 if self.time != "night" else 0.0)
            )
            share = {"cloudy": 0.25, "rain": 0.6, "snow": 0.5}[self.weather] * (
                0.5 if self.time == "night" else 1.0
            )
            self.zenith, self.horizon = mix(self.zenith, cover, share), mix(self.horizon, cover, share * 0.8)
        if self.weather == "fog":
            fog = mix(self.horizon, (0.82, 0.84, 0.85) if self.time != "night" else (0.25, 0.29, 0.38), 0.6)
            self.zenith, self.horizon, self.haze = mix(self.zenith, fog, 0.65), fog, 0.85

    def on(self, colour: str | Sequence[float], depth: float = 0.0, spread: float = 0.03) -> Colour:
        """A named or given colour, varied a little, as it looks in this light at a depth of 0 (near) to 1 (far)."""
        base = NAMED[colour] if isinstance(colour, str) else colour
        return mix(lit_by(jitter(self.random, base, spread), self.tint), self.horizon, depth * self.haze)

    @property
    def windows_lit(self) -> bool:
        """Whether lamps are on."""
        return self.time in ("night", "sunset")


def paint_sky(canvas: Canvas, light: Light, horizon: float, orb: bool = True) -> float | None:
    """Sky down to ``horizon`` with sun or moon, stars and clouds; returns the x of the sun or moon where there is one."""
    random, width = light.random, canvas.aspect
    canvas.gradient(
        [(0, 0), (width, 0), (width, horizon + 0.02), (0, horizon + 0.02)], light.zenith, light.horizon
    )
    canvas.polygon([(0, horizon), (width, horizon), (width, 1), (0, 1)], light.horizon)
    night = light.time == "night"
    if night and light.weather == "clear":
        for _ in range(int(random.integers(30, 70) * width)):
            r = random.uniform(0.002, 0.006)
            canvas.ellipse(
                random.uniform(0, width),
                random.uniform(0, horizon * 0.95),
                r,
                r,
                (0.95, 0.95, 0.85),
                random.uniform(0.5, 1),
            )
    where = None
    if orb and light.weather not in ("rain", "snow"):
        where = _paint_orb(canvas, light, horizon)
    cloudy = light.weather in ("cloudy", "rain", "snow")
    if cloudy or (light.time == "day" and random.random() < 0.3):
        _paint_clouds(canvas, light, horizon, int(random.integers(4, 8)) if cloudy else 2)
    return where


def _paint_orb(canvas: Canvas, light: Light, horizon: float) -> float:
    random, time = light.random, light.time or "day"
    x = random.uniform(0.15, canvas.aspect - 0.15)
    low = time in ("sunrise", "sunset")
    y = (
        random.uniform(horizon * 0.6, horizon * 0.92)
        if low
        else random.uniform(0.08, max(0.1, horizon * 0.4))
    )
    radius = random.uniform(0.07, 0.11) if low else random.uniform(0.045, 0.075)
    colour, alpha = _ORB[time], 0.5 if light.weather == "fog" else 1.0
    canvas.glow(x, y, radius * 3, colour, 0.5 * alpha)
    canvas.ellipse(x, y, radius, radius, colour, alpha)
    if time == "night" and random.random() < 0.5:
        behind = mix(light.zenith, light.horizon, y / max(horizon, 0.1))
        canvas.ellipse(x + radius * 0.45, y - radius * 0.15, radius * 0.9, radius * 0.9, behind)
    return x


def _paint_clouds(canvas: Canvas, light: Light, horizon: float, count: int) -> None:
    random = light.random
    white: Colour = (1.0, 1.0, 1.0) if light.weather in ("clear", "cloudy") else (0.74, 0.77, 0.80)
    white = lit_by(
        white, mix((0.35, 0.35, 0.35), (1, 1, 1), 0.1) if light.time == "night" else (1.0, 1.0, 1.0)
    )
    if light.time in ("sunset", "sunrise"):
        white = mix(white, (1.0, 0.70, 0.62), 0.5)
    for _ in range(count):
        x, y = random.uniform(0, canvas.aspect), random.uniform(0.05, horizon * 0.7)
        reach = random.uniform(0.06, 0.13)
        for _ in range(6):
            r = reach * random.uniform(0.3, 0.55)
            canvas.ellipse(
                x + random.uniform(-1, 1) * reach,
                y + random.uniform(-0.25, 0.2) * reach,
                r,
                r * 0.8,
                white,
                0.75,
            )


def paint_ground(
    canvas: Canvas,
    light: Light,
    horizon: float,
    colour: str = "green",
    outline: list[tuple[float, float]] | None = None,
) -> None:
    """Ground from ``outline`` (a gentle ridge at the horizon if left out) down; white in snow."""
    base = (0.93, 0.95, 0.98) if light.weather == "snow" else NAMED[colour]
    top = light.on(base, 0.6)
    bottom = light.on(darker(base, 0.06 if light.weather == "snow" else 0.22))
    points = outline or ridge(light.random, canvas.aspect, horizon, 0.012, 0.5)
    canvas.gradient([*points, (canvas.aspect, 1.0), (0.0, 1.0)], top, bottom)


def paint_water(
    canvas: Canvas, light: Light, top: float, bottom: float, orb: float | None, colour: str = "blue"
) -> None:
    """Water between two heights, with ripples and the glitter of the sun or moon at x ``orb``."""
    random, width = light.random, canvas.aspect
    base = mix(NAMED[colour], light.horizon, 0.35)
    tint = mix(light.tint, (1, 1, 1), 0.15)
    shape = [(0.0, top), (width, top), (width, bottom), (0.0, bottom)]
    canvas.gradient(
        shape, lit_by(mix(base, light.horizon, 0.45), tint), lit_by(mix(base, (0, 0.05, 0.15), 0.35), tint)
    )
    for _ in range(int(46 * width)):
        y = random.uniform(top, bottom)
        near = (y - top) / (bottom - top)
        reach = 0.02 + 0.12 * near * random.uniform(0.4, 1)
        x = random.uniform(-0.05, width)
        shade = lit_by(mix(base, (1, 1, 1), random.uniform(0.1, 0.5)), tint)
        arch = [(x, y), (x + reach / 2, y - 0.004 * near - 0.002), (x + reach, y)]
        canvas.line(arch, 0.0025 + 0.006 * near, shade, 0.6)
    if orb is None:
        return
    glitter = _ORB[light.time or "day"]
    for _ in range(16):
        y = random.uniform(top, bottom)
        reach = 0.02 + 0.05 * (y - top) / (bottom - top)
        x = orb + random.uniform(-0.02, 0.02)
        canvas.line([(x - reach, y), (x + reach, y)], 0.006, glitter, 0.55)


def paint_falling(canvas: Canvas, light: Light) -> None:
    """Rain, snow or drifts of fog over everything."""
    random, width = light.random, canvas.aspect
    if light.weather == "rain":
        for _ in range(int(90 * width)):
            x, y = random.uniform(0, width + 0.05), random.uniform(-0.05, 1)
            canvas.line(
                [(x, y), (x - 0.02, y + random.uniform(0.04, 0.07))], 0.0035, (0.85, 0.90, 0.95), 0.55
            )
    elif light.weather == "snow":
        for _ in range(int(90 * width)):
            r = random.uniform(0.003, 0.009)
            canvas.ellipse(
                random.uniform(0, width), random.uniform(0, 1), r, r, (1, 1, 1), random.uniform(0.6, 1)
            )
    elif light.weather == "fog":
        for _ in range(4):
            x, y = random.uniform(0, width), random.uniform(0.3, 0.9)
            for step in range(6, 0, -1):
                canvas.ellipse(x, y, 0.11 * step, 0.014 * step, light.horizon, 0.10)


def ridge(
    random: np.random.Generator, width: float, height: float, swing: float, roughness: float, points: int = 48
) -> list[tuple[float, float]]:
    """A rolling line across the picture at about ``height``, as a sum of octaves that shrink by ``roughness``."""
    x = np.linspace(0, width, points)
    y = np.zeros(points)
    frequency = random.uniform(0.7, 1.4)
    for octave in range(5):
        y += (
            swing * roughness**octave * np.sin(2 * np.pi * (x * frequency * 2**octave + random.uniform(0, 1)))
        )
    return [(float(a), float(height + b)) for a, b in zip(x, y)]
