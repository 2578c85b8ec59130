"""Layers shared by the denoiser and the autoencoder.

Normalisation runs in fp32 whatever the autocast type: bf16 statistics are both inaccurate and, on CPUs, slow.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class GroupNorm(nn.GroupNorm):
    """Group normalisation (Wu & He 2018) in fp32. Input (B, C, H, W) or (B, C, T); output fp32 of the same shape."""

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input.float(), self.num_groups, self.weight, self.bias, self.eps)


class LayerNorm(nn.LayerNorm):
    """Layer normalisation over the last axis in fp32."""

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input.float(), self.normalized_shape, self.weight, self.bias, self.eps)


def scaled_dot_product(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """softmax(q kᵀ / √d + mask) v over (B, heads, T, d); fused where this PyTorch has it."""
    fused = getattr(F, "scaled_dot_product_attention", None)
    if fused is not None:
        return fused(query, key, value, attn_mask=None if mask is None else mask.to(query.dtype))
    scores = (query @ key.transpose(-1, -2)).float() * query.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + mask
    return scores.softmax(-1).to(value.dtype) @ value


class ResnetBlock2D(nn.Module):
    """Two 3×3 convolutions with a residual path (ResnetBlock2D of diffusers, ``resnet_time_scale_shift="default"``).

    ``time_channels`` is the width of the time embedding that is added after the first convolution; None leaves it out,
    as the autoencoder does. Shapes: (B, inputs, H, W) and (B, time_channels) to (B, outputs, H, W).
    """

    def __init__(
        self, inputs: int, outputs: int, groups: int, eps: float, time_channels: int | None = None
    ) -> None:
        super().__init__()
        self.norm1 = GroupNorm(groups, inputs, eps)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time_channels, outputs) if time_channels else None
        self.norm2 = GroupNorm(groups, outputs, eps)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x: Tensor, time: Tensor | None = None) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        if self.time_emb_proj is not None and time is not None:
            h = h + self.time_emb_proj(F.silu(time))[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class Downsample2D(nn.Module):
    """Halve height and width by a strided 3×3 convolution.

    The UNet pads one pixel all round; the autoencoder (``asymmetric``) pads only right and below, as Stable Diffusion's does.
    """

    def __init__(self, channels: int, asymmetric: bool = False) -> None:
        super().__init__()
        self.asymmetric = asymmetric
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=0 if asymmetric else 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.asymmetric else x)


class Upsample2D(nn.Module):
    """Double height and width by nearest neighbour, then a 3×3 convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


def start_residuals_at_zero(network: nn.Module) -> None:
    """Zero the last layer of every residual branch, in place.

    The network then begins close to the identity, which for these short runs matters more than any other choice of
    start (compare Zhang et al. 2019, Fixup): colour and layout are learnt within seconds.
    """
    for module in network.modules():
        last = None
        if isinstance(module, ResnetBlock2D):
            last = module.conv2
        elif hasattr(module, "proj_out") and hasattr(module, "proj_in"):
            last = module.proj_out
        elif hasattr(module, "group_norm") and hasattr(module, "to_out"):
            last = module.to_out[0]
        if last is not None:
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)


def count_weights(network: nn.Module) -> int:
    """Number of scalars in the parameters."""
    return sum(parameter.numel() for parameter in network.parameters())


def along_batch(values: Tensor, like: Tensor) -> Tensor:
    """Give a batch of scalars (B,) the trailing axes of ``like`` so that it broadcasts over it."""
    return values.view(-1, *([1] * (like.dim() - 1))).to(torch.float32)
