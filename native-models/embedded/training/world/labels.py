"""What a picture shows, as plain data: drawn first, rendered second, captioned third.

Everything random about *what* is shown is decided here; everything random about *how* it looks is left to the renderer. That
is what lets a classifier be asked whether a painted picture shows what its prompt said.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from .backdrops import BACKDROPS
from .light import TIMES, WEATHERS
from .media import MEDIA
from .motifs import MOTIFS, SCENERIES, Motif, Scenery

COUNTS = (1, 2, 3)
POSITIONS = ("left", "right")


@dataclass(frozen=True)
class Labels:
    """One picture. What does not apply is None: indoors has no time or weather, some motifs have one colour only."""

    motif: str
    medium: str
    colour: str | None = None
    setting: str | None = None
    time: str | None = None
    weather: str | None = None
    count: int = 1
    position: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON; ``Labels(**data)`` is its inverse."""
        return asdict(self)


@lru_cache(maxsize=1)
def held_out_combinations() -> tuple[dict[str, object], ...]:
    """The entries of ``held_out.json``."""
    return tuple(json.loads((Path(__file__).parent / "held_out.json").read_text())["combinations"])


@lru_cache(maxsize=1)
def taught_things() -> tuple[Motif | Scenery, ...]:
    """The motifs and sceneries named in ``taught.json``, in the order of the registry; a name it does not know is an error."""
    names = set(json.loads((Path(__file__).parent / "taught.json").read_text())["motifs"])
    unknown = names - {*MOTIFS, *SCENERIES}
    if unknown:
        raise ValueError(f"taught.json names motifs that cannot be drawn: {', '.join(sorted(unknown))}")
    return tuple(thing for thing in (*MOTIFS.values(), *SCENERIES.values()) if thing.name in names)


def is_held_out(labels: Labels) -> bool:
    """Whether these labels are one of the combinations kept from training."""
    return any(
        all(getattr(labels, key) == value for key, value in entry.items())
        for entry in held_out_combinations()
    )


def _weather_that_fits(motif: str, setting: str | None, weather: str) -> str:
    if motif == "snowman":
        return "snow"
    if motif == "rainbow":
        return "clear"
    if (motif in ("desert", "cactus") or setting in ("desert", "beach")) and weather in ("rain", "snow"):
        return "clear"
    return weather


def _draw(random: np.random.Generator) -> Labels:
    things = taught_things()
    weights = np.array([thing.weight for thing in things])
    thing = things[int(random.choice(len(things), p=weights / weights.sum()))]
    medium = str(random.choice(list(MEDIA)))
    colour = str(random.choice(thing.colours)) if thing.colours else None
    setting, count, position = None, 1, None
    outdoors = getattr(thing, "outdoors", True)
    if thing.name in MOTIFS:
        motif = MOTIFS[thing.name]
        setting = str(random.choice(motif.settings))
        outdoors = BACKDROPS[setting].outdoors
        if motif.plural and random.random() < 0.2:
            count = int(random.choice(COUNTS[1:]))
        elif random.random() < 0.25:
            position = str(random.choice(POSITIONS))
    time = weather = None
    if outdoors:
        time = "day" if thing.name == "rainbow" else str(random.choice(TIMES, p=(0.34, 0.2, 0.22, 0.24)))
        weather = str(random.choice(WEATHERS, p=(0.52, 0.12, 0.12, 0.12, 0.12)))
        weather = _weather_that_fits(thing.name, setting, weather)
    return Labels(thing.name, medium, colour, setting, time, weather, count, position)


def draw_labels(random: np.random.Generator) -> Labels:
    """Labels for one training picture: never a held-out combination."""
    while True:
        labels = _draw(random)
        if not is_held_out(labels):
            return labels


def draw_held_out(random: np.random.Generator) -> Labels:
    """Labels of a held-out combination, each entry equally often."""
    entries = held_out_combinations()
    entry = entries[int(random.integers(len(entries)))]
    while True:
        drawn = _draw(random)
        if drawn.motif != entry["motif"]:
            continue
        labels = replace(drawn, **{key: value for key, value in entry.items() if key != "motif"})
        if (labels.time is None) != (drawn.time is None) or (labels.weather is None) != (
            drawn.weather is None
        ):
            continue
        return labels
