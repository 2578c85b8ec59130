"""Train the autoencoder, or only its decoder, and normalise its latents.

Loss: L1, L1 of the gradients, L1 of 4×4 means (colour), L1 of local texture energy, a small KL term, and from
``adversarial_from`` on a patch discriminator that knows the medium, without which dots, hatching and strokes are averaged away.
Most steps use crops; the last fifth whole pictures, so that group statistics and the attention in the middle meet the real size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .batches import ShardPicker, crop_batch, picture_batch
from .dataset import Shard
from .dreams import Dreams, coarse
from .discriminator import PatchDiscriminator, balance, discriminator_loss
from .loop import Plan, Run
from .networks.autoencoder import AutoencoderKL
from .networks.layers import start_residuals_at_zero
from .optimizer import Rates
from .runtime import Runtime
from .settings import Settings
from .world.media import MEDIA


@dataclass(frozen=True)
class AutoencoderOptions:
    """``batch`` crops a step; ``adversarial`` weight from the share ``adversarial_from`` of the run on (0 for never).

    ``texture`` weighs local energy. It asks how much of each detail there is in a place and leaves open where exactly it lies, which
    the latent does not say; a difference by pixels answers that with grey.
    """

    batch: int = 8
    adversarial: float = 0.5
    adversarial_from: float = 0.4
    kl: float = 1e-4
    texture: float = 1.0


def gradient_l1(difference: Tensor) -> Tensor:
    """Mean absolute difference between neighbours, along both axes."""
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    return across + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()


def reconstruction_loss(drawn: Tensor, decoded: Tensor, texture: float) -> Tensor:
    """How far a decoded picture is from the drawn one, both (B, 3, H, W)."""
    difference = decoded - drawn
    by_place = difference.abs().mean() + 0.25 * gradient_l1(difference) + F.avg_pool2d(difference, 4).abs().mean()
    return by_place + texture * (texture_energy(decoded) - texture_energy(drawn)).abs().mean()


def texture_energy(picture: Tensor) -> Tensor:
    """Root mean square of horizontal and vertical differences around each 8 × 8 px, at three scales: (B, 6 C, h, w) each, flattened."""
    bands = []
    for level in range(3):
        if level > 0:
            picture = F.avg_pool2d(picture, 2)
        across = F.pad(picture[..., 1:] - picture[..., :-1], (0, 1))
        down = F.pad(picture[..., 1:, :] - picture[..., :-1, :], (0, 0, 0, 1))
        side = 8 >> level
        for band in (across, down):
            bands.append((F.avg_pool2d(band.square(), 2 * side, side) + 1e-4).sqrt().flatten(1))
    return torch.cat(bands, dim=1)


def media_of(shard: Shard, indices: list[int], device: torch.device) -> Tensor:
    """The index (B,) of each picture's medium, in ascending order of picture as :func:`picture_batch` gives them."""
    return torch.tensor([_MEDIA[shard.labels(index).medium] for index in sorted(indices)], device=device)


_MEDIA = {name: index for index, name in enumerate(MEDIA)}


class AdversarialTerm:
    """Keeps a discriminator trained alongside and turns its verdict into a loss for the decoder."""

    def __init__(self, runtime: Runtime, weight: float) -> None:
        self.runtime, self.weight, self.balance = runtime, weight, 1.0
        self.network = PatchDiscriminator(len(MEDIA)).to(runtime.device)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=4e-4, betas=(0.5, 0.9))

    def __call__(
        self, drawn: Tensor, decoded: Tensor, kind: Tensor, reconstruction: Tensor, last: Tensor
    ) -> Tensor:
        """Teach the discriminator with pictures and their round trip, then ask it; it pulls on ``last`` as hard as the rest."""
        verdict = self.verdict(drawn, kind, decoded, kind)
        self.balance = float(balance(reconstruction, verdict, last))
        return self.weight * self.balance * verdict

    def of_dreams(self, drawn: Tensor, drawn_kind: Tensor, decoded: Tensor, kind: Tensor) -> Tensor:
        """The same for decoded latents that no picture belongs to; it pulls as hard as it last did on a round trip."""
        return self.weight * self.balance * self.verdict(drawn, drawn_kind, decoded, kind)

    def verdict(self, drawn: Tensor, drawn_kind: Tensor, decoded: Tensor, kind: Tensor) -> Tensor:
        """One step of the discriminator, and what it then says of the decoded pictures: lower is more like drawn ones."""
        self.optimizer.zero_grad(set_to_none=True)
        discriminator_loss(
            self.network(drawn, drawn_kind).float(), self.network(decoded.detach(), kind).float()
        ).backward()
        self.runtime.average([p.grad for p in self.network.parameters() if p.grad is not None])
        self.optimizer.step()
        for parameter in self.network.parameters():
            parameter.requires_grad_(False)
        verdict = -self.network(decoded, kind).float().mean()
        for parameter in self.network.parameters():
            parameter.requires_grad_(True)
        return verdict


