"""Latents that the denoiser makes of captions, for the decoder to be trained on what it will be given.

The denoiser's latents are a little smoother than those of pictures, and a decoder that never saw any decodes them soft. There is
no picture to compare with: the discriminator says whether the texture is that of the medium, and the decoder as it was before
says what the picture shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .dataset import make_entry
from .model_folder import Painter
from .world.media import MEDIA

STEPS = 20
WEAKEST, STRONGEST = 3.0, 6.0
COARSE = 8


def coarse(picture: Tensor) -> Tensor:
    """What is left of pictures (B, 3, H, W) when means over 8 × 8 px are taken."""
    return F.avg_pool2d(picture, COARSE)


@dataclass(frozen=True)
class Dreams:
    """Latents (N, C, h, w) fp16, media (N,) int64 and what the decoder showed before, coarse, (N, 3, H/8, W/8) fp16."""

    latents: Tensor
    media: Tensor
    shown: Tensor

    def batch(
        self, size: int, generator: torch.Generator, device: torch.device
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Random latents fp32, media and coarse pictures fp32."""
        places = torch.randint(0, len(self.latents), (size,), generator=generator)
        return (
            self.latents[places].float().to(device),
            self.media[places].to(device),
            self.shown[places].float().to(device),
        )

    def save(self, path: Path) -> None:
        """Write a file that :func:`read_dreams` opens."""
        np.savez(path, latents=self.latents.numpy(), media=self.media.numpy(), shown=self.shown.numpy())


def read_dreams(path: Path) -> Dreams:
    """The dreams of a file."""
    with np.load(path) as kept:
        return Dreams(*(torch.from_numpy(kept[name]) for name in ("latents", "media", "shown")))


def dream(painter: Painter, count: int, seed: int, batch: int = 12) -> Dreams:
    """Paint the captions of ``count`` entries from ``seed`` on, with guidance drawn from 3..6 for each batch.

    Captions come from the same labels as training's, so combinations that are held out are not among them.
    """
    names = list(MEDIA)
    random = np.random.default_rng(seed)
    latents, media, shown = [], [], []
    for begin in range(0, count, batch):
        entries = [make_entry(seed + index) for index in range(begin, min(begin + batch, count))]
        guidance = float(random.uniform(WEAKEST, STRONGEST))
        prompts = [captions[0] for _, captions in entries]
        latent = painter.denoise(prompts, painter.noise(len(prompts), seed + begin), STEPS, guidance)
        latents.append(latent.half().cpu())
        shown.append(coarse(painter.decode(latent)).half().cpu())
        media.append(torch.tensor([names.index(labels.medium) for labels, _ in entries]))
    return Dreams(torch.cat(latents), torch.cat(media), torch.cat(shown))
