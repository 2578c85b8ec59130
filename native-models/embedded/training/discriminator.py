"""A patch discriminator (Isola et al. 2017) that asks of every neighbourhood whether its texture looks drawn or decoded."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .networks.layers import GroupNorm


class PatchJudge(nn.Module):
    """One scale: pictures (B, 3, H, W) in -1..1 and kinds (B,) to logits (B, H/8 · W/8), high for drawn.

    The kind enters by projection (Miyato & Koyama 2018): a neighbourhood must look like its own medium, not like any.
    """

    def __init__(self, kinds: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        for factor in (1, 2):
            layers += [
                nn.Conv2d(width * factor, width * factor * 2, 4, 2, 1),
                GroupNorm(8, width * factor * 2),
                nn.LeakyReLU(0.2),
            ]
        self.body = nn.Sequential(*layers)
        self.any = nn.Conv2d(width * 4, 1, 3, padding=1)
        self.own = nn.Embedding(kinds, width * 4)
        nn.init.zeros_(self.own.weight)

    def forward(self, picture: Tensor, kind: Tensor) -> Tensor:
        features = self.body(picture)
        own = (features * self.own(kind)[:, :, None, None]).mean(1, keepdim=True)
        return (self.any(features) + own).flatten(1)


class PatchDiscriminator(nn.Module):
    """Two scales, the picture and its half: logits (B, N) for pictures (B, 3, H, W) in -1..1 of the kinds (B,)."""

    def __init__(self, kinds: int, width: int = 32) -> None:
        super().__init__()
        self.scales = nn.ModuleList(PatchJudge(kinds, width) for _ in range(2))

    def forward(self, picture: Tensor, kind: Tensor) -> Tensor:
        small = F.avg_pool2d(picture, 2)
        return torch.cat([self.scales[0](picture, kind), self.scales[1](small, kind)], dim=1)


def discriminator_loss(drawn: Tensor, decoded: Tensor) -> Tensor:
    """Hinge loss of the discriminator on its logits."""
    return 0.5 * (F.relu(1 - drawn).mean() + F.relu(1 + decoded).mean())


def balance(reconstruction: Tensor, adversarial: Tensor, last: Tensor) -> Tensor:
    """The weight that makes both losses pull equally hard on the last layer (Esser et al. 2021, equation 7), at most 100."""
    pull = torch.autograd.grad(reconstruction, last, retain_graph=True)[0].norm()
    push = torch.autograd.grad(adversarial, last, retain_graph=True)[0].norm()
    return (pull / (push + 1e-4)).clamp(0, 100).detach()
