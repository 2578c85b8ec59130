"""Whole landscapes: the scenery is the subject."""

from __future__ import annotations

import math

from ..canvas import Canvas, Frame
from ..light import Light, paint_ground, paint_sky, paint_water, ridge
from ..palette import Colour, darker, lighter, mix
from .buildings import window_colour
from .plants import PETALS, SNOW, flower_bed, pine, tree
from .registry import scenery


def mountain_range(canvas: Canvas, light: Light, horizon: float, colour: str, height: float) -> None:
    """Two or three rows of peaks, the far ones hazy, with snow caps."""
    random = light.random
    rows = int(random.integers(2, 4))
    for row in range(rows):
        far = (rows - 1 - row) / max(1, rows - 1)
        base = light.on(colour, 0.3 + 0.7 * far)
        foot = horizon + 0.02
        x = -0.1
        while x < canvas.aspect + 0.1:
            half = random.uniform(0.13, 0.26) * height
            top = horizon - far * 0.06 - random.uniform(0.16, 0.36) * height * (1 if row == 0 else 0.75)
            peak = x + half
            left = [
                (peak - half * (1 - k / 5) + random.uniform(-0.01, 0.01), foot - (foot - top) * k / 5)
                for k in range(5)
            ]
            right = [
                (peak + half * (1 - k / 5) + random.uniform(-0.01, 0.01), foot - (foot - top) * k / 5)
                for k in range(4, -1, -1)
            ]
            canvas.polygon([*left, (peak, top), *right], base)
            canvas.polygon([(peak, top), *right, (peak + half * 0.15, foot)], darker(base, 0.2))
            if light.weather == "snow" or random.random() < 0.6:
                share = 0.55 if light.weather == "snow" else 0.3
                cap = [(-1, 1), (-0.5, 0.75), (-0.05, 1.05), (0.45, 0.75), (1, 1)]
                points = [(peak + half * share * u, top + (foot - top) * share * v) for u, v in cap]
                canvas.polygon([(peak, top), *points], light.on(SNOW, 0.5 * far))
            x += half * random.uniform(1.0, 1.7)


@scenery(
    "mountains",
    colours=("blue", "purple", "gray", "green", "brown"),
    phrases=("{c} mountains", "a {c} mountain landscape", "{c} mountain peaks"),
    weight=1.2,
)
def mountains(canvas: Canvas, light: Light, colour: str) -> None:
    """Mountains over a meadow or a lake."""
    horizon = light.random.uniform(0.58, 0.75)
    paint_sky(canvas, light, horizon)
    with canvas.marking():
        mountain_range(canvas, light, horizon, colour, 1.3)
    if light.random.random() < 0.4:
        paint_water(canvas, light, horizon, 1.0, None)
    else:
        paint_ground(canvas, light, horizon)


@scenery("sea", phrases=("the sea", "waves on the sea", "the ocean", "waves on the ocean"), weight=0.8)
def sea(canvas: Canvas, light: Light, colour: str) -> None:
    """Open water with rows of waves."""
    del colour
    horizon = light.random.uniform(0.35, 0.5)
    orb = paint_sky(canvas, light, horizon)
    with canvas.marking():
        paint_water(canvas, light, horizon, 1.0, orb, str(light.random.choice(["blue", "blue", "teal"])))
        for row in range(4):
            y = horizon + (1 - horizon) * (0.25 + 0.22 * row)
            x = light.random.uniform(-0.2, 0)
            reach = 0.06 + 0.03 * row
            while x < canvas.aspect:
                crest = [
                    (x + reach * u, y - reach * 0.35 * math.sin(u * math.pi)) for u in (0, 0.25, 0.5, 0.75, 1)
                ]
                canvas.line(crest, 0.008 + 0.004 * row, lighter(light.on("blue"), 0.7))
                x += reach * light.random.uniform(1.1, 1.8)


@scenery(
    "forest",
    colours=("green", "orange", "red", "yellow"),
    phrases=("a {c} forest", "a forest of {c} trees", "{c} woods"),
    weight=1.0,
)
def forest(canvas: Canvas, light: Light, colour: str) -> None:
    """Rows of trees that fade with distance."""
    random = light.random
    horizon = random.uniform(0.5, 0.62)
    paint_sky(canvas, light, horizon)
    paint_ground(canvas, light, horizon)
    fir = colour == "green" and random.random() < 0.5
    with canvas.marking():
        feet = sorted(
            random.uniform(horizon + 0.02, 0.98) for _ in range(int(random.integers(9, 14) * canvas.aspect))
        )
        for foot in feet:
            near = (foot - horizon) / (1 - horizon)
            frame = Frame(canvas, random.uniform(0, canvas.aspect), foot, 0.26 + 0.34 * near)
            (pine if fir else tree)(frame, light.on(colour, 0.8 * (1 - near)), light)


