"""The denoiser: UNet2DConditionModel of Stable Diffusion by parameter names and arithmetic (Rombach et al. 2022)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..settings import DenoiserSize
from .layers import (
    Downsample2D,
    GroupNorm,
    LayerNorm,
    ResnetBlock2D,
    Upsample2D,
    scaled_dot_product,
)


class Attention(nn.Module):
    """Multi-head attention from ``width`` channels to ``context`` channels, no bias on q, k and v."""

    def __init__(self, width: int, context: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width), nn.Identity()])

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        batch, length, width = x.shape
        query, key, value = (
            tensor.view(batch, -1, self.heads, width // self.heads).transpose(1, 2)
            for tensor in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        mixed = scaled_dot_product(query, key, value)
        return self.to_out[0](mixed.transpose(1, 2).reshape(batch, length, width))


class GEGLU(nn.Module):
    """Gated linear unit with exact GELU (Shazeer 2020)."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, dim=-1)
        return value * F.gelu(gate)


class FeedForward(nn.Module):
    """GEGLU to four times the width and back."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.ModuleList([GEGLU(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x: Tensor) -> Tensor:
        return self.net[2](self.net[0](x))


class BasicTransformerBlock(nn.Module):
    """Self-attention, cross-attention to the text states, feed-forward; each pre-norm and residual."""

    def __init__(self, width: int, context: int, heads: int) -> None:
        super().__init__()
        self.norm1 = LayerNorm(width)
        self.attn1 = Attention(width, width, heads)
        self.norm2 = LayerNorm(width)
        self.attn2 = Attention(width, context, heads)
        self.norm3 = LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        y = self.norm1(x)
        x = x + self.attn1(y, y)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer2DModel(nn.Module):
    """One transformer block over the cells of a feature map (B, C, H, W), between 1×1 convolutions."""

    def __init__(self, channels: int, context: int, heads: int, groups: int) -> None:
        super().__init__()
        self.norm = GroupNorm(groups, channels, 1e-6)
        self.proj_in = nn.Conv2d(channels, channels, 1)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlock(channels, context, heads)])
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        cells = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        for block in self.transformer_blocks:
            cells = block(cells, context)
        grid = cells.reshape(batch, height, width, channels).permute(0, 3, 1, 2)
        return x + self.proj_out(grid)


class Level(nn.Module):
    """One resolution of either half: residual blocks, each followed by attention where the level has it."""

    def __init__(
        self, shapes: list[tuple[int, int]], size: DenoiserSize, context: int, attention: bool
    ) -> None:
        super().__init__()
        time = 4 * size.channels[0]
        outputs = shapes[0][1]
        self.resnets = nn.ModuleList(ResnetBlock2D(a, b, size.groups, 1e-5, time) for a, b in shapes)
        if attention:
            self.attentions = nn.ModuleList(
                Transformer2DModel(outputs, context, size.heads, size.groups) for _ in shapes
            )

    def step(self, index: int, x: Tensor, time: Tensor, context: Tensor) -> Tensor:
        """Run residual block ``index`` and the attention behind it."""
        x = self.resnets[index](x, time)
        return self.attentions[index](x, context) if hasattr(self, "attentions") else x


class MidBlock(nn.Module):
    """Residual block, attention, residual block at the smallest size."""

    def __init__(self, size: DenoiserSize, context: int) -> None:
        super().__init__()
        channels, time = size.channels[-1], 4 * size.channels[0]
        self.attentions = nn.ModuleList([Transformer2DModel(channels, context, size.heads, size.groups)])
        self.resnets = nn.ModuleList(
            ResnetBlock2D(channels, channels, size.groups, 1e-5, time) for _ in range(2)
        )

    def forward(self, x: Tensor, time: Tensor, context: Tensor) -> Tensor:
        x = self.resnets[0](x, time)
        return self.resnets[1](self.attentions[0](x, context), time)


class TimestepEmbedding(nn.Module):
    """Sinusoids to the time embedding: linear, SiLU, linear."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(inputs, outputs)
        self.linear_2 = nn.Linear(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.silu(self.linear_1(x)))


