"""The judge: a small convolutional network that reads the renderer's labels off pictures.

It is trained on rendered pictures only, so what it says of generated ones cannot be argued with; its own accuracy on rendered
pictures it never saw is stated beside every score. It never ships.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .batches import ShardPicker, picture_batch
from .dataset import Shard
from .loop import Plan, Run
from .networks.layers import GroupNorm
from .optimizer import Rates
from .runtime import Runtime
from .targets import CLASSES, Heads, heads_loss, label_indices
from .world.labels import Labels
from .world.media import MEDIA

SIDE = 128
JUDGED = ("motif", "medium", "colour", "time")


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
        self.heads = Heads(16 * width)

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        x = F.silu(self.stem(shrink(picture)))
        for block in self.blocks:
            x = block(x)
        return self.heads(torch.cat([x.float().mean((2, 3)), x.float().amax((2, 3))], dim=1))


def wanted_of(rows: list[Labels]) -> dict[str, Tensor]:
    """Class indices of a batch; colour is -1 (not asked) in media without colour."""
    indices = [label_indices(labels) for labels in rows]
    for row, labels in zip(indices, rows):
        if not MEDIA[labels.medium].chromatic:
            row["colour"] = -1
    return {name: torch.tensor([row[name] for row in indices]) for name in CLASSES}


def train_classifier(
    runtime: Runtime, shards: list[Shard], plan: Plan, path: Path, batch: int, width: int
) -> None:
    """Train on rendered pictures to the checkpoint ``path``."""
    torch.manual_seed(0)
    network = LabelClassifier(width)
    generator = torch.Generator().manual_seed(41 + runtime.rank)
    picker = ShardPicker(shards, generator)
    run = Run(
        runtime,
        {"classifier": (network, 1.0)},
        plan,
        Rates(adam=2e-3, muon=2e-3, decay=0.02),
        path,
        generator,
    )
    run.resume()

    def loss(share: float) -> Tensor:
        del share
        shard, indices = picker.pick(batch)
        indices = sorted(indices)
        wanted = wanted_of([shard.labels(index) for index in indices])
        pictures = shrink(picture_batch(shard, indices, runtime.device))
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
def hits(network: LabelClassifier, pictures: Tensor, rows: list[Labels]) -> dict[str, list[bool | None]]:
    """For each judged label and picture, whether the classifier reads what the labels say; None where it is not asked.

    Light is asked only outdoors, colour only where the motif has a choice of colours and the medium shows them.
    """
    device = next(network.parameters()).device
    read = {name: logits.argmax(1).cpu() for name, logits in network(pictures.to(device)).items()}
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
