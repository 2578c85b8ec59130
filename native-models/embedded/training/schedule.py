"""The noise schedule and the DDIM sampler (Song et al. 2021) the model is trained for and shipped with.

Scaled-linear betas rescaled to zero terminal signal-to-noise ratio, trailing timesteps and v-prediction
(Salimans & Ho 2022; Lin et al. 2024, "Common diffusion noise schedules and sample steps are flawed").
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .networks.layers import along_batch

STEPS = 1000
SCHEDULER_CONFIG: dict[str, object] = {
    "_class_name": "DDIMScheduler",
    "_diffusers_version": "0.27.2",
    "num_train_timesteps": STEPS,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "trained_betas": None,
    "clip_sample": False,
    "set_alpha_to_one": True,
    "steps_offset": 0,
    "prediction_type": "v_prediction",
    "thresholding": False,
    "dynamic_thresholding_ratio": 0.995,
    "clip_sample_range": 1.0,
    "sample_max_value": 1.0,
    "timestep_spacing": "trailing",
    "rescale_betas_zero_snr": True,
}


def signal_powers() -> Tensor:
    """The cumulative product of alphas, (1000,) fp32, from almost 1 down to exactly 0."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float32) ** 2
    roots = torch.cumprod(1.0 - betas, 0).sqrt()
    first, last = roots[0].clone(), roots[-1].clone()
    roots = (roots - last) * first / (first - last)
    powers = roots**2
    # diffusers goes by way of the betas; repeating it keeps the numbers equal to the last bit but one.
    alphas = torch.cat([powers[:1], powers[1:] / powers[:-1]])
    return torch.cumprod(1.0 - (1.0 - alphas), 0)


def trailing_timesteps(steps: int) -> list[int]:
    """The timesteps of a run of ``steps``, highest first: 999 down, evenly spaced from the end."""
    ratio = STEPS / steps
    return [round(STEPS - i * ratio) - 1 for i in range(steps)]


def add_noise(clean: Tensor, noise: Tensor, power: Tensor) -> tuple[Tensor, Tensor]:
    """Noisy latent and v target at signal power ``power`` (B,), for latents (B, C, H, W)."""
    signal, spread = along_batch(power.sqrt(), clean), along_batch((1 - power).sqrt(), clean)
    return signal * clean + spread * noise, signal * noise - spread * clean


def sample_ddim(
    predict: Callable[[Tensor, int], Tensor],
    latent: Tensor,
    steps: int,
    *,
    tick: Callable[[], None] | None = None,
) -> Tensor:
    """Run DDIM with eta 0 from pure noise.

    ``predict`` maps a latent (B, C, H, W) and a timestep to v, guidance already applied; ``tick`` is called after each step.
    """
    powers = signal_powers().to(latent.device)
    for timestep in trailing_timesteps(steps):
        before = timestep - STEPS // steps
        power, next_power = powers[timestep], powers[before] if before >= 0 else torch.ones_like(powers[0])
        v = predict(latent, timestep)
        clean = power.sqrt() * latent - (1 - power).sqrt() * v
        noise = power.sqrt() * v + (1 - power).sqrt() * latent
        latent = next_power.sqrt() * clean + (1 - next_power).sqrt() * noise
        if tick:
            tick()
    return latent
