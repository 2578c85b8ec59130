"""The folder a model is made in: what each command leaves there for the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from .loop import load_averaged, save_weights
from .model_folder import Networks, read_networks, write_networks
from .networks.autoencoder import AutoencoderKL
from .settings import PRESETS, Settings, settings_from
from .tokenizer import Tokenizer


@dataclass(frozen=True)
class Workplace:
    """Paths below one folder, and the sizes it was made with."""

    folder: Path
    settings: Settings

    @property
    def data(self) -> Path:
        """Shards."""
        return self.folder / "data"

    @property
    def model(self) -> Path:
        """The exported model; its ``tokenizer`` is there from the first command on."""
        return self.folder / "model"

    @property
    def dreams(self) -> Path:
        """Latents of the denoiser, for its decoder."""
        return self.folder / "dreams.npz"

    def checkpoint(self, name: str) -> Path:
        """Checkpoint of ``text``, ``autoencoder``, ``decoder``, ``denoiser`` or ``classifier``."""
        return self.folder / f"{name}.pt"

    def tokenizer(self) -> Tokenizer:
        """Raises FileNotFoundError before the tokenizer command."""
        if not (self.model / "tokenizer" / "vocab.json").exists():
            raise FileNotFoundError(f"no tokenizer in {self.folder}: run the tokenizer command first")
        return Tokenizer(self.model / "tokenizer")

    def autoencoder(self) -> AutoencoderKL:
        """The finished autoencoder, latents normalised."""
        if not self.checkpoint("autoencoder-final").exists():
            raise FileNotFoundError(
                f"no finished autoencoder in {self.folder}: run autoencoder or adopt first"
            )
        network = AutoencoderKL(self.settings.autoencoder)
        load_averaged(self.checkpoint("autoencoder-final"), network, "autoencoder")
        return network.eval()

    def keep_autoencoder(self, network: AutoencoderKL) -> None:
        """Make this the finished autoencoder."""
        save_weights(self.checkpoint("autoencoder-final"), {"autoencoder": network.cpu()})

    def networks_for_denoising(self) -> Networks:
        """Fresh networks with the text encoder of the text command."""
        networks = Networks(self.settings, len(self.tokenizer()))
        path = self.checkpoint("text")
        if not path.exists():
            raise FileNotFoundError(f"no text encoder in {self.folder}: run the text command first")
        weights = torch.load(path, map_location="cpu")["averaged"]["reader"]
        text = {name[5:]: value for name, value in weights.items() if name.startswith("text.")}
        networks.text.load_state_dict(text)
        return networks

    def export(self) -> Path:
        """Write the model folder from the averaged weights; returns it."""
        networks = Networks(self.settings, len(self.tokenizer()))
        load_averaged(self.checkpoint("denoiser"), networks.denoiser, "denoiser")
        load_averaged(self.checkpoint("denoiser"), networks.text, "text")
        networks.autoencoder = self.autoencoder()
        write_networks(self.model, networks, len(self.tokenizer()))
        return self.model


def open_workplace(folder: Path, preset: str | None = None) -> Workplace:
    """Open a folder, or begin one with a preset (``full`` if none is said). Raises ValueError if it was begun with another."""
    note = folder / "settings.json"
    if note.exists():
        settings = settings_from(json.loads(note.read_text()))
        if preset is not None and settings != PRESETS[preset]:
            raise ValueError(f"{folder} was begun with other sizes than {preset}")
        return Workplace(folder, settings)
    settings = PRESETS[preset or "full"]
    folder.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(settings.as_dict(), indent=1) + "\n")
    return Workplace(folder, settings)


def adopt_model(workplace: Workplace, model: Path, with_tokenizer: bool) -> None:
    """Begin from a model folder: its autoencoder is kept as finished and its denoiser as a checkpoint to go on from.

    With its tokenizer and text encoder too, or, for a world with new words, without.
    """
    networks, _ = read_networks(model)
    if networks.settings.autoencoder != workplace.settings.autoencoder:
        raise ValueError(f"{model} has another autoencoder than {workplace.folder}")
    workplace.keep_autoencoder(networks.autoencoder)
    if not with_tokenizer:
        return
    target = workplace.model / "tokenizer"
    target.mkdir(parents=True, exist_ok=True)
    for file in (model / "tokenizer").iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    save_weights(workplace.checkpoint("denoiser"), {"denoiser": networks.denoiser, "text": networks.text})
