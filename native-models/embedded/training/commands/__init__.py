"""The table of commands: what each runs, and with which arguments. Every one works in a workplace folder or on a model folder."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import judging, making
from .places import FIXTURE, SHIPPED

Argument = tuple[tuple[str, ...], dict[str, object]]


@dataclass(frozen=True)
class Command:
    """``run`` gets the parsed arguments; its docstring is the help."""

    run: Callable[[Namespace], None]
    arguments: tuple[Argument, ...]


WORK: Argument = (("--work",), {"type": Path, "required": True, "help": "folder the model is made in"})
PRESET: Argument = (
    ("--preset",),
    {"choices": ["full", "toy"], "help": "sizes to begin a new folder with (full)"},
)
PLACE = (WORK, PRESET)
LENGTH: tuple[Argument, ...] = (
    (("--steps",), {"type": int, "help": "length in steps: resumable to the bit"}),
    (("--minutes",), {"type": float, "help": "length in wall time"}),
)
THREADS: Argument = (("--threads",), {"type": int, "default": 1, "help": "CPU threads of a process (1)"})
PROCESSES: Argument = (
    ("--processes",),
    {"type": int, "default": 1, "help": "processes that share the work (1)"},
)
MODEL: Argument = (
    ("--model",),
    {"type": Path, "default": SHIPPED, "help": "diffusers folder (the one that ships)"},
)
START: Argument = (("--start",), {"type": Path, "help": "model folder to start from"})
OUT: Argument = (("--out",), {"type": Path, "required": True, "help": "file to write"})
SAMPLING: tuple[Argument, ...] = (
    (("--sampler-steps",), {"type": int, "default": 20}),
    (("--guidance",), {"type": float, "default": 4.5}),
)


def _number(flag: str, default: float, help: str = "") -> Argument:
    return (flag,), {"type": type(default), "default": default, "help": f"{help} ({default})"}


COMMANDS: dict[str, Command] = {
    "sheet": Command(judging.sheet, (OUT, _number("--count", 48), _number("--seed", 0))),
    "tokenizer": Command(making.tokenizer, (*PLACE, _number("--captions", 30000), _number("--least", 30))),
    "render": Command(
        making.render_pictures,
        (
            *PLACE,
            (("--split",), {"choices": ["train", "test"], "default": "train"}),
            (("--count",), {"type": int, "required": True}),
            (("--seed",), {"type": int, "required": True}),
            _number("--workers", max(1, (os.cpu_count() or 2) - 1), "processes"),
        ),
    ),
    "text": Command(
        making.text,
        (*PLACE, *LENGTH, THREADS, START),
    ),
    "autoencoder": Command(
        making.autoencoder,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 8, "crops a step"),
            _number("--adversarial", 0.5, "weight of the discriminator, 0 for none"),
            _number("--adversarial-from", 0.4, "share of the run after which it joins"),
            _number("--texture", 1.0, "weight of local texture energy"),
            (("--decoder-only",), {"action": "store_true"}),
            START,
        ),
    ),
    "dream": Command(
        making.dream_latents,
        (*PLACE, MODEL, THREADS, _number("--count", 1200), _number("--seed", 700000000)),
    ),
    "encode": Command(making.encode, (*PLACE, THREADS, (("--again",), {"action": "store_true"}))),
    "denoiser": Command(
        making.denoiser,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 32, "pictures a step and process"),
            _number("--motif-weight", 4.0, "weight of cells that show the motif"),
            _number("--tilt", 0.85, "below 1, more timesteps of high noise; 1 for texture, late in a run"),
            _number("--rate", 1e-3, "learning rate of AdamW; Muon's is twice that"),
            _number("--ema", 0.995, "rate of the moving average"),
            START,
        ),
    ),
    "control": Command(
        making.control,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 32, "pictures a step and process"),
            _number("--rate", 5e-4, "learning rate of AdamW; Muon's is twice that"),
        ),
    ),
    "paint-scribbles": Command(
        judging.paint_scribbles,
        (
            MODEL,
            OUT,
            THREADS,
            *SAMPLING,
            (("--control",), {"type": Path, "required": True, "help": "ControlNet folder"}),
            (("--data",), {"type": Path, "required": True, "help": "WORK/data"}),
            _number("--count", 16),
            _number("--seed", 0),
        ),
    ),
    "adopt": Command(making.adopt, (*PLACE, MODEL, (("--autoencoder-only",), {"action": "store_true"}))),
    "export": Command(making.export, PLACE),
    "paint": Command(
        judging.paint, (MODEL, OUT, THREADS, *SAMPLING, _number("--seed", 0), (("prompts",), {"nargs": "*"}))
    ),
    "verify": Command(
        judging.verify, (MODEL, THREADS, (("--reference",), {"type": Path, "default": FIXTURE}))
    ),
    "reference": Command(judging.write_reference, (MODEL, OUT, THREADS)),
    "evaluate": Command(
        judging.evaluate,
        (MODEL, THREADS, (("--data",), {"type": Path, "required": True}), _number("--count", 96)),
    ),
    "classifier": Command(
        making.classifier,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 64),
            _number("--width", 32, "channels of its first layer"),
        ),
    ),
    "score": Command(
        judging.score,
        (
            MODEL,
            OUT,
            THREADS,
            *SAMPLING,
            (("--judge",), {"type": Path, "required": True, "help": "classifier.pt"}),
            (("--data",), {"type": Path, "help": "WORK/data, to state the judge's own accuracy"}),
            (
                ("--only-known",),
                {"action": "store_true", "help": "only prompts whose every word the model knows"},
            ),
            (("--limit",), {"type": int, "help": "fewer prompts, for a quick look"}),
            (("--paintings",), {"type": Path, "help": ".npy file to keep the pictures in, or to take them from"}),
        ),
    ),
}
