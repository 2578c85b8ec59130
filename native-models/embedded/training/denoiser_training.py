"""Train the denoiser and the text encoder together on cached latents.

v-prediction on the shipped schedule. Cells that show the motif count ``motif_weight`` times as much as background: objects are
a small part of the error and would otherwise be learnt last. Timesteps are spread evenly over the batch and tilted to high noise;
one caption in ten is empty, for classifier-free guidance (Ho & Salimans 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from .batches import CaptionedLatents, ShardPicker
from .dataset import Shard
from .loop import Plan, Run
from .model_folder import Networks
from .networks.layers import start_residuals_at_zero
from .optimizer import Rates
from .runtime import Runtime
from .schedule import STEPS, add_noise, signal_powers
from .tokenizer import Tokenizer


@dataclass(frozen=True)
class DenoiserOptions:
    """``tilt`` below 1 draws more timesteps of high noise: t = 1000 q^tilt for q even in 0..1."""

    batch: int = 32
    motif_weight: float = 4.0
    drop: float = 0.1
    tilt: float = 0.85
    text_rate: float = 0.5
    rates: Rates = Rates()


def weighted_loss(predicted: Tensor, target: Tensor, coverage: Tensor, motif_weight: float) -> Tensor:
    """Squared error (B, C, h, w) averaged with weights that grow from 1 to ``motif_weight`` with coverage (B, h, w)."""
    weights = 1 + (motif_weight - 1) * coverage
    weights = weights / weights.mean()
    return ((predicted.float() - target).square().mean(1) * weights).mean()


def draw_timesteps(count: int, tilt: float, generator: torch.Generator) -> Tensor:
    """Stratified timesteps (B,) int64 in 0..999."""
    even = (torch.randperm(count, generator=generator) + torch.rand(count, generator=generator)) / count
    return (STEPS * even**tilt).long().clamp(0, STEPS - 1)


def start_denoiser(networks: Networks) -> None:
    """Begin from a network that predicts nothing: residual branches and the last layer at zero."""
    start_residuals_at_zero(networks.denoiser)
    nn.init.zeros_(networks.denoiser.conv_out.weight)
    nn.init.zeros_(networks.denoiser.conv_out.bias)


def train_denoiser(
    runtime: Runtime,
    networks: Networks,
    tokenizer: Tokenizer,
    shards: list[Shard],
    plan: Plan,
    path: Path,
    options: DenoiserOptions,
) -> None:
    """Train ``networks.denoiser`` and ``networks.text`` as they come, or as the checkpoint ``path`` left them."""
    generator = torch.Generator().manual_seed(31 + runtime.rank)
    data, picker = CaptionedLatents(shards, tokenizer), ShardPicker(shards, generator)
    powers = signal_powers()
    parts = {"denoiser": (networks.denoiser, 1.0), "text": (networks.text, options.text_rate)}
    run = Run(runtime, parts, plan, options.rates, path, generator)
    if run.resume():
        print(f"going on from step {run.step}")

    def loss(share: float) -> Tensor:
        del share
        batch = data.batch(picker, options.batch, options.drop, runtime.device)
        timesteps = draw_timesteps(len(batch.latents), options.tilt, generator)
        noise = torch.randn(batch.latents.shape, generator=generator).to(runtime.device)
        noisy, target = add_noise(batch.latents, noise, powers[timesteps].to(runtime.device))
        predicted = networks.denoiser(noisy, timesteps.to(runtime.device), networks.text(batch.ids))
        return weighted_loss(predicted, target, batch.coverage, options.motif_weight)

    run.train(loss)
