"""Train a ControlNet that makes the denoiser follow a scribble.

Denoiser and text encoder are frozen; the ControlNet starts as a copy of the denoiser's way down and changes nothing at first.
Half of the captions are empty, so that the lines must be read and not guessed from the words (Zhang et al. 2023, section 3.4).
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from .batches import CaptionedLatents, ShardPicker, hint_batch
from .dataset import Shard
from .denoiser_training import DenoiserOptions, draw_timesteps, weighted_loss
from .loop import Plan, Run
from .model_folder import Networks, Painter
from .networks.controlnet import ControlNetModel, controlnet_config
from .runtime import Runtime
from .safetensors_file import read_as_float, write_safetensors
from .schedule import add_noise, sample_ddim, signal_powers
from .settings import Settings
from .tokenizer import Tokenizer

FILE = "diffusion_pytorch_model.safetensors"


def new_controlnet(settings: Settings) -> ControlNetModel:
    """An untrained ControlNet of the sizes of a model."""
    latent_channels, factor = settings.autoencoder.latent_channels, settings.autoencoder.factor
    return ControlNetModel(latent_channels, settings.text.width, settings.denoiser, factor)


def train_control(
    runtime: Runtime,
    networks: Networks,
    tokenizer: Tokenizer,
    shards: list[Shard],
    plan: Plan,
    path: Path,
    options: DenoiserOptions,
) -> None:
    """Train a ControlNet for finished networks to the checkpoint ``path``, or go on from it."""
    torch.manual_seed(0)
    control = new_controlnet(networks.settings)
    control.copy_denoiser(networks.denoiser)
    for network in (networks.denoiser, networks.text):
        network.to(runtime.device).eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(51 + runtime.rank)
    data, picker = CaptionedLatents(shards, tokenizer), ShardPicker(shards, generator)
    powers = signal_powers()
    run = Run(runtime, {"control": (control, 1.0)}, plan, options.rates, path, generator)
    run.resume()

    def loss(share: float) -> Tensor:
        del share
        batch = data.batch(picker, options.batch, 0.5, runtime.device)
        hint = hint_batch(batch.shard, batch.indices).to(runtime.device)
        timesteps = draw_timesteps(len(batch.latents), options.tilt, generator)
        noise = torch.randn(batch.latents.shape, generator=generator).to(runtime.device)
        noisy, target = add_noise(batch.latents, noise, powers[timesteps].to(runtime.device))
        timesteps, states = timesteps.to(runtime.device), networks.text(batch.ids)
        predicted = networks.denoiser(noisy, timesteps, states, control(noisy, timesteps, states, hint))
        return weighted_loss(predicted, target, batch.coverage, options.motif_weight)

    run.train(loss)


def write_control(folder: Path, control: ControlNetModel, settings: Settings) -> None:
    """Write a diffusers ControlNet folder in fp16."""
    latent_channels, factor = settings.autoencoder.latent_channels, settings.autoencoder.factor
    tensors = {name: tensor.half() for name, tensor in control.state_dict().items()}
    write_safetensors(folder / FILE, tensors, {"format": "pt"})
    config = controlnet_config(latent_channels, settings.text.width, settings.denoiser, factor)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def read_control(folder: Path, settings: Settings) -> ControlNetModel:
    """Open such a folder strictly, in fp32."""
    control = new_controlnet(settings)
    control.load_state_dict(read_as_float(folder / FILE))
    return control.eval()


@torch.no_grad()
def paint_along(
    painter: Painter,
    control: ControlNetModel,
    prompts: list[str],
    hint: Tensor,
    seed: int,
    steps: int,
    guidance: float,
) -> Tensor:
    """Pictures (B, 3, H, W), about -1..1, that follow scribbles (B, 3, H, W) in 0..1."""
    latent = painter.noise(len(prompts), seed, hint.shape[2], hint.shape[3])
    states = painter.encode_prompts([""] * len(prompts) + prompts)
    hints = torch.cat([hint, hint]).to(painter.device)
    control = control.to(painter.device)

    def predict(x: Tensor, timestep: int) -> Tensor:
        at, both = torch.tensor([timestep], device=painter.device), torch.cat([x, x])
        added = control(both, at, states, hints)
        without, given = painter.networks.denoiser(both, at, states, added).chunk(2)
        return without + guidance * (given - without)

    return painter.decode(sample_ddim(predict, latent, steps))
