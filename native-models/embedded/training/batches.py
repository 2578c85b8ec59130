"""Random batches out of shards, drawn with a torch generator so that a run can be resumed to the bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .dataset import CAPTIONS, Shard
from .model_folder import from_bytes
from .tokenizer import Tokenizer


def integer(generator: torch.Generator, below: int) -> int:
    """A uniform integer in 0..below-1."""
    return int(torch.randint(0, below, (1,), generator=generator))


class ShardPicker:
    """Picks a shard in proportion to its size; a batch comes from one shard, because shards differ in shape."""

    def __init__(self, shards: list[Shard], generator: torch.Generator) -> None:
        self.shards, self.generator = shards, generator
        self.weights = torch.tensor([float(len(shard.taught)) for shard in shards])

    def pick(self, batch: int) -> tuple[Shard, list[int]]:
        """A shard and ``batch`` different indices of taught pictures in it (all of them, if it has fewer)."""
        shard = self.shards[int(torch.multinomial(self.weights, 1, generator=self.generator))]
        order = torch.randperm(len(shard.taught), generator=self.generator)[:batch]
        return shard, [shard.taught[place] for place in order.tolist()]


def picture_batch(shard: Shard, indices: list[int], device: torch.device) -> Tensor:
    """Pictures (B, 3, H, W) fp32 in -1..1, in ascending order of index. Bytes cross to the device, floats are made there."""
    return from_bytes(torch.from_numpy(shard.pictures[sorted(indices)]).to(device).permute(0, 3, 1, 2))


def crop_batch(
    shard: Shard, indices: list[int], side: int, cell: int, generator: torch.Generator, device: torch.device
) -> Tensor:
    """Square crops (B, 3, side, side) on the latent grid, mirrored half of the time."""
    crops = []
    for index in indices:
        picture = shard.pictures[index]
        y = integer(generator, (picture.shape[0] - side) // cell + 1) * cell
        x = integer(generator, (picture.shape[1] - side) // cell + 1) * cell
        crop = torch.from_numpy(picture[y : y + side, x : x + side].copy()).permute(2, 0, 1)
        crops.append(crop.flip(2) if integer(generator, 2) else crop)
    return from_bytes(torch.stack(crops).to(device))


def hint_batch(shard: Shard, indices: list[int]) -> Tensor:
    """Scribbles as hints (B, 3, H, W) fp32: 1 on lines, 0 elsewhere."""
    lines = torch.from_numpy(np.unpackbits(shard.scribbles[indices], axis=2)).float()
    return lines[:, None].expand(-1, 3, -1, -1)


@dataclass(frozen=True)
class Batch:
    """Where a batch came from, and latents (B, C, h, w) fp32, coverage (B, h, w) in 0..1 and token ids (B, T) on a device."""

    shard: Shard
    indices: list[int]
    latents: Tensor
    coverage: Tensor
    ids: Tensor


class CaptionedLatents:
    """Latents, coverage and token ids of every shard, in memory: (N, C, h, w) fp16, (N, h, w) uint8, (N, 4, T) int16."""

    def __init__(self, shards: list[Shard], tokenizer: Tokenizer) -> None:
        self.ids = {
            shard.folder: torch.tensor(
                [[tokenizer(text) for text in entry["captions"]] for entry in shard.entries],
                dtype=torch.int16,
            )
            for shard in shards
        }
        self.empty = torch.tensor(tokenizer(""))

    def batch(self, picker: ShardPicker, batch: int, drop: float, device: torch.device) -> Batch:
        """A batch with one of each picture's captions; a share ``drop`` of captions is empty."""
        generator = picker.generator
        shard, indices = picker.pick(batch)
        latents = torch.from_numpy(shard.latents[indices]).float()
        coverage = torch.from_numpy(shard.coverage[indices]).float() / 255
        which = torch.randint(0, CAPTIONS, (len(indices),), generator=generator)
        ids = self.ids[shard.folder][indices, which].long()
        ids[torch.rand(len(indices), generator=generator) < drop] = self.empty
        return Batch(shard, indices, latents.to(device), coverage.to(device), ids.to(device))