def timestep_sinusoids(timesteps: Tensor, channels: int) -> Tensor:
    """Timesteps (B,) to (B, channels): cosines then sines at frequencies 10000^(-i/half) (``flip_sin_to_cos``)."""
    half = channels // 2
    frequencies = torch.exp(-math.log(10000.0) * torch.arange(half, device=timesteps.device) / half)
    angles = timesteps.float()[:, None] * frequencies[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class EncoderHalf(nn.Module):
    """What the UNet and a ControlNet have in common: the way down and the middle."""

    def __init__(self, latent_channels: int, context: int, size: DenoiserSize) -> None:
        super().__init__()
        widths = size.channels
        self.conv_in = nn.Conv2d(latent_channels, widths[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(widths[0], 4 * widths[0])
        self.down_blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            shapes = [(widths[max(0, i - 1)] if j == 0 else width, width) for j in range(size.layers)]
            block = Level(shapes, size, context, size.attention[i])
            if i < len(widths) - 1:
                block.downsamplers = nn.ModuleList([Downsample2D(width)])
            self.down_blocks.append(block)
        self.mid_block = MidBlock(size, context)

    def descend(
        self, x: Tensor, timesteps: Tensor, context: Tensor, hint: Tensor | None = None
    ) -> tuple[Tensor, list[Tensor], Tensor]:
        """The middle's output, the skips from first to last, and the time embedding; ``hint`` is added to the first map."""
        base = self.conv_in.out_channels
        time = self.time_embedding(timestep_sinusoids(timesteps.expand(x.shape[0]), base))
        x = self.conv_in(x)
        if hint is not None:
            x = x + hint
        skips = [x]
        for block in self.down_blocks:
            for i in range(len(block.resnets)):
                x = block.step(i, x, time, context)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
                skips.append(x)
        return self.mid_block(x, time, context), skips, time


def skip_widths(size: DenoiserSize) -> list[int]:
    """Channels of each skip of :meth:`EncoderHalf.descend`."""
    widths = [size.channels[0]]
    for i, width in enumerate(size.channels):
        widths += [width] * (size.layers + (i < len(size.channels) - 1))
    return widths


class UNet2DConditionModel(EncoderHalf):
    """Noisy latent (B, C, H, W), timestep (B,) in 0..999 and text states (B, T, context) to the prediction (B, C, H, W).

    H and W must be multiples of 2^(levels - 1). What is predicted (v, here) is a matter of training.
    """

    def __init__(self, latent_channels: int, context: int, size: DenoiserSize) -> None:
        super().__init__(latent_channels, context, size)
        widths, skips, current = size.channels, skip_widths(size), size.channels[-1]
        self.up_blocks = nn.ModuleList()
        for i in reversed(range(len(widths))):
            shapes = []
            for _ in range(size.layers + 1):
                shapes.append((current + skips.pop(), widths[i]))
                current = widths[i]
            block = Level(shapes, size, context, size.attention[i])
            if i > 0:
                block.upsamplers = nn.ModuleList([Upsample2D(widths[i])])
            self.up_blocks.append(block)
        self.conv_norm_out = GroupNorm(size.groups, widths[0], 1e-5)
        self.conv_out = nn.Conv2d(widths[0], latent_channels, 3, padding=1)

    def forward(
        self,
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        control: tuple[list[Tensor], Tensor] | None = None,
    ) -> Tensor:
        """``control`` holds what a ControlNet adds to the skips and to the middle."""
        x, skips, time = self.descend(x, timesteps, context)
        if control is not None:
            skips = [skip + added for skip, added in zip(skips, control[0])]
            x = x + control[1]
        for block in self.up_blocks:
            for i in range(len(block.resnets)):
                x = block.step(i, torch.cat([x, skips.pop()], dim=1), time, context)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def denoiser_config(latent_channels: int, latent: int, context: int, size: DenoiserSize) -> dict[str, object]:
    """The ``config.json`` under which diffusers loads these weights; what is not said has diffusers' default."""
    return {
        "_class_name": "UNet2DConditionModel",
        "_diffusers_version": "0.27.2",
        "sample_size": latent,
        "in_channels": latent_channels,
        "out_channels": latent_channels,
        "center_input_sample": False,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "down_block_types": ["CrossAttnDownBlock2D" if a else "DownBlock2D" for a in size.attention],
        "mid_block_type": "UNetMidBlock2DCrossAttn",
        "up_block_types": ["CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(size.attention)],
        "only_cross_attention": False,
        "block_out_channels": list(size.channels),
        "layers_per_block": size.layers,
        "downsample_padding": 1,
        "mid_block_scale_factor": 1,
        "act_fn": "silu",
        "norm_num_groups": size.groups,
        "norm_eps": 1e-05,
        "cross_attention_dim": context,
        "transformer_layers_per_block": 1,
        # diffusers reads this as the number of heads, a mistake that it keeps for old checkpoints' sake.
        "attention_head_dim": size.heads,
        "use_linear_projection": False,
        "upcast_attention": False,
        "resnet_time_scale_shift": "default",
        "time_embedding_type": "positional",
        "conv_in_kernel": 3,
        "conv_out_kernel": 3,
    }