def train_autoencoder(
    runtime: Runtime,
    settings: Settings,
    shards: list[Shard],
    plan: Plan,
    path: Path,
    options: AutoencoderOptions,
    start: AutoencoderKL | None = None,
) -> None:
    """Train from nothing, or go on from ``start``, to the checkpoint ``path``."""
    torch.manual_seed(0)
    network = start or AutoencoderKL(settings.autoencoder)
    if start is None:
        start_residuals_at_zero(network)
    generator = torch.Generator().manual_seed(11 + runtime.rank)
    picker = ShardPicker(shards, generator)
    run = Run(runtime, {"autoencoder": (network, 1.0)}, plan, Rates(adam=2e-3, muon=2e-3), path, generator)
    run.resume()
    adversary = AdversarialTerm(runtime, options.adversarial)
    cell = settings.autoencoder.factor

    def loss(share: float) -> Tensor:
        if share < 0.8:
            shard, indices = picker.pick(options.batch)
            indices = sorted(indices)
            drawn = crop_batch(shard, indices, settings.picture // 2, cell, generator, runtime.device)
        else:
            shard, indices = picker.pick(max(1, options.batch // 4))
            drawn = picture_batch(shard, indices, runtime.device)
        mean, log_variance = network.moments(drawn)
        log_variance = log_variance.clamp(-12.0, 4.0)
        noise = torch.randn(mean.shape, generator=generator).to(runtime.device)
        decoded = network.decode(mean + noise * (log_variance / 2).exp())
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        total = reconstruction_loss(drawn, decoded, options.texture) + options.kl * divergence
        if options.adversarial > 0 and share >= options.adversarial_from:
            kind = media_of(shard, indices, runtime.device)
            total = total + adversary(drawn, decoded, kind, total, network.decoder.conv_out.weight)
        return total

    run.train(loss)


def train_decoder(
    runtime: Runtime,
    settings: Settings,
    shards: list[Shard],
    plan: Plan,
    path: Path,
    options: AutoencoderOptions,
    network: AutoencoderKL,
    dreams: Dreams | None = None,
) -> None:
    """Train only what comes after the latent; encoder and latents stay as they are, so the denoiser does too.

    A little noise is added to the latents, because the denoiser's are not perfect either. With ``dreams``, every second step is on
    the denoiser's own: the discriminator judges their texture, and means over 8 × 8 px stay what they were.
    """
    for part in (network.encoder, network.quant_conv):
        part.requires_grad_(False)
    generator = torch.Generator().manual_seed(21 + runtime.rank)
    picker = ShardPicker(shards, generator)
    run = Run(runtime, {"autoencoder": (network, 1.0)}, plan, Rates(adam=5e-4, muon=7e-4), path, generator)
    run.resume()
    adversary = AdversarialTerm(runtime, options.adversarial)
    size = max(1, options.batch // 4)

    def loss(share: float) -> Tensor:
        shard, indices = picker.pick(size)
        drawn = picture_batch(shard, indices, runtime.device)
        kind = media_of(shard, indices, runtime.device)
        judged = options.adversarial > 0 and share >= options.adversarial_from
        if judged and dreams is not None and run.step % 2 == 1:
            latent, dreamt_kind, shown = dreams.batch(size, generator, runtime.device)
            decoded = network.decode(latent)
            kept = (coarse(decoded) - shown).abs().mean()
            return 2 * kept + adversary.of_dreams(drawn, kind, decoded, dreamt_kind)
        with torch.no_grad():
            latent = network.encode(drawn)
        noise = torch.randn(latent.shape, generator=generator).to(runtime.device)
        decoded = network.decode(latent + 0.05 * noise)
        total = reconstruction_loss(drawn, decoded, options.texture)
        if judged:
            total = total + adversary(drawn, decoded, kind, total, network.decoder.conv_out.weight)
        return total

    run.train(loss)


@torch.no_grad()
def normalise(network: AutoencoderKL, shards: list[Shard], device: torch.device, pictures: int = 640) -> None:
    """Measure mean and deviation of each latent channel over training pictures and fold them into the weights."""
    network.to(device).eval()
    latents = []
    for shard in shards:
        share = max(1, pictures * len(shard) // sum(map(len, shards)))
        for begin in range(0, min(share, len(shard)), 16):
            batch = picture_batch(shard, list(range(begin, min(begin + 16, share, len(shard)))), device)
            latent = network.encode(batch)
            latents.append(latent.permute(1, 0, 2, 3).flatten(1))
    together = torch.cat(latents, dim=1)
    network.normalise_latents(together.mean(1), together.std(1).clamp(min=1e-4))


@torch.no_grad()
def psnr(network: AutoencoderKL, pictures: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of the round trip of each picture (B, 3, H, W) in -1..1."""
    decoded = network.decode(network.encode(pictures)).clamp(-1, 1)
    error = ((decoded - pictures) / 2).square().mean((1, 2, 3))
    return -10 * torch.log10(error.clamp(min=1e-10))
