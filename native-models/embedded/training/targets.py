"""The classes of each label, for networks that predict labels from words or from pixels."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from .world.backdrops import BACKDROPS
from .world.labels import COUNTS, POSITIONS, Labels
from .world.light import TIMES, WEATHERS
from .world.media import MEDIA
from .world.motifs import all_names
from .world.palette import COLOURS, PALETTES

# "none" comes first: the label does not apply. Colours hold the palettes of patterns too.
CLASSES: dict[str, tuple[object, ...]] = {
    "motif": tuple(all_names()),
    "medium": tuple(MEDIA),
    "colour": (None, *COLOURS, *PALETTES),
    "time": (None, *TIMES),
    "weather": (None, *WEATHERS),
    "setting": (None, *BACKDROPS),
    "count": COUNTS,
    "position": (None, *POSITIONS),
}
INDEX = {name: {value: index for index, value in enumerate(values)} for name, values in CLASSES.items()}


def label_indices(labels: Labels) -> dict[str, int]:
    """Class index of each label."""
    return {name: index[getattr(labels, name)] for name, index in INDEX.items()}


class Heads(nn.Module):
    """One linear layer for each of some labels over the same features (B, width)."""

    def __init__(self, width: int, names: tuple[str, ...] = tuple(CLASSES)) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({name: nn.Linear(width, len(CLASSES[name])) for name in names})

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        return {name: layer(features) for name, layer in self.layers.items()}


def heads_loss(outputs: dict[str, Tensor], wanted: dict[str, Tensor]) -> Tensor:
    """Sum of the cross-entropies; classes of -1 are not counted."""
    losses = [F.cross_entropy(outputs[name].float(), wanted[name], ignore_index=-1) for name in outputs]
    return sum(losses[1:], losses[0])
