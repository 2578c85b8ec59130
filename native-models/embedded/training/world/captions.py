"""Wording a picture: many surface forms of the same labels, so that the model learns words and not sentences."""

from __future__ import annotations

import re

import numpy as np

from .backdrops import BACKDROPS
from .labels import Labels
from .media import MEDIA
from .motifs import MOTIFS, SCENERIES

TIME_PHRASES = {
    "day": ("during the day", "in daylight", "at noon", "on a sunny day"),
    "sunrise": ("at sunrise", "at dawn", "in the morning"),
    "sunset": ("at sunset", "in the evening", "at dusk"),
    "night": ("at night", "by moonlight", "under the stars"),
}
WEATHER_PHRASES = {
    "cloudy": ("with clouds", "on a cloudy day", "cloudy"),
    "rain": ("in the rain", "rainy", "on a rainy day"),
    "snow": ("in the snow", "snowy", "in winter"),
    "fog": ("in the fog", "foggy", "misty"),
}
POSITION_PHRASES = {
    "left": ("on the left", "at the left side"),
    "right": ("on the right", "at the right side"),
}
NUMBERS = {2: "two", 3: "three"}

# A word, and other words for it that are taught alongside.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "red": ("crimson", "scarlet"),
    "yellow": ("golden",),
    "purple": ("violet",),
    "blue": ("azure",),
    "gray": ("grey",),
    "pink": ("rosy",),
    "teal": ("turquoise",),
    "cat": ("kitten",),
    "dog": ("puppy",),
    "house": ("home", "hut"),
    "sailboat": ("ship", "boat"),
    "car": ("automobile",),
    "airplane": ("aircraft",),
    "forest": ("wood", "woods"),
    "city": ("town",),
    "vase": ("jar",),
    "watercolor": ("watercolour",),
    "colors": ("colours",),
    "sea": ("ocean",),
    "cup": ("mug",),
    "present": ("gift",),
    "castle": ("palace",),
    "tent": ("canvas tent",),
    "rocket": ("spaceship",),
    "meadow": ("grassland",),
}
FILLERS = (
    "beautiful", "detailed", "lovely", "simple", "nice", "high quality", "masterpiece", "fine art", "colorful", "artistic",
    "quiet", "calm", "dramatic", "a picture of", "a painting of", "image of", "scene", "view", "pretty", "best quality",
    "award winning", "4 k", "soft light", "in the style of a master", "cute", "charming",
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOINED = ("at", "in", "on", "by", "under", "during", "with", "over")


def with_articles(text: str) -> str:
    """Turn "a orange" into "an orange", and leave no double space."""
    return re.sub(r"\ba (?=[aeio])", "an ", " ".join(text.split()))


def subject(labels: Labels, random: np.random.Generator) -> str:
    """The motif with its colour and number, such as "two red apples"."""
    thing = MOTIFS.get(labels.motif) or SCENERIES[labels.motif]
    colour = labels.colour or ""
    if labels.count > 1 and labels.motif in MOTIFS:
        plural = MOTIFS[labels.motif].plural or ""
        return f"{NUMBERS[labels.count]} {plural.format(c=colour)}"
    return str(random.choice(thing.phrases)).format(c=colour)


def plain_caption(labels: Labels, with_setting: bool = True) -> str:
    """The first wording of everything, with nothing left out but, if asked, the setting: what evaluation prompts use."""
    thing = MOTIFS.get(labels.motif) or SCENERIES[labels.motif]
    colour = labels.colour or ""
    if labels.count > 1 and labels.motif in MOTIFS:
        text = f"{NUMBERS[labels.count]} {(MOTIFS[labels.motif].plural or '').format(c=colour)}"
    else:
        named = [phrase for phrase in thing.phrases if "{c}" in phrase] or thing.phrases
        text = named[0].format(c=colour)
    if with_setting and labels.setting and BACKDROPS[labels.setting].words:
        text += f" {BACKDROPS[labels.setting].words[0]}"
    if labels.position:
        text += f", {POSITION_PHRASES[labels.position][0]}"
    if labels.time:
        text += f" {TIME_PHRASES[labels.time][0]}"
    if labels.weather in WEATHER_PHRASES:
        text += f" {WEATHER_PHRASES[labels.weather][0]}"
    return with_articles(f"{MEDIA[labels.medium].openings[0]} {text}")


def caption(labels: Labels, random: np.random.Generator) -> str:
    """One of many captions. Attributes are dropped at random, words replaced by synonyms, filler or nonsense added."""

    def pick(words: tuple[str, ...]) -> str:
        return str(words[int(random.integers(len(words)))])

    medium = MEDIA[labels.medium] if random.random() < 0.92 else None
    parts = _details(labels, random, pick)
    text = subject(labels, random)
    if random.random() < 0.62:
        other = medium is not None and random.random() < 0.2
        text = f"{pick(medium.openings)} {text}" if medium and not other else text
        for index, part in enumerate(parts):
            joined = index < 2 and part.split()[0] in JOINED
            text += f" {part}" if joined else f", {part}"
        if medium and other:
            text += f", {pick(medium.tags)}"
    else:
        tags = [*parts, pick(medium.tags)] if medium else parts
        tags = [tags[int(i)] for i in random.permutation(len(tags))]
        lead = re.sub(r"^(a|an|the) ", "", text) if random.random() < 0.4 else text
        text = ", ".join([lead, *tags] if random.random() < 0.75 else [*tags, lead])
    return with_articles(_disturb(_swap(text, random, pick), random, pick))


def _details(labels: Labels, random: np.random.Generator, pick) -> list[str]:
    parts = []
    words = BACKDROPS[labels.setting].words if labels.setting else ()
    if words and random.random() < 0.6:
        parts.append(pick(words))
    if labels.position and random.random() < 0.9:
        parts.append(pick(POSITION_PHRASES[labels.position]))
    if labels.time and random.random() < (0.5 if labels.time == "day" else 0.94):
        parts.append(
            pick(TIME_PHRASES[labels.time])
            if random.random() < 0.7
            else labels.time.replace("day", "daylight")
        )
    if labels.weather in WEATHER_PHRASES and random.random() < 0.94:
        parts.append(pick(WEATHER_PHRASES[labels.weather]) if random.random() < 0.7 else str(labels.weather))
    return parts


def _swap(text: str, random: np.random.Generator, pick) -> str:
    words = []
    for word in text.split(" "):
        bare = word.rstrip(",")
        swap = bare in SYNONYMS and random.random() < 0.2
        words.append(pick(SYNONYMS[bare]) + word[len(bare) :] if swap else word)
    return " ".join(words)


def _disturb(text: str, random: np.random.Generator, pick) -> str:
    if random.random() < 0.14:
        text = f"{text}, {pick(FILLERS)}" if random.random() < 0.6 else f"{pick(FILLERS)} {text}"
    if random.random() < 0.05:
        nonsense = "".join(LETTERS[int(i)] for i in random.integers(0, 26, int(random.integers(3, 8))))
        words = text.split(" ")
        words.insert(int(random.integers(len(words) + 1)), nonsense)
        text = " ".join(words)
    return text
