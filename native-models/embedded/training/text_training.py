"""Teach the text encoder the words before the denoiser sees it, so that cross-attention starts from states that mean something.

Throw-away heads predict every label of a caption from (a) the mean of all states, which is what untrained cross-attention
sees, and (b) the state at the end token. Captions are made as they are needed; no picture is rendered for this.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .loop import Plan, Run
from .networks.text_encoder import CLIPTextModel
from .optimizer import Rates
from .runtime import Runtime
from .settings import Settings
from .targets import CLASSES, Heads, heads_loss, label_indices
from .tokenizer import Tokenizer
from .world.captions import caption
from .world.labels import draw_labels

BATCH = 128


class WordReader(nn.Module):
    """The text encoder with its heads."""

    def __init__(self, vocabulary: int, settings: Settings) -> None:
        super().__init__()
        self.text = CLIPTextModel(vocabulary, settings.text)
        self.by_mean = Heads(settings.text.width)
        self.by_end = Heads(settings.text.width)


def caption_batch(tokenizer: Tokenizer, seed: int, size: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Token ids (B, T) of fresh captions, and their labels."""
    random = np.random.default_rng(seed)
    drawn = [draw_labels(random) for _ in range(size)]
    ids = torch.tensor([tokenizer(caption(labels, random)) for labels in drawn])
    rows = [label_indices(labels) for labels in drawn]
    return ids, {name: torch.tensor([row[name] for row in rows]) for name in CLASSES}


def _outputs(reader: WordReader, ids: Tensor, end: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    states = reader.text(ids).float()
    last = (ids == end).int().argmax(dim=1)
    return reader.by_mean(states.mean(1)), reader.by_end(
        states[torch.arange(len(ids), device=ids.device), last]
    )


def embed_known_words(text: CLIPTextModel, tokenizer: Tokenizer, folder: Path, old: CLIPTextModel) -> int:
    """Start from another model's text encoder: layers as they are, embeddings token by token where both have the token."""
    other = Tokenizer(folder / "tokenizer")
    weights = {name: value for name, value in old.state_dict().items() if "token_embedding" not in name}
    text.load_state_dict(weights, strict=False)
    new, source = text.text_model.embeddings.token_embedding, old.text_model.embeddings.token_embedding
    shared = [
        (index, other.vocabulary[token])
        for token, index in tokenizer.vocabulary.items()
        if token in other.vocabulary
    ]
    with torch.no_grad():
        for index, at in shared:
            new.weight[index] = source.weight[at]
    return len(shared)


def train_text(
    runtime: Runtime,
    settings: Settings,
    tokenizer: Tokenizer,
    plan: Plan,
    path: Path,
    start: CLIPTextModel | None = None,
    start_folder: Path | None = None,
) -> dict[str, float]:
    """Train and save to ``path``; returns the share of held-out captions whose label is read right from the mean state."""
    torch.manual_seed(0)
    reader = WordReader(len(tokenizer), settings)
    if start is not None and start_folder is not None:
        embed_known_words(reader.text, tokenizer, start_folder, start)
    generator = torch.Generator().manual_seed(1 + runtime.rank)
    run = Run(runtime, {"reader": (reader, 1.0)}, plan, Rates(adam=1.5e-3, muon=2e-3), path, generator)
    run.resume()

    def loss(share: float) -> Tensor:
        del share
        seed = int(torch.randint(0, 2**31, (1,), generator=generator)) + 2**32
        ids, wanted = caption_batch(tokenizer, seed, BATCH)
        wanted = {name: value.to(runtime.device) for name, value in wanted.items()}
        return sum(heads_loss(out, wanted) for out in _outputs(reader, ids.to(runtime.device), tokenizer.end))

    run.train(loss)
    with run.moving.applied(), torch.no_grad():
        ids, wanted = caption_batch(tokenizer, 7, 1000)
        outputs, _ = _outputs(reader, ids.to(runtime.device), tokenizer.end)
        return {
            name: float((outputs[name].argmax(1).cpu() == wanted[name]).float().mean()) for name in CLASSES
        }
