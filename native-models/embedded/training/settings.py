"""Sizes of the networks and of a training run, in one place.

``FULL`` is what ships. ``TOY`` has the same structure in miniature and lets every command run from end to end in
seconds; its pictures are noise. Both travel with a checkpoint, so a folder of results always says what it holds.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TextEncoderSize:
    """CLIP text transformer (Radford et al. 2021), causal, quick GELU. ``positions`` is the prompt's length in tokens."""

    width: int = 192
    layers: int = 3
    heads: int = 4
    positions: int = 32


@dataclass(frozen=True)
class DenoiserSize:
    """UNet of Stable Diffusion's form. ``attention[i]`` says whether level i has transformer blocks."""

    channels: tuple[int, ...] = (96, 160, 224)
    attention: tuple[bool, ...] = (False, True, True)
    layers: int = 1
    heads: int = 4
    groups: int = 16


@dataclass(frozen=True)
class AutoencoderSize:
    """Autoencoder of Stable Diffusion's form; each level but the last halves the picture."""

    channels: tuple[int, ...] = (16, 32, 64, 128, 128)
    latent_channels: int = 16
    layers: int = 1
    groups: int = 4

    @property
    def factor(self) -> int:
        """Pixels per latent cell along one side."""
        return 2 ** (len(self.channels) - 1)


@dataclass(frozen=True)
class Settings:
    """One model: the sizes of its networks and of its pictures. ``picture`` is the side in pixels of the square shape."""

    name: str = "full"
    picture: int = 256
    text: TextEncoderSize = field(default_factory=TextEncoderSize)
    denoiser: DenoiserSize = field(default_factory=DenoiserSize)
    autoencoder: AutoencoderSize = field(default_factory=AutoencoderSize)

    @property
    def latent(self) -> int:
        """Side of the square latent, in cells."""
        return self.picture // self.autoencoder.factor

    def as_dict(self) -> dict[str, object]:
        """Plain data for a checkpoint; ``settings_from`` is its inverse."""
        return dataclasses.asdict(self)


def settings_from(data: dict) -> Settings:
    """Rebuild settings from :meth:`Settings.as_dict` or from JSON."""
    denoiser = {**data["denoiser"]}
    denoiser["channels"] = tuple(denoiser["channels"])
    denoiser["attention"] = tuple(denoiser["attention"])
    autoencoder = {**data["autoencoder"]}
    autoencoder["channels"] = tuple(autoencoder["channels"])
    return Settings(
        name=data["name"],
        picture=data["picture"],
        text=TextEncoderSize(**data["text"]),
        denoiser=DenoiserSize(**denoiser),
        autoencoder=AutoencoderSize(**autoencoder),
    )


FULL = Settings()
TOY = Settings(
    name="toy",
    picture=64,
    text=TextEncoderSize(width=32, layers=1, heads=2, positions=32),
    denoiser=DenoiserSize(channels=(16, 32), attention=(False, True), heads=2, groups=8),
    autoencoder=AutoencoderSize(channels=(8, 16, 16), latent_channels=4, groups=4),
)
PRESETS = {"full": FULL, "toy": TOY}
