"""What a motif is, and the list of all of them. Importing :mod:`.` fills the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..canvas import Canvas, Frame
from ..light import Light
from ..palette import Colour

DrawObject = Callable[[Frame, Colour, Light], None]
DrawScenery = Callable[[Canvas, Light, str], None]


@dataclass(frozen=True)
class Motif:
    """A thing that stands in a setting. ``draw`` gets a frame one unit tall, the colour as lit, and the light.

    ``colours`` are those a caption may name; ``phrases`` word one of it with ``{c}`` for the colour, ``plural`` several.
    ``settings`` are names in :mod:`..settings_of_scenes`; ``size`` is the range of its height in a picture of height 1.
    ``reach`` is the half width
    of the drawing in units of that height. ``weight`` says how often it comes up. ``lifted`` motifs hang in the air.
    """

    name: str
    draw: DrawObject
    settings: tuple[str, ...]
    colours: tuple[str, ...]
    phrases: tuple[str, ...]
    plural: str | None
    size: tuple[float, float]
    reach: float = 0.5
    weight: float = 1.0
    lifted: bool = False


@dataclass(frozen=True)
class Scenery:
    """A whole landscape or pattern. ``draw`` paints all of it, motif mask included; ``light`` is None for patterns.

    ``outdoors`` sceneries have light and weather and are named together with them.
    """

    name: str
    draw: DrawScenery
    colours: tuple[str, ...]
    phrases: tuple[str, ...]
    outdoors: bool = True
    weight: float = 1.0


MOTIFS: dict[str, Motif] = {}
SCENERIES: dict[str, Scenery] = {}


def motif(
    name: str,
    *,
    settings: tuple[str, ...],
    colours: tuple[str, ...] = (),
    phrases: tuple[str, ...],
    plural: str | None = None,
    size: tuple[float, float] = (0.5, 0.68),
    reach: float = 0.5,
    weight: float = 1.0,
    lifted: bool = False,
) -> Callable[[DrawObject], DrawObject]:
    """Register the decorated function as the drawing of a motif."""

    def register(draw: DrawObject) -> DrawObject:
        MOTIFS[name] = Motif(name, draw, settings, colours, phrases, plural, size, reach, weight, lifted)
        return draw

    return register


def scenery(
    name: str,
    *,
    colours: tuple[str, ...] = (),
    phrases: tuple[str, ...],
    outdoors: bool = True,
    weight: float = 1.0,
) -> Callable[[DrawScenery], DrawScenery]:
    """Register the decorated function as the drawing of a scenery."""

    def register(draw: DrawScenery) -> DrawScenery:
        SCENERIES[name] = Scenery(name, draw, colours, phrases, outdoors, weight)
        return draw

    return register


def all_names() -> list[str]:
    """Names of every motif and scenery, in a fixed order: the classes a classifier tells apart."""
    return sorted([*MOTIFS, *SCENERIES])
