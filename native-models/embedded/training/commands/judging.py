"""Commands that look at what there is: paint, compare with the reference, measure, score."""

from __future__ import annotations

import time
from argparse import Namespace

import numpy as np
import torch

from .. import evaluation, reference
from ..batches import hint_batch
from ..classifier import load_classifier
from ..control_training import (
    paint_along,
    read_control,
)
from ..dataset import open_shards
from ..model_folder import Painter, to_bytes
from ..prompts import GRID
from ..runtime import choose_runtime
from ..sheets import save_sheet
from ..world.labels import draw_labels
from ..world.scene import render
from .places import device_name


def _painter(options: Namespace) -> Painter:
    choose_runtime(threads=options.threads)
    return Painter(options.model, device_name())


def paint(options: Namespace) -> None:
    """Paint prompts, or the 48 fixed ones, onto one sheet.

    One seed for all, nothing chosen.
    """
    prompts = options.prompts or list(GRID)
    began = time.monotonic()
    painted = _painter(options).paint(prompts, options.seed, options.sampler_steps, options.guidance)
    print(f"{(time.monotonic() - began) / len(prompts):.2f} s a picture")
    save_sheet(options.out, list(painted.permute(0, 2, 3, 1).numpy()), prompts)


def paint_scribbles(options: Namespace) -> None:
    """Paint along the scribbles of pictures never trained on: each scribble with its painting beside it."""
    painter = _painter(options)
    network = read_control(options.control, painter.networks.settings)
    shard = open_shards(options.data, "test")[-1]
    indices = list(range(min(options.count, len(shard))))
    hint = hint_batch(shard, indices)
    prompts = [shard.entries[index]["captions"][0] for index in indices]
    painted = paint_along(
        painter, network, prompts, hint, options.seed, options.sampler_steps, options.guidance
    )
    pairs = torch.stack([(hint * 255).to(torch.uint8), to_bytes(painted).cpu()], 1).flatten(0, 1)
    words = [text for prompt in prompts for text in ("", prompt)]
    save_sheet(options.out, list(pairs.permute(0, 2, 3, 1).numpy()), words)


def sheet(options: Namespace) -> None:
    """Show what the world looks like: a contact sheet of rendered pictures."""
    random = np.random.default_rng(options.seed)
    pictures = [render(draw_labels(random), options.seed + index).pixels for index in range(options.count)]
    save_sheet(options.out, pictures, None)


def verify(options: Namespace) -> None:
    """Hold the networks to the reference set, tensor by tensor.

    Fails if any is off by more than 1e-3 of its greatest magnitude.
    """
    for name, difference in reference.verify(_painter(options), options.reference):
        print(f"{name:28} {difference:.1e}")


def write_reference(options: Namespace) -> None:
    """Compute the reference set of a model, for other implementations to be held to."""
    picture = render(draw_labels(np.random.default_rng(3)), 3).pixels
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].contiguous()
    reference.write_reference(_painter(options), tensor, options.out)


def evaluate(options: Namespace) -> None:
    """Measure how much words matter to a model, and what its autoencoder keeps, on pictures it was not trained on."""
    painter = _painter(options)
    shard = open_shards(options.data, "test")[-1]
    for name, (every, coloured) in evaluation.word_losses(painter, shard, options.count).items():
        print(f"loss, captions {name:18} {every:.4f}   where a colour is named {coloured:.4f}")
    for name, value in evaluation.autoencoder_quality(painter, shard, min(options.count, 100)).items():
        print(f"round trip, {name:14} {value:.2f} dB")


def score(options: Namespace) -> None:
    """Paint 300 prompts, 100 of them held-out combinations, and let the judge say what it sees.

    Prints the judge's own accuracy on unseen renders first if --data is given. Writes the table to --out. With --paintings the
    pictures are kept in a file, and taken from it when it is there: another judge needs no second painting.
    """
    judge = load_classifier(options.judge, torch.device(device_name()))
    painter = _painter(options)
    prompts = evaluation.prompts_for(painter, options.only_known, options.limit)
    if options.data:
        own = evaluation.classifier_accuracy(judge, open_shards(options.data, "test"))
        print("the judge on unseen renders:", {name: round(value, 4) for name, value in own.items()})
    kept = options.paintings
    if kept is not None and kept.exists():
        painted = torch.from_numpy(np.load(kept))
        if len(painted) != len(prompts):
            raise ValueError(f"{kept} has {len(painted)} pictures for {len(prompts)} prompts")
    else:
        painted = evaluation.paint_scored(painter, prompts, options.sampler_steps, options.guidance)
        if kept is not None:
            np.save(kept, painted.numpy())
    table = evaluation.score(judge, prompts, painted)
    print(evaluation.save_table(options.out, f"{options.model.name}, {options.sampler_steps} steps", table))