@scenery(
    "field",
    colours=PETALS,
    phrases=("a field of {c} flowers", "a meadow of {c} flowers", "a {c} flower field"),
    weight=1.0,
)
def field(canvas: Canvas, light: Light, colour: str) -> None:
    """A meadow full of one kind of flower."""
    random = light.random
    horizon = random.uniform(0.33, 0.48)
    paint_sky(canvas, light, horizon)
    if random.random() < 0.4:
        mountain_range(canvas, light, horizon, "blue", 0.5)
    paint_ground(canvas, light, horizon)
    kind = int(random.integers(2))
    with canvas.marking():
        for y in sorted(random.uniform(horizon + 0.02, 1.02) for _ in range(int(80 * canvas.aspect))):
            near = (y - horizon) / (1 - horizon)
            frame = Frame(canvas, random.uniform(0, canvas.aspect), y, 0.012 + 0.06 * near)
            flower_bed(frame, light.on(colour, 0.4 * (1 - near)), light, kind)


@scenery("desert", phrases=("a desert", "sand dunes", "a desert with dunes"), weight=0.7)
def desert(canvas: Canvas, light: Light, colour: str) -> None:
    """Rolling dunes."""
    del colour
    horizon = light.random.uniform(0.42, 0.56)
    paint_sky(canvas, light, horizon)
    with canvas.marking():
        for k in range(4):
            sand = mix((0.94, 0.77, 0.46), (0.76, 0.50, 0.24), k / 4)
            outline = ridge(light.random, canvas.aspect, horizon + 0.11 * k, 0.045, 0.35)
            paint_ground_of(canvas, light.on(sand, 0.4 * (1 - k / 3) if k < 3 else 0.0), outline)


def paint_ground_of(canvas: Canvas, colour: Colour, outline: list[tuple[float, float]]) -> None:
    """Everything below an outline, a little darker downwards."""
    canvas.gradient([*outline, (canvas.aspect, 1.0), (0.0, 1.0)], lighter(colour, 0.08), darker(colour, 0.12))


@scenery(
    "city", phrases=("a city skyline", "a city", "tall buildings in a city", "a city with towers"), weight=1.0
)
def city(canvas: Canvas, light: Light, colour: str) -> None:
    """Two rows of towers with windows, over a street or water."""
    del colour
    random = light.random
    horizon = random.uniform(0.74, 0.86)
    orb = paint_sky(canvas, light, horizon)
    with canvas.marking():
        for far in (1, 0):
            x = -0.05
            while x < canvas.aspect + 0.02:
                wide, high = random.uniform(0.1, 0.18), random.uniform(0.24, 0.55) * (1.1 if far else 0.8)
                tone = light.on(str(random.choice(["gray", "blue", "brown", "purple"])), 0.8 if far else 0.1)
                top = horizon - high
                canvas.polygon(
                    [(x, top), (x + wide, top), (x + wide, horizon + 0.05), (x, horizon + 0.05)], tone
                )
                if not far:
                    _windows(canvas, light, x, top, wide, horizon)
                x += wide + random.uniform(-0.01, 0.02)
    if random.random() < 0.4:
        paint_water(canvas, light, horizon, 1.0, orb)
    else:
        street = light.on("gray" if light.weather != "snow" else "white")
        canvas.polygon([(0, horizon), (canvas.aspect, horizon), (canvas.aspect, 1), (0, 1)], street)


def _windows(canvas: Canvas, light: Light, x: float, top: float, wide: float, horizon: float) -> None:
    glass = window_colour(light)
    for row in range(int((horizon - top - 0.03) / 0.055)):
        for column in range(int((wide - 0.02) / 0.042)):
            if light.random.random() < 0.65:
                u, v = x + 0.016 + column * 0.042, top + 0.025 + row * 0.055
                canvas.polygon([(u, v), (u + 0.022, v), (u + 0.022, v + 0.03), (u, v + 0.03)], glass)


@scenery(
    "village",
    colours=("red", "orange", "blue", "brown"),
    phrases=("a village with {c} roofs", "a small town with {c} roofs"),
    weight=0.8,
)
def village(canvas: Canvas, light: Light, colour: str) -> None:
    """Many small houses on a hillside."""
    from .buildings import house

    random = light.random
    horizon = random.uniform(0.42, 0.52)
    paint_sky(canvas, light, horizon)
    paint_ground(canvas, light, horizon, "green", ridge(random, canvas.aspect, horizon, 0.05, 0.4))
    with canvas.marking():
        for foot in sorted(random.uniform(horizon + 0.1, 0.97) for _ in range(int(8 * canvas.aspect) + 1)):
            size = 0.14 + 0.16 * (foot - horizon) / (1 - horizon)
            house(
                Frame(canvas, random.uniform(0.05, canvas.aspect - 0.05), foot, size), light.on(colour), light
            )


