"""The reference set: what another implementation must reproduce within 1e-3 of each tensor's greatest magnitude.

``verify`` holds this package's networks to a set that another program (diffusers, for version 1) computed; ``write`` makes
the set for new weights. Pictures are kept as means of 4×4 blocks and a 64 px crop, which a wrong decoder cannot fit and
which keep the file under a megabyte.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .model_folder import Painter, from_bytes
from .safetensors_file import read_safetensors, write_safetensors
from .schedule import trailing_timesteps

TOLERANCE = 1e-3
PROBE_TIMESTEP = 601


@dataclass(frozen=True)
class Case:
    """One run: prompts, steps, guidance, and the seed of PyTorch's generator that gave the initial latent."""

    prompt: str
    negative: str
    steps: int
    guidance: float
    seed: int


CASES = (
    Case("an oil painting of a red sailboat on the sea at sunset", "", 20, 4.5, 100),
    Case("a black cat, flat illustration", "snow", 10, 4.0, 101),
    Case("a purple hot air balloon, watercolor", "", 4, 1.0, 102),
)


def _kept(name: str, picture: Tensor) -> dict[str, Tensor]:
    side = picture.shape[-1]
    begin, end = side * 3 // 8, side * 5 // 8
    return {f"{name}.means4": F.avg_pool2d(picture, 4), f"{name}.centre": picture[:, :, begin:end, begin:end]}


def compute_case(painter: Painter, case: Case, key: str, latent: Tensor) -> dict[str, Tensor]:
    """Every tensor of one run from its initial latent, with the keys of the file."""
    prompts = [case.negative, case.prompt]
    with torch.no_grad():
        states = painter.encode_prompts(prompts)
        probe = painter.networks.denoiser(torch.cat([latent, latent]), torch.tensor([PROBE_TIMESTEP]), states)
    final = painter.denoise([case.prompt], latent, case.steps, case.guidance, case.negative)
    return {
        f"{key}input_ids": torch.tensor([painter.tokenizer(prompt) for prompt in prompts], dtype=torch.int32),
        f"{key}text_states": states,
        f"{key}initial_latent": latent,
        f"{key}unet_out_t{PROBE_TIMESTEP}": probe,
        f"{key}final_latent": final,
        **_kept(f"{key}image", painter.decode(final)),
    }


@torch.no_grad()
def compute_autoencoder(painter: Painter, picture: Tensor) -> dict[str, Tensor]:
    """Round trip of one picture (1, 3, H, W) uint8."""
    mean = painter.networks.autoencoder.encode(from_bytes(picture))
    return {"vae.image": picture, "vae.mean": mean, **_kept("vae.decoded", painter.decode(mean))}


def write_reference(painter: Painter, picture: Tensor, base: Path) -> None:
    """Write ``base``.safetensors and ``base``.json for the weights of ``painter``."""
    tensors: dict[str, Tensor] = {}
    cases = []
    for index, case in enumerate(CASES):
        key = f"case{index}."
        tensors |= compute_case(painter, case, key, painter.noise(1, case.seed))
        cases.append(
            {
                **case.__dict__,
                "scheduler": "DDIM eta 0",
                "timesteps": trailing_timesteps(case.steps),
                "tensors": key,
            }
        )
    tensors |= compute_autoencoder(painter, picture)
    write_safetensors(base.with_suffix(".safetensors"), tensors)
    about = {
        "about": "What the networks of native-models/embedded/training compute in fp32 from the weights in "
        "native-models/embedded/model: another implementation must agree within 1e-3 of each tensor's greatest magnitude.",
        "file": base.with_suffix(".safetensors").name,
        "model": "native-models/embedded/model",
        "conventions": CONVENTIONS,
        "cases": cases,
        "tensors": {name: list(tensor.shape) for name, tensor in tensors.items()},
    }
    base.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n")


CONVENTIONS = {
    "batch order": "row 0 is the negative prompt, row 1 the prompt; both rows go through the UNet together",
    f"unet_out_t{PROBE_TIMESTEP}": f"the UNet on the initial latent (both rows), timestep {PROBE_TIMESTEP}, with text_states",
    "image.means4": "means of 4x4 pixel blocks of the decoded picture, which lies in about -1..1 and is not clipped",
    "image.centre": "the decoded picture itself, rows and columns 3/8 to 5/8 of its side",
    "vae.image": "bytes 0..255, NCHW; the network sees byte / 127.5 - 1",
    "vae.mean": "mean of the posterior the encoder gives for vae.image",
    "vae.decoded": "the decoder on vae.mean, kept as means4 and centre",
}


def verify(painter: Painter, base: Path) -> list[tuple[str, float]]:
    """Compare with a reference set; returns (tensor, greatest difference relative to its greatest magnitude), in file order.

    Raises ValueError if token ids differ or any difference is above 1e-3.
    """
    expected = read_safetensors(base.with_suffix(".safetensors"))
    about = json.loads(base.with_suffix(".json").read_text())
    got: dict[str, Tensor] = {}
    for entry in about["cases"]:
        case = Case(entry["prompt"], entry["negative"], entry["steps"], entry["guidance"], entry["seed"])
        key = entry["tensors"]
        got |= compute_case(painter, case, key, expected[f"{key}initial_latent"])
        if trailing_timesteps(case.steps) != entry["timesteps"]:
            raise ValueError(f"{key}: other timesteps")
    got |= compute_autoencoder(painter, expected["vae.image"])
    report = []
    for name, tensor in expected.items():
        if tensor.dtype in (torch.int32, torch.uint8):
            if not torch.equal(tensor, got[name]):
                raise ValueError(f"{name} differs")
            continue
        difference = float((tensor - got[name]).abs().max() / tensor.abs().max())
        report.append((name, difference))
        if not difference <= TOLERANCE:
            raise ValueError(f"{name} is off by {difference:.2e} of its greatest magnitude")
    return report
