"""Where things are in the repository, and the device commands compute on."""

from __future__ import annotations

from pathlib import Path

import torch

SHIPPED = Path(__file__).resolve().parents[2] / "model"
FIXTURE = Path(__file__).resolve().parents[4] / "test" / "fixtures" / "embedded-reference"


def device_name() -> str:
    """ "cuda" where PyTorch sees a GPU, else "cpu"."""
    return "cuda" if torch.cuda.is_available() else "cpu"
