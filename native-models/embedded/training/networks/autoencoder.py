"""The autoencoder: AutoencoderKL of Stable Diffusion by parameter names and arithmetic (Rombach et al. 2022)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..settings import AutoencoderSize
from .layers import (
    Downsample2D,
    GroupNorm,
    ResnetBlock2D,
    Upsample2D,
    scaled_dot_product,
)

EPS = 1e-6


class PixelAttention(nn.Module):
    """One head of self-attention over all cells, residual, with its own group norm."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.group_norm = GroupNorm(groups, channels, EPS)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels), nn.Identity()])

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        cells = self.group_norm(x.reshape(batch, channels, height * width)).transpose(1, 2)
        query, key, value = (layer(cells)[:, None] for layer in (self.to_q, self.to_k, self.to_v))
        mixed = self.to_out[0](scaled_dot_product(query, key, value)[:, 0])
        return x + mixed.transpose(1, 2).reshape(batch, channels, height, width)


class MidBlock(nn.Module):
    """Residual block, attention, residual block."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.attentions = nn.ModuleList([PixelAttention(channels, groups)])
        self.resnets = nn.ModuleList(ResnetBlock2D(channels, channels, groups, EPS) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Level(nn.Module):
    """Residual blocks at one resolution; a change of resolution may follow as ``downsamplers`` or ``upsamplers``."""

    def __init__(self, inputs: int, outputs: int, layers: int, groups: int) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(
            ResnetBlock2D(inputs if i == 0 else outputs, outputs, groups, EPS) for i in range(layers)
        )

    def forward(self, x: Tensor) -> Tensor:
        for block in self.resnets:
            x = block(x)
        if hasattr(self, "downsamplers"):
            x = self.downsamplers[0](x)
        if hasattr(self, "upsamplers"):
            x = self.upsamplers[0](x)
        return x


class Encoder(nn.Module):
    """Picture (B, 3, H, W) in -1..1 to moments (B, 2 C, H / factor, W / factor) before ``quant_conv``."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        widths = size.channels
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            level = Level(widths[max(0, i - 1)], width, size.layers, size.groups)
            if i < len(widths) - 1:
                level.downsamplers = nn.ModuleList([Downsample2D(width, asymmetric=True)])
            self.down_blocks.append(level)
        self.mid_block = MidBlock(widths[-1], size.groups)
        self.conv_norm_out = GroupNorm(size.groups, widths[-1], EPS)
        self.conv_out = nn.Conv2d(widths[-1], 2 * size.latent_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for level in self.down_blocks:
            x = level(x)
        return self.conv_out(F.silu(self.conv_norm_out(self.mid_block(x))))


class Decoder(nn.Module):
    """Latent (B, C, h, w) after ``post_quant_conv`` to picture (B, 3, h · factor, w · factor), not clipped."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        widths = tuple(reversed(size.channels))
        self.conv_in = nn.Conv2d(size.latent_channels, widths[0], 3, padding=1)
        self.up_blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            level = Level(widths[max(0, i - 1)], width, size.layers + 1, size.groups)
            if i < len(widths) - 1:
                level.upsamplers = nn.ModuleList([Upsample2D(width)])
            self.up_blocks.append(level)
        self.mid_block = MidBlock(widths[0], size.groups)
        self.conv_norm_out = GroupNorm(size.groups, widths[-1], EPS)
        self.conv_out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mid_block(self.conv_in(x))
        for level in self.up_blocks:
            x = level(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class AutoencoderKL(nn.Module):
    """Encoder and decoder around a diagonal Gaussian latent; ``scaling_factor`` is 1 because the weights normalise."""

    def __init__(self, size: AutoencoderSize) -> None:
        super().__init__()
        self.latent_channels = size.latent_channels
        self.encoder = Encoder(size)
        self.decoder = Decoder(size)
        self.quant_conv = nn.Conv2d(2 * size.latent_channels, 2 * size.latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(size.latent_channels, size.latent_channels, 1)

    def moments(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (clamped to -30..20) of the latent, fp32, each (B, C, h, w)."""
        mean, log_variance = self.quant_conv(self.encoder(picture)).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-30.0, 20.0)

    def encode(self, picture: Tensor) -> Tensor:
        """The mean latent of a picture (B, 3, H, W) in -1..1."""
        return self.moments(picture)[0]

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent, fp32, not clipped."""
        return self.decoder(self.post_quant_conv(latent)).float()

    @torch.no_grad()
    def normalise_latents(self, mean: Tensor, deviation: Tensor) -> None:
        """Fold the affine map (z - mean) / deviation, per channel, into ``quant_conv`` and its inverse into ``post_quant_conv``.

        The file stays a plain AutoencoderKL and its latents have zero mean and unit deviation over the training pictures.
        """
        channels = self.latent_channels
        encode, decode = self.quant_conv, self.post_quant_conv
        encode.weight[:channels] /= deviation[:, None, None, None]
        encode.bias[:channels] = (encode.bias[:channels] - mean) / deviation
        encode.bias[channels:] -= 2 * deviation.log()
        decode.bias += decode.weight[:, :, 0, 0] @ mean
        decode.weight *= deviation[None, :, None, None]


def autoencoder_config(size: AutoencoderSize, picture: int) -> dict[str, object]:
    """The ``config.json`` under which diffusers loads these weights."""
    levels = len(size.channels)
    return {
        "_class_name": "AutoencoderKL",
        "_diffusers_version": "0.27.2",
        "in_channels": 3,
        "out_channels": 3,
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "block_out_channels": list(size.channels),
        "layers_per_block": size.layers,
        "act_fn": "silu",
        "latent_channels": size.latent_channels,
        "norm_num_groups": size.groups,
        "sample_size": picture,
        "scaling_factor": 1.0,
        "latents_mean": None,
        "latents_std": None,
        "force_upcast": True,
    }