@scenery("river", phrases=("a river", "a river in a valley", "a winding river"), weight=0.8)
def river(canvas: Canvas, light: Light, colour: str) -> None:
    """A river that winds from the hills to the viewer."""
    del colour
    random = light.random
    horizon = random.uniform(0.38, 0.5)
    paint_sky(canvas, light, horizon)
    paint_ground_of(
        canvas,
        light.on("green" if light.weather != "snow" else SNOW, 0.7),
        ridge(random, canvas.aspect, horizon - 0.06, 0.05, 0.4),
    )
    paint_ground(canvas, light, horizon)
    water = mix(light.on("blue"), light.horizon, 0.4)
    middle, swing = canvas.aspect / 2, random.uniform(0.12, 0.2) * random.choice([-1, 1])
    left, right = [], []
    for k in range(18):
        t = k / 17
        y = horizon + 0.01 + (1 - horizon) * t
        x = middle + swing * math.sin(t * 5.5) * (0.35 + t)
        half = 0.012 + 0.17 * t * t
        left.append((x - half, y))
        right.append((x + half, y))
    with canvas.marking():
        canvas.gradient([*left, *reversed(right)], lighter(water, 0.25), water)
    for foot in sorted(random.uniform(horizon + 0.05, 0.9) for _ in range(4)):
        side = random.choice([random.uniform(0, 0.25), random.uniform(0.75, 1)]) * canvas.aspect
        pine(Frame(canvas, float(side), foot, 0.12 + 0.25 * (foot - horizon)), light.on("green"), light)


@scenery(
    "island", phrases=("an island", "a small island in the sea", "an island with a palm tree"), weight=0.8
)
def island(canvas: Canvas, light: Light, colour: str) -> None:
    """A sandy island with a palm in the sea."""
    from .plants import palm

    del colour
    horizon = light.random.uniform(0.42, 0.52)
    orb = paint_sky(canvas, light, horizon)
    paint_water(canvas, light, horizon, 1.0, orb, "teal")
    x = canvas.aspect / 2 + light.random.uniform(-0.08, 0.08)
    with canvas.marking():
        canvas.ellipse(x, 0.76, 0.36, 0.075, light.on((0.93, 0.82, 0.55)))
        canvas.ellipse(x - 0.03, 0.735, 0.22, 0.05, light.on("green"))
        palm(
            Frame(canvas, x - 0.05, 0.74, light.random.uniform(0.46, 0.56), bool(light.random.integers(2))),
            light.on("green"),
            light,
        )


@scenery("volcano", phrases=("a volcano", "a volcano with lava", "an erupting volcano"), weight=0.7)
def volcano(canvas: Canvas, light: Light, colour: str) -> None:
    """A cone with lava and smoke."""
    del colour
    random = light.random
    horizon = random.uniform(0.78, 0.86)
    paint_sky(canvas, light, horizon, orb=False)
    paint_ground(canvas, light, horizon, "brown")
    x = canvas.aspect / 2 + random.uniform(-0.08, 0.08)
    rock = light.on((0.36, 0.27, 0.25))
    with canvas.marking():
        for k in range(7):
            r = 0.05 + 0.018 * k
            canvas.ellipse(
                x + random.uniform(-0.05, 0.05),
                0.32 - 0.045 * k,
                r * 1.2,
                r,
                light.on((0.45, 0.43, 0.44)),
                0.75,
            )
        canvas.polygon(
            [(x - 0.44, horizon + 0.03), (x - 0.1, 0.36), (x + 0.1, 0.36), (x + 0.44, horizon + 0.03)], rock
        )
        canvas.polygon(
            [(x + 0.02, 0.36), (x + 0.1, 0.36), (x + 0.44, horizon + 0.03), (x + 0.12, horizon + 0.03)],
            darker(rock, 0.25),
        )
        canvas.ellipse(x, 0.36, 0.1, 0.022, (1.0, 0.45, 0.1))
        for lean in (-0.12, 0.0, 0.1):
            points = [(x + lean * 0.4, 0.36), (x + lean * 0.8 + 0.02, 0.5), (x + lean * 1.4, 0.66)]
            canvas.line(points, 0.024, (1.0, 0.4, 0.08))


@scenery("rainbow", phrases=("a rainbow", "a rainbow over a meadow", "a rainbow over hills"), weight=0.7)
def rainbow(canvas: Canvas, light: Light, colour: str) -> None:
    """A rainbow over hills."""
    del colour
    horizon = light.random.uniform(0.66, 0.78)
    paint_sky(canvas, light, horizon, orb=False)
    x, radius = canvas.aspect / 2 + light.random.uniform(-0.1, 0.1), light.random.uniform(0.42, 0.52)
    with canvas.marking():
        for k, name in enumerate(("red", "orange", "yellow", "green", "blue", "purple")):
            r = radius - 0.028 * k
            steps = [math.pi * j / 30 for j in range(31)]
            canvas.line(
                [(x + r * math.cos(a), horizon + 0.04 - r * math.sin(a)) for a in steps], 0.03, light.on(name)
            )
    paint_ground(canvas, light, horizon, "green", ridge(light.random, canvas.aspect, horizon, 0.04, 0.4))
