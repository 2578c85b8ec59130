"""The judge: a small convolutional network that reads the renderer's labels off pictures.

It is trained on rendered pictures only, so what it says of generated ones cannot be argued with; its own accuracy on rendered
pictures it never saw is stated beside every score. It never ships.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .batches import integer
from .dataset import Shard
from .model_folder import from_bytes
from .loop import Plan, Run
from .networks.layers import GroupNorm
from .optimizer import Rates
from .runtime import Runtime
from .targets import Heads, heads_loss, label_indices
from .world.labels import Labels
from .world.media import MEDIA

SIDE = 128
SHIFT = 6
JUDGED = ("motif", "medium", "colour", "time")
# Weather is not judged, but whoever sees it is not misled about the light.
LEARNT = (*JUDGED, "weather")


class Block(nn.Module):
    """Two convolutions with a residual path, halving the size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1)
        self.norm = GroupNorm(8, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.norm_after = GroupNorm(8, outputs)
        self.around = nn.Conv2d(inputs, outputs, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm_after(self.second(F.silu(self.norm(self.first(x)))))
        return F.silu(y + self.around(x))


def shrink(picture: Tensor) -> Tensor:
    """Bring pictures (B, 3, H, W) to the size the judge looks at; those that have it are left as they are."""
    if picture.shape[-2:] == (SIDE, SIDE):
        return picture
    return F.interpolate(picture, (SIDE, SIDE), mode="bilinear", antialias=True)


class LabelClassifier(nn.Module):
    """Pictures (B, 3, H, W) in -1..1, any size, to logits for every label; looks at them at 128 px."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.width = width
        self.stem = nn.Conv2d(3, width, 4, stride=2, padding=1)
        self.blocks = nn.ModuleList(
            Block(a, b) for a, b in ((width, 2 * width), (2 * width, 4 * width), (4 * width, 8 * width))
        )
        self.heads = Heads(16 * width, LEARNT)

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        x = F.silu(self.stem(shrink(picture)))
        for block in self.blocks:
            x = block(x)
        return self.heads(torch.cat([x.float().mean((2, 3)), x.float().amax((2, 3))], dim=1))


def wanted_of(rows: list[Labels]) -> dict[str, Tensor]:
    """Class indices of a batch; what cannot be seen is -1, not asked.

    Light is hidden where there is no colour: a sunrise in charcoal is a day in charcoal, and by night or in fog there is no telling what
    such a drawing shows. A thing's own colour is hidden there too, in fog, and where the medium has few inks.
    """
    indices = [label_indices(labels) for labels in rows]
    for row, labels in zip(indices, rows):
        medium = MEDIA[labels.medium]
        if not medium.chromatic:
            row["time"] = -1
            if labels.time == "night" or labels.weather == "fog":
                row["motif"] = -1
        if not medium.own_colours or labels.weather == "fog":
            row["colour"] = -1
    return {name: torch.tensor([row[name] for row in indices]) for name in LEARNT}


class Gallery:
    """Every taught picture of some shards as the judge sees it: (N, 3, 128, 128) uint8 and class indices, all in memory."""

    def __init__(self, shards: list[Shard]) -> None:
        self.rows = [shard.labels(index) for shard in shards for index in shard.taught]
        self.wanted = wanted_of(self.rows)
        self.pictures = torch.cat([_shrunk(shard) for shard in shards])

    def batch(self, size: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """Random pictures fp32 in -1..1, mirrored half of the time and shifted a little, and their classes."""
        places = torch.randint(0, len(self.pictures), (size,), generator=generator)
        pictures = from_bytes(self.pictures[places])
        mirrored = torch.rand(size, generator=generator) < 0.5
        pictures[mirrored] = pictures[mirrored].flip(3)
        pictures = F.pad(pictures, (SHIFT,) * 4, mode="replicate")
        x, y = integer(generator, 2 * SHIFT + 1), integer(generator, 2 * SHIFT + 1)
        wanted = {name: values[places] for name, values in self.wanted.items()}
        return pictures[:, :, y : y + SIDE, x : x + SIDE], wanted


def _shrunk(shard: Shard) -> Tensor:
    parts = []
    for begin in range(0, len(shard.taught), 64):
        pictures = torch.from_numpy(shard.pictures[shard.taught[begin : begin + 64]]).permute(0, 3, 1, 2)
        parts.append(shrink(pictures.float()).round().to(torch.uint8))
    return torch.cat(parts)


def train_classifier(
    runtime: Runtime, shards: list[Shard], plan: Plan, path: Path, batch: int, width: int
) -> None:
    """Train on rendered pictures to the checkpoint ``path``."""
    torch.manual_seed(0)
    network = LabelClassifier(width)
    generator = torch.Generator().manual_seed(41 + runtime.rank)
    gallery = Gallery(shards)
    run = Run(
        runtime,
        {"classifier": (network, 1.0)},
        plan,
        Rates(adam=2e-3, muon=4e-3, decay=0.02),
        path,
        generator,
    )
    run.resume()

    def loss(share: float) -> Tensor:
        del share
        pictures, wanted = gallery.batch(batch, generator)
        pictures = pictures.to(runtime.device)
        # Generated pictures are softer and a little off in colour; the judge must not mind.
        contrast = 0.9 + 0.2 * torch.rand((), generator=generator).item()
        pictures = contrast * pictures + 0.03 * torch.randn_like(pictures)
        return heads_loss(
            network(pictures), {name: value.to(runtime.device) for name, value in wanted.items()}
        )

    run.train(loss)


def load_classifier(path: Path, device: torch.device) -> LabelClassifier:
    """The averaged classifier of a checkpoint."""
    weights = torch.load(path, map_location="cpu")["averaged"]["classifier"]
    network = LabelClassifier(weights["stem.weight"].shape[0])
    network.load_state_dict(weights)
    return network.to(device).eval()


@torch.no_grad()
def read_labels(network: LabelClassifier, pictures: Tensor) -> dict[str, Tensor]:
    """The class (B,) read for each label, by the mean of four looks: as it is and mirrored, each also shifted by 4 pixels of 128."""
    small = shrink(pictures)
    padded = F.pad(small, (4,) * 4, mode="replicate")
    views = (small, small.flip(3), padded[:, :, :SIDE, :SIDE], padded[:, :, 8:, 8:].flip(3))
    read = [network(view) for view in views]
    return {
        name: torch.stack([logits[name].float().log_softmax(1) for logits in read]).mean(0).argmax(1)
        for name in LEARNT
    }


@torch.no_grad()
def hits(network: LabelClassifier, pictures: Tensor, rows: list[Labels]) -> dict[str, list[bool | None]]:
    """For each judged label and picture, whether the classifier reads what the labels say; None where it is not asked.

    Light is asked only outdoors, colour only where the motif has a choice of colours, both only where they can be seen.
    """
    device = next(network.parameters()).device
    read = {name: classes.cpu() for name, classes in read_labels(network, pictures.to(device)).items()}
    wanted = wanted_of(rows)
    result: dict[str, list[bool | None]] = {}
    for name in JUDGED:
        asked = [
            getattr(labels, name) is not None and int(wanted[name][index]) >= 0
            for index, labels in enumerate(rows)
        ]
        right = (read[name] == wanted[name]).tolist()
        result[name] = [value if ask else None for value, ask in zip(right, asked)]
    return result


def share_right(values: list[bool | None]) -> float:
    """Share of the asked that are right; NaN if none was asked."""
    asked = [value for value in values if value is not None]
    return sum(asked) / len(asked) if asked else float("nan")
