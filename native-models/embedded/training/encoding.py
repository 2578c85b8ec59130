"""Compute the latents of every shard once, so that training the denoiser touches no pixels."""

from __future__ import annotations

import os

import numpy as np
import torch

from .batches import picture_batch
from .dataset import Shard
from .networks.autoencoder import AutoencoderKL
from .runtime import Runtime


@torch.no_grad()
def encode_shard(
    network: AutoencoderKL, shard: Shard, runtime: Runtime, batch: int = 16
) -> tuple[float, float]:
    """Write ``latents.npy``; returns the mean and the deviation of what was written, which should be near 0 and 1."""
    parts = []
    for begin in range(0, len(shard), batch):
        pictures = picture_batch(shard, list(range(begin, min(begin + batch, len(shard)))), runtime.device)
        with runtime.autocast():
            parts.append(network.encode(pictures).half().cpu())
    latents = torch.cat(parts).numpy()
    unfinished = shard.folder / "latents.part.npy"
    np.save(unfinished, latents)
    os.replace(unfinished, shard.folder / "latents.npy")
    return float(latents.astype(np.float32).mean()), float(latents.astype(np.float32).std())
