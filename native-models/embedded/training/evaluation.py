"""What a model is worth, in numbers: how much it uses its words, and whether its pictures show what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from .autoencoder_training import psnr
from .batches import picture_batch
from .classifier import JUDGED, LabelClassifier, hits, share_right
from .dataset import Shard
from .model_folder import Painter, from_bytes
from .prompts import scored_prompts
from .schedule import STEPS, add_noise, signal_powers
from .tokenizer import split_words
from .world.labels import Labels
from .world.palette import COLOURS

_SWAPPED = [name for name in COLOURS if name != "orange"]  # an orange is also a fruit


def swap_colours(text: str) -> str:
    """Replace every colour word by another, always the same one."""
    pattern = r"\b(" + "|".join(_SWAPPED) + r")\b"
    return re.sub(pattern, lambda found: _SWAPPED[(_SWAPPED.index(found[0]) + 4) % len(_SWAPPED)], text)


@torch.no_grad()
def word_losses(painter: Painter, shard: Shard, count: int) -> dict[str, tuple[float, float]]:
    """v-prediction loss on unseen pictures, over all of them and over those whose caption names a colour.

    The same noise and timesteps with the true caption, an empty one, another picture's, and with colour words exchanged: the
    gaps say how much the words matter.
    """
    count = min(count, len(shard))
    networks, device = painter.networks, painter.device
    captions = [shard.entries[index]["captions"][0] for index in range(count)]
    parts = [picture_batch(shard, list(range(i, min(i + 8, count))), device) for i in range(0, count, 8)]
    latents = torch.cat([networks.autoencoder.encode(part) for part in parts])
    generator = torch.Generator().manual_seed(5)
    timesteps = ((torch.arange(count) + 0.5) / count * STEPS).long()[
        torch.randperm(count, generator=generator)
    ]
    noise = torch.randn(latents.shape, generator=generator).to(device)
    noisy, target = add_noise(latents, noise, signal_powers()[timesteps].to(device))
    coloured = torch.tensor([swap_colours(text) != text for text in captions])
    wordings = {
        "true": captions,
        "empty": [""] * count,
        "another's": captions[1:] + captions[:1],
        "colours exchanged": [swap_colours(text) for text in captions],
    }
    report = {}
    for name, texts in wordings.items():
        states = painter.encode_prompts(texts)
        errors = []
        for i in range(0, count, 32):
            part = slice(i, i + 32)
            predicted = networks.denoiser(noisy[part], timesteps[part].to(device), states[part])
            errors.append((predicted - target[part]).square().mean((1, 2, 3)).cpu())
        error = torch.cat(errors)
        report[name] = (
            float(error.mean()),
            float(error[coloured].mean()) if bool(coloured.any()) else float("nan"),
        )
    return report


@torch.no_grad()
def autoencoder_quality(painter: Painter, shard: Shard, count: int) -> dict[str, float]:
    """Mean PSNR in dB of the round trip of unseen pictures, by medium and over all."""
    values: dict[str, list[float]] = {}
    for index in range(min(count, len(shard))):
        value = float(psnr(painter.networks.autoencoder, picture_batch(shard, [index], painter.device)))
        values.setdefault(shard.labels(index).medium, []).append(value)
    together = [value for group in values.values() for value in group]
    means = {name: sum(group) / len(group) for name, group in sorted(values.items())}
    return {**means, "all": sum(together) / len(together)}


@torch.no_grad()
def classifier_accuracy(network: LabelClassifier, shards: list[Shard]) -> dict[str, float]:
    """The judge's own share of right answers on rendered pictures it was not trained on, of motifs that are taught."""
    device = next(network.parameters()).device
    collected: dict[str, list[bool | None]] = {name: [] for name in JUDGED}
    for shard in shards:
        for begin in range(0, len(shard.taught), 64):
            indices = shard.taught[begin : begin + 64]
            pictures = picture_batch(shard, indices, device)
            for name, values in hits(network, pictures, [shard.labels(i) for i in indices]).items():
                collected[name] += values
    return {name: share_right(values) for name, values in collected.items()}


def knows_every_word(painter: Painter) -> Callable[[str], bool]:
    """A test whether a prompt is made only of words that are one token to this model."""
    return lambda prompt: all(len(painter.tokenizer.word(word)) == 1 for word in split_words(prompt))


ScoredPrompt = tuple[str, Labels, bool]


def prompts_for(painter: Painter, only_known: bool, limit: int | None) -> list[ScoredPrompt]:
    """The 300 prompts, or those among as many whose every word the model knows, or about ``limit`` of them."""
    prompts = scored_prompts(knows_every_word(painter) if only_known else None)
    return prompts if limit is None else prompts[:: max(1, len(prompts) // limit)]


def paint_scored(
    painter: Painter,
    prompts: list[ScoredPrompt],
    steps: int = 20,
    guidance: float = 4.5,
    say: Callable[[str], None] = print,
) -> Tensor:
    """A picture (B, 3, H, W) uint8 for each prompt, from seeds that never change."""
    painted: list[Tensor] = []
    for begin in range(0, len(prompts), 12):
        words = [prompt for prompt, _, _ in prompts[begin : begin + 12]]
        painted.append(painter.paint(words, 1000 + begin, steps, guidance, batch=12))
        if begin % 60 == 0:
            say(f"{begin + len(words)} of {len(prompts)} painted")
    return torch.cat(painted)


@torch.no_grad()
def score(
    judge: LabelClassifier, prompts: list[ScoredPrompt], painted: Tensor
) -> dict[str, dict[str, float]]:
    """Share of generated pictures in which the judge reads what the prompt said, for seen and held-out combinations and both."""
    groups: dict[str, dict[str, list[bool | None]]] = {}
    for begin in range(0, len(prompts), 50):
        part = prompts[begin : begin + 50]
        right = hits(judge, from_bytes(painted[begin : begin + 50]), [labels for _, labels, _ in part])
        for index, (_, _, held_out) in enumerate(part):
            for group in ("all", "held out" if held_out else "seen"):
                for name in JUDGED:
                    groups.setdefault(group, {}).setdefault(name, []).append(right[name][index])
    return {
        group: {name: share_right(values) for name, values in names.items()}
        for group, names in groups.items()
    }


def save_table(path: Path, title: str, rows: dict[str, dict[str, float]]) -> str:
    """A table as text, also written to ``path``."""
    names = list(next(iter(rows.values())))
    lines = [title, f"{'':12}" + "".join(f"{name:>12}" for name in names)]
    for group, values in rows.items():
        lines.append(f"{group:12}" + "".join(f"{100 * values[name]:>11.1f}%" for name in names))
    text = "\n".join(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
    return text
