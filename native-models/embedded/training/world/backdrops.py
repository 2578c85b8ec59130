"""The places a motif can stand in. Each paints the background and says where feet go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .canvas import Canvas, Frame
from .light import Light, paint_ground, paint_sky, paint_water, ridge
from .motifs.landscapes import mountain_range, paint_ground_of
from .motifs.plants import pine, tree
from .palette import NAMED, Colour, darker, jitter, lighter, mix


@dataclass(frozen=True)
class Stage:
    """Where a motif's foot may be (range of y), and up to where it may reach (the smallest y of its top)."""

    foot: tuple[float, float]
    top: float = 0.04


@dataclass(frozen=True)
class Backdrop:
    """``paint`` draws it; ``words`` are how a caption may name it; ``outdoors`` gives it light and weather."""

    paint: Callable[[Canvas, Light], Stage]
    words: tuple[str, ...]
    outdoors: bool = True


def _land(canvas: Canvas, light: Light) -> Stage:
    random = light.random
    horizon = random.uniform(0.55, 0.7)
    paint_sky(canvas, light, horizon)
    choice = random.random()
    if choice < 0.25:
        mountain_range(canvas, light, horizon, "blue", 0.45)
    elif choice < 0.5:
        paint_ground(
            canvas, light, horizon - 0.06, "green", ridge(random, canvas.aspect, horizon - 0.07, 0.04, 0.4)
        )
    paint_ground(canvas, light, horizon, str(random.choice(["green", "green", "green", "yellow"])))
    if random.random() < 0.35:
        side = float(random.choice([random.uniform(0.04, 0.12), canvas.aspect - random.uniform(0.04, 0.12)]))
        plant = tree if random.random() < 0.5 else pine
        plant(Frame(canvas, side, horizon + 0.1, random.uniform(0.3, 0.42)), light.on("green", 0.2), light)
    return Stage((0.88, 0.95))


def _beach(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.4, 0.5)
    orb = paint_sky(canvas, light, horizon)
    paint_water(canvas, light, horizon, 0.76, orb, "teal")
    paint_ground_of(canvas, light.on((0.94, 0.83, 0.58)), ridge(light.random, canvas.aspect, 0.7, 0.02, 0.4))
    return Stage((0.88, 0.95))


def _desert(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.5, 0.62)
    paint_sky(canvas, light, horizon)
    for k in range(3):
        sand = mix((0.94, 0.77, 0.46), (0.76, 0.50, 0.24), k / 3)
        outline = ridge(light.random, canvas.aspect, horizon + 0.1 * k, 0.035, 0.35)
        paint_ground_of(canvas, light.on(sand, 0.5 * (1 - k / 2)), outline)
    return Stage((0.86, 0.94))


def _branch(canvas: Canvas, light: Light) -> Stage:
    paint_sky(canvas, light, 1.0)
    foot = light.random.uniform(0.72, 0.8)
    wood = light.on("brown")
    canvas.line(
        [(-0.05, foot + 0.09), (canvas.aspect * 0.45, foot + 0.02), (canvas.aspect + 0.05, foot - 0.03)],
        0.05,
        wood,
    )
    for k in range(7):
        x = canvas.aspect * (0.06 + 0.14 * k)
        lift = 0.07 if k % 2 else -0.05
        canvas.ellipse(x, foot + 0.03 - lift, 0.06, 0.028, light.on("green"), turn=0.7 if k % 2 else -0.7)
    return Stage((foot, foot + 0.005))


def _pond(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.36, 0.46)
    orb = paint_sky(canvas, light, horizon)
    paint_ground(canvas, light, horizon)
    paint_water(canvas, light, horizon + 0.1, 1.0, orb)
    for k in range(5):
        x = canvas.aspect * float(light.random.choice([0.05 + 0.03 * k, 0.95 - 0.03 * k]))
        canvas.line([(x, horizon + 0.2), (x + 0.015, horizon - 0.02)], 0.012, light.on("green"))
        canvas.ellipse(x + 0.016, horizon - 0.02, 0.013, 0.04, light.on("brown"))
    return Stage((0.72, 0.82))


