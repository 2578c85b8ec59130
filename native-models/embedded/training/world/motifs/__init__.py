"""The things that can be painted. Each module registers its own; this one makes sure that all are loaded."""

from . import (  # noqa: F401
    animals,
    buildings,
    food,
    indoors,
    landscapes,
    patterns,
    people,
    plants,
    vehicles,
)
from .registry import MOTIFS, SCENERIES, Motif, Scenery, all_names

__all__ = ["MOTIFS", "SCENERIES", "Motif", "Scenery", "all_names"]
