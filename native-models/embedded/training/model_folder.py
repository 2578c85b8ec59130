"""A diffusers folder: written from trained networks, and read back for painting, checks and further training."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn

from .networks.autoencoder import AutoencoderKL, autoencoder_config
from .networks.denoiser import UNet2DConditionModel, denoiser_config
from .networks.text_encoder import CLIPTextModel, text_encoder_config
from .safetensors_file import read_as_float, write_safetensors
from .schedule import SCHEDULER_CONFIG, sample_ddim
from .settings import AutoencoderSize, DenoiserSize, Settings, TextEncoderSize
from .tokenizer import Tokenizer

TEXT_FILE = "text_encoder/model.safetensors"
DENOISER_FILE = "unet/diffusion_pytorch_model.safetensors"
AUTOENCODER_FILE = "vae/diffusion_pytorch_model.safetensors"


def read_settings(folder: Path) -> Settings:
    """Sizes of the networks in a folder, from its configs."""
    text, unet, vae = (
        json.loads((folder / part / "config.json").read_text()) for part in ("text_encoder", "unet", "vae")
    )
    return Settings(
        name=folder.name,
        picture=vae["sample_size"],
        text=TextEncoderSize(
            text["hidden_size"],
            text["num_hidden_layers"],
            text["num_attention_heads"],
            text["max_position_embeddings"],
        ),
        denoiser=DenoiserSize(
            tuple(unet["block_out_channels"]),
            tuple(kind.startswith("CrossAttn") for kind in unet["down_block_types"]),
            unet["layers_per_block"],
            unet["attention_head_dim"],
            unet["norm_num_groups"],
        ),
        autoencoder=AutoencoderSize(
            tuple(vae["block_out_channels"]),
            vae["latent_channels"],
            vae["layers_per_block"],
            vae["norm_num_groups"],
        ),
    )


class Networks:
    """The three networks of one model, untrained or read from a folder."""

    def __init__(self, settings: Settings, vocabulary: int) -> None:
        self.settings = settings
        self.text = CLIPTextModel(vocabulary, settings.text)
        latent_channels = settings.autoencoder.latent_channels
        self.denoiser = UNet2DConditionModel(latent_channels, settings.text.width, settings.denoiser)
        self.autoencoder = AutoencoderKL(settings.autoencoder)

    def all(self) -> tuple[nn.Module, nn.Module, nn.Module]:
        """Text encoder, denoiser, autoencoder."""
        return self.text, self.denoiser, self.autoencoder


def read_networks(folder: Path) -> tuple[Networks, Tokenizer]:
    """Open a folder strictly: a missing or surplus tensor is an error. Weights become fp32."""
    tokenizer = Tokenizer(folder / "tokenizer")
    networks = Networks(read_settings(folder), len(tokenizer))
    for network, file in zip(networks.all(), (TEXT_FILE, DENOISER_FILE, AUTOENCODER_FILE)):
        network.load_state_dict(read_as_float(folder / file))
        network.eval()
    return networks, tokenizer


def write_networks(folder: Path, networks: Networks, vocabulary: int) -> None:
    """Write weights in fp16 and configs; the tokenizer's files are expected to be in ``folder/tokenizer`` already."""
    settings = networks.settings
    latent_channels = settings.autoencoder.latent_channels
    configs = {
        "text_encoder/config.json": text_encoder_config(settings.text, vocabulary),
        "unet/config.json": denoiser_config(
            latent_channels, settings.latent, settings.text.width, settings.denoiser
        ),
        "vae/config.json": autoencoder_config(settings.autoencoder, settings.picture),
        "scheduler/scheduler_config.json": SCHEDULER_CONFIG,
        "model_index.json": MODEL_INDEX,
    }
    for network, file in zip(networks.all(), (TEXT_FILE, DENOISER_FILE, AUTOENCODER_FILE)):
        tensors = {name: tensor.half() for name, tensor in network.state_dict().items()}
        broken = [name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]
        if broken:
            raise ValueError(f"not finite in fp16: {', '.join(broken[:5])}")
        write_safetensors(folder / file, tensors, {"format": "pt"})
    for file, config in configs.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(json.dumps(config, indent=2) + "\n")


MODEL_INDEX: dict[str, object] = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.27.2",
    "feature_extractor": [None, None],
    "safety_checker": [None, None],
    "requires_safety_checker": False,
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


class Painter:
    """Paints from prompts with a model folder, in fp32, on the device given."""

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.networks, self.tokenizer = read_networks(folder)
        self.device = torch.device(device)
        for network in self.networks.all():
            network.to(self.device)

    def encode_prompts(self, prompts: list[str]) -> Tensor:
        """Text states (B, T, width)."""
        return self.networks.text(
            torch.tensor([self.tokenizer(prompt) for prompt in prompts], device=self.device)
        )

    def noise(self, count: int, seed: int, height: int | None = None, width: int | None = None) -> Tensor:
        """Initial latents by PyTorch's CPU generator; height and width in pixels, native size if left out."""
        settings = self.networks.settings
        factor = settings.autoencoder.factor
        shape = (
            count,
            settings.autoencoder.latent_channels,
            (height or settings.picture) // factor,
            (width or settings.picture) // factor,
        )
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(self.device)

    @torch.no_grad()
    def denoise(
        self, prompts: list[str], latent: Tensor, steps: int, guidance: float, negative: str = ""
    ) -> Tensor:
        """Latents (B, C, h, w) of the prompts; guidance 1 or less leaves the negative prompt out."""
        states = self.encode_prompts([negative] * len(prompts) + list(prompts))
        bound = states[len(prompts) :]

        def predict(x: Tensor, timestep: int) -> Tensor:
            at = torch.tensor([timestep], device=self.device)
            if guidance <= 1:
                return self.networks.denoiser(x, at, bound)
            without, given = self.networks.denoiser(torch.cat([x, x]), at, states).chunk(2)
            return without + guidance * (given - without)

        return sample_ddim(predict, latent, steps)

    @torch.no_grad()
    def decode(self, latent: Tensor) -> Tensor:
        """Pictures (B, 3, H, W), about -1..1, not clipped."""
        return self.networks.autoencoder.decode(latent)

    def paint(
        self, prompts: list[str], seed: int, steps: int = 20, guidance: float = 4.5, batch: int = 8
    ) -> Tensor:
        """Pictures (B, 3, H, W) uint8 on the CPU, one for each prompt, from one seed."""
        noise = self.noise(len(prompts), seed)
        painted = []
        for i in range(0, len(prompts), batch):
            latent = self.denoise(prompts[i : i + batch], noise[i : i + batch], steps, guidance)
            painted.append(to_bytes(self.decode(latent)).cpu())
        return torch.cat(painted)


def to_bytes(picture: Tensor) -> Tensor:
    """-1..1 to 0..255 uint8, clipped and rounded."""
    return ((picture.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def from_bytes(picture: Tensor) -> Tensor:
    """0..255 uint8 to -1..1 fp32; the inverse of :func:`to_bytes`."""
    return picture.float() / 127.5 - 1