def _underwater(canvas: Canvas, light: Light) -> Stage:
    random, width = light.random, canvas.aspect
    canvas.gradient([(0, 0), (width, 0), (width, 1), (0, 1)], (0.40, 0.78, 0.88), (0.05, 0.25, 0.50))
    paint_ground_of(canvas, (0.78, 0.70, 0.50), ridge(random, width, 0.88, 0.02, 0.4))
    for _ in range(int(6 * width)):
        x, high = random.uniform(0, width), random.uniform(0.12, 0.3)
        sway = [(x + 0.02 * (-1) ** k, 0.93 - high * k / 4) for k in range(5)]
        canvas.line(sway, 0.018, jitter(random, NAMED["green"], 0.08))
    for _ in range(int(12 * width)):
        x, y, r = random.uniform(0, width), random.uniform(0.05, 0.8), random.uniform(0.006, 0.018)
        canvas.ellipse(x, y, r, r, (0.85, 0.95, 1.0), 0.6)
    return Stage((0.62, 0.76))


def _sea(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.42, 0.58)
    orb = paint_sky(canvas, light, horizon)
    paint_water(canvas, light, horizon, 1.0, orb, str(light.random.choice(["blue", "blue", "teal"])))
    return Stage((0.74, 0.84))


def _shore(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.5, 0.6)
    orb = paint_sky(canvas, light, horizon)
    paint_water(canvas, light, horizon, 1.0, orb)
    return Stage((0.84, 0.9))


def _river(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.45, 0.55)
    paint_sky(canvas, light, horizon)
    paint_ground(canvas, light, horizon)
    paint_water(canvas, light, 0.7, 0.92, None)
    paint_ground(canvas, light, 0.93)
    return Stage((0.78, 0.82))


def _road(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.48, 0.6)
    paint_sky(canvas, light, horizon)
    if light.random.random() < 0.4:
        mountain_range(canvas, light, horizon, "green", 0.4)
    paint_ground(canvas, light, horizon)
    width = canvas.aspect
    canvas.polygon([(0, 0.76), (width, 0.76), (width, 0.95), (0, 0.95)], light.on((0.42, 0.42, 0.45)))
    for k in range(int(5 * width)):
        x = 0.03 + k * 0.22
        canvas.polygon([(x, 0.85), (x + 0.11, 0.85), (x + 0.11, 0.865), (x, 0.865)], light.on("white"))
    return Stage((0.83, 0.88))


def _rails(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.5, 0.6)
    paint_sky(canvas, light, horizon)
    if light.random.random() < 0.4:
        mountain_range(canvas, light, horizon, "gray", 0.4)
    paint_ground(canvas, light, horizon)
    width = canvas.aspect
    for k in range(int(14 * width)):
        x = k * 0.075
        canvas.polygon([(x, 0.86), (x + 0.035, 0.86), (x + 0.03, 0.92), (x - 0.005, 0.92)], light.on("brown"))
    canvas.line([(0, 0.865), (width, 0.865)], 0.014, light.on("gray"))
    return Stage((0.86, 0.865))


def _sky(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.8, 0.9)
    paint_sky(canvas, light, horizon)
    if light.random.random() < 0.5:
        mountain_range(canvas, light, horizon, "blue", 0.4)
    paint_ground(canvas, light, horizon)
    return Stage((0.7, 0.82), 0.05)


def _meadow_air(canvas: Canvas, light: Light) -> Stage:
    horizon = light.random.uniform(0.66, 0.76)
    paint_sky(canvas, light, horizon)
    paint_ground(canvas, light, horizon)
    for _ in range(int(14 * canvas.aspect)):
        x, y = light.random.uniform(0, canvas.aspect), light.random.uniform(horizon + 0.05, 0.98)
        r = 0.008 + 0.02 * (y - horizon)
        canvas.ellipse(x, y, r, r, light.on(str(light.random.choice(["white", "yellow", "pink"]))))
    return Stage((0.66, 0.78), 0.06)


