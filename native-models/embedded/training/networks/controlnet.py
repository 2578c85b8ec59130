"""A ControlNet for the denoiser: ControlNetModel by parameter names and arithmetic (Zhang et al. 2023)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..settings import DenoiserSize
from .denoiser import EncoderHalf, UNet2DConditionModel, denoiser_config, skip_widths


def hint_widths(factor: int) -> tuple[int, ...]:
    """Channels of the hint's embedding: one halving for each factor of two between pixels and latent cells.

    Lines say little at full size, and most of the time of a step would go there: half of the usual channels.
    """
    return (8, 16, 32, 64, 128)[: factor.bit_length()]


class ControlNetConditioningEmbedding(nn.Module):
    """Brings a hint (B, 3, H, W) in 0..1 to the size and width of the first feature map.

    Its last layer does not start at zero: the layers behind the ControlNet do, and with zeros at both ends nothing of the hint
    would reach them for the first hundreds of steps.
    """

    def __init__(self, outputs: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList()
        for here, after in zip(widths, widths[1:]):
            self.blocks.append(nn.Conv2d(here, here, 3, padding=1))
            self.blocks.append(nn.Conv2d(here, after, 3, padding=1, stride=2))
        self.conv_out = nn.Conv2d(widths[-1], outputs, 3, padding=1)

    def forward(self, hint: Tensor) -> Tensor:
        # At these widths convolutions are 1.5 times as fast in this order of axes.
        x = F.silu(self.conv_in(hint.contiguous(memory_format=torch.channels_last)))
        for block in self.blocks:
            x = F.silu(block(x))
        return self.conv_out(x).contiguous()


def _zero(layer: nn.Conv2d) -> nn.Conv2d:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class ControlNetModel(EncoderHalf):
    """A copy of the denoiser's way down that also sees a hint, and adds to the denoiser through layers that start at zero."""

    def __init__(self, latent_channels: int, context: int, size: DenoiserSize, factor: int) -> None:
        super().__init__(latent_channels, context, size)
        self.controlnet_cond_embedding = ControlNetConditioningEmbedding(
            size.channels[0], hint_widths(factor)
        )
        self.controlnet_down_blocks = nn.ModuleList(_zero(nn.Conv2d(w, w, 1)) for w in skip_widths(size))
        self.controlnet_mid_block = _zero(nn.Conv2d(size.channels[-1], size.channels[-1], 1))

    def forward(
        self, x: Tensor, timesteps: Tensor, context: Tensor, hint: Tensor
    ) -> tuple[list[Tensor], Tensor]:
        """What to add to the denoiser's skips and middle."""
        x, skips, _ = self.descend(x, timesteps, context, self.controlnet_cond_embedding(hint))
        added = [layer(skip) for layer, skip in zip(self.controlnet_down_blocks, skips)]
        return added, self.controlnet_mid_block(x)

    @torch.no_grad()
    def copy_denoiser(self, denoiser: UNet2DConditionModel) -> None:
        """Start from the denoiser's own way down."""
        mine = self.state_dict()
        self.load_state_dict(
            {name: value for name, value in denoiser.state_dict().items() if name in mine}, strict=False
        )


def controlnet_config(
    latent_channels: int, context: int, size: DenoiserSize, factor: int
) -> dict[str, object]:
    """The ``config.json`` under which diffusers loads these weights."""
    shared = denoiser_config(latent_channels, 0, context, size)
    for name in (
        "sample_size",
        "out_channels",
        "up_block_types",
        "center_input_sample",
        "conv_in_kernel",
        "conv_out_kernel",
        "time_embedding_type",
    ):
        shared.pop(name)
    return {
        **shared,
        "_class_name": "ControlNetModel",
        "conditioning_channels": 3,
        "conditioning_embedding_out_channels": list(hint_widths(factor)),
        "controlnet_conditioning_channel_order": "rgb",
        "global_pool_conditions": False,
    }