def _wall(light: Light, dark: bool) -> Colour:
    name = str(light.random.choice(["gray", "blue", "yellow", "teal", "white", "pink", "green"]))
    return jitter(
        light.random, mix(NAMED[name], (0.16, 0.14, 0.15) if dark else (0.88, 0.85, 0.82), 0.55), 0.03
    )


def _table(canvas: Canvas, light: Light) -> Stage:
    random, width = light.random, canvas.aspect
    edge = random.uniform(0.55, 0.66)
    wall = _wall(light, random.random() < 0.15)
    canvas.gradient([(0, 0), (width, 0), (width, edge + 0.01), (0, edge + 0.01)], darker(wall, 0.1), wall)
    top = jitter(random, (NAMED["brown"], (0.72, 0.52, 0.33), NAMED["white"])[int(random.integers(3))], 0.04)
    canvas.gradient([(0, edge), (width, edge), (width, 1), (0, 1)], top, darker(top, 0.25))
    return Stage((edge + 0.2, edge + 0.28))


def _room(canvas: Canvas, light: Light) -> Stage:
    random, width = light.random, canvas.aspect
    edge = random.uniform(0.68, 0.76)
    wall = _wall(light, False)
    canvas.polygon([(0, 0), (width, 0), (width, edge), (0, edge)], wall)
    boards = jitter(random, (0.62, 0.44, 0.28), 0.05)
    canvas.gradient([(0, edge), (width, edge), (width, 1), (0, 1)], boards, darker(boards, 0.2))
    canvas.line([(0, edge), (width, edge)], 0.014, lighter(wall, 0.5))
    if random.random() < 0.5:
        x = float(random.choice([0.1, width - 0.3]))
        canvas.polygon([(x, 0.12), (x + 0.2, 0.12), (x + 0.2, 0.4), (x, 0.4)], (0.62, 0.82, 0.96))
        for line in (
            [(x, 0.12), (x + 0.2, 0.12), (x + 0.2, 0.4), (x, 0.4), (x, 0.12)],
            [(x + 0.1, 0.12), (x + 0.1, 0.4)],
            [(x, 0.26), (x + 0.2, 0.26)],
        ):
            canvas.line(line, 0.014, (0.97, 0.96, 0.93))
    return Stage((0.88, 0.95))


def _plain(canvas: Canvas, light: Light) -> Stage:
    wall = _wall(light, light.random.random() < 0.15)
    canvas.polygon([(0, 0), (canvas.aspect, 0), (canvas.aspect, 1), (0, 1)], lighter(wall, 0.25))
    foot = light.random.uniform(0.82, 0.88)
    canvas.ellipse(canvas.aspect / 2, foot + 0.01, 0.3, 0.03, darker(wall, 0.15), 0.5)
    return Stage((foot, foot + 0.02))


BACKDROPS: dict[str, Backdrop] = {
    "land": Backdrop(_land, ("in a meadow", "on the grass", "in the countryside")),
    "beach": Backdrop(_beach, ("on the beach", "on a sandy beach")),
    "desert": Backdrop(_desert, ("in the desert", "in a desert")),
    "branch": Backdrop(_branch, ()),
    "pond": Backdrop(_pond, ("on a pond", "on a lake")),
    "underwater": Backdrop(_underwater, ("under water", "under the sea"), outdoors=False),
    "sea": Backdrop(_sea, ("on the sea", "on the ocean", "on the water")),
    "open sea": Backdrop(_sea, ()),
    "shore": Backdrop(_shore, ("by the sea", "by the ocean")),
    "river": Backdrop(_river, ()),
    "road": Backdrop(_road, ("on the street", "by the road")),
    "rails": Backdrop(_rails, ("on the rails",)),
    "sky": Backdrop(_sky, ("over the hills",)),
    "meadow air": Backdrop(_meadow_air, ("over a meadow", "over flowers")),
    "table": Backdrop(_table, ("on a table", "on a table"), outdoors=False),
    "room": Backdrop(_room, ("in a room", "in a house"), outdoors=False),
    "plain": Backdrop(_plain, ("on a plain background", "on a simple background"), outdoors=False),
}
