"""What each command does, with its arguments. Every one reads and writes one workplace folder, or a model folder."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from . import evaluation, reference
from .autoencoder_training import (
    AutoencoderOptions,
    normalise,
    train_autoencoder,
    train_decoder,
)
from .classifier import load_classifier, train_classifier
from .dataset import make_entry, open_shards, orders_for, render_all
from .denoiser_training import DenoiserOptions, start_denoiser, train_denoiser
from .encoding import encode_shard
from .loop import Plan, load_averaged
from .model_folder import Networks, Painter, read_networks
from .networks.autoencoder import AutoencoderKL
from .optimizer import Rates
from .prompts import GRID
from .runtime import Runtime, choose_runtime, launch
from .sheets import save_sheet
from .text_training import train_text
from .tokenizer import learn_merges, split_words, write_tokenizer
from .workplace import Workplace, adopt_model, open_workplace
from .world.labels import draw_labels
from .world.scene import render

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent / "model"
FIXTURE = HERE.parents[2] / "test" / "fixtures" / "embedded-reference"
Argument = tuple[tuple[str, ...], dict[str, object]]


@dataclass(frozen=True)
class Command:
    """``run`` gets the parsed arguments; its docstring is the help."""

    run: Callable[[Namespace], None]
    arguments: tuple[Argument, ...]


def _plan(options: Namespace, **changes: object) -> Plan:
    if options.steps is None and options.minutes is None:
        raise ValueError("say how long: --steps or --minutes")
    return replace(Plan(options.steps, options.minutes), **changes)


def _work(options: Namespace) -> Workplace:
    return open_workplace(options.work, options.preset)


def tokenizer(options: Namespace) -> None:
    """Learn the vocabulary from captions of the world.

    Writes WORK/model/tokenizer.
    """
    work = _work(options)
    texts = [text for seed in range(options.captions) for text in make_entry(2**33 + seed)[1]]
    merges = learn_merges(texts, options.least)
    write_tokenizer(work.model / "tokenizer", merges, work.settings.text.positions)
    made = work.tokenizer()
    counts = [made.count(text) for text in texts]
    long = sum(count > made.length for count in counts) / len(counts)
    words = {word for text in texts for word in split_words(text) if len(made.word(word)) == 1}
    print(f"{len(made)} tokens, {len(words)} words whole, longest caption {max(counts)}, cut {long:.2%}")


def render_pictures(options: Namespace) -> None:
    """Render pictures with their captions into shards.

    Writes WORK/data; shards that are complete are left alone. Take different --seed for every call and split.
    """
    work = _work(options)
    orders = orders_for(work.settings, work.data, options.split, options.count, options.seed)
    began, done = time.monotonic(), 0
    for rendered in render_all(orders, options.workers):
        done += rendered
        print(f"{done} of {options.count} rendered, {time.monotonic() - began:.0f} s", flush=True)


def text(options: Namespace) -> None:
    """Teach the text encoder the words of the world.

    Needs the tokenizer. Writes WORK/text.pt and prints which labels it reads from held-out captions.
    """
    work = _work(options)
    start = read_networks(options.start)[0].text if options.start else None

    def task(runtime: Runtime) -> None:
        accuracy = train_text(
            runtime,
            work.settings,
            work.tokenizer(),
            _plan(options),
            work.checkpoint("text"),
            start,
            options.start,
        )
        if runtime.rank == 0:
            print(
                "read right from held-out captions:",
                {name: round(value, 3) for name, value in accuracy.items()},
            )

    task(choose_runtime(threads=options.threads))


def _autoencoder_task(
    runtime: Runtime, work: Workplace, plan: Plan, chosen: AutoencoderOptions, decoder_only: bool
) -> None:
    shards = open_shards(work.data, "train")
    if decoder_only:
        train_decoder(
            runtime, work.settings, shards, plan, work.checkpoint("decoder"), chosen, work.autoencoder()
        )
        return
    train_autoencoder(runtime, work.settings, shards, plan, work.checkpoint("autoencoder"), chosen)


def autoencoder(options: Namespace) -> None:
    """Train the autoencoder on the pictures, and normalise its latents.

    Writes WORK/autoencoder.pt while it runs and WORK/autoencoder-final.pt at the end. With --decoder-only, the encoder and
    so every latent stays as it is: that may be done at any time, also to a model that is finished otherwise.
    """
    work = _work(options)
    chosen = AutoencoderOptions(options.batch, options.adversarial, options.adversarial_from)
    plan = _plan(options, ema=0.99 if options.steps is None or options.steps > 200 else 0.9, decay=0.4)
    task = partial(_autoencoder_task, work=work, plan=plan, chosen=chosen, decoder_only=options.decoder_only)
    launch(task, options.processes, options.threads, work.folder)
    network = AutoencoderKL(work.settings.autoencoder)
    name = "decoder" if options.decoder_only else "autoencoder"
    load_averaged(work.checkpoint(name), network, "autoencoder")
    if not options.decoder_only:
        normalise(network, open_shards(work.data, "train"), choose_runtime(threads=options.threads).device)
    work.keep_autoencoder(network)


def encode(options: Namespace) -> None:
    """Compute the latents of every shard with the finished autoencoder.

    Writes latents.npy beside the pictures; shards that have them are left alone unless --again is said.
    """
    work = _work(options)
    runtime = choose_runtime(threads=options.threads)
    network = work.autoencoder().to(runtime.device)
    for shard in open_shards(work.data, "train"):
        if options.again or not (shard.folder / "latents.npy").exists():
            mean, deviation = encode_shard(network, shard, runtime)
            print(
                f"{shard.folder.name}: {len(shard)} latents, mean {mean:.3f}, deviation {deviation:.3f}",
                flush=True,
            )


def _denoiser_task(runtime: Runtime, work: Workplace, plan: Plan, chosen: DenoiserOptions) -> None:
    torch.manual_seed(0)
    if work.checkpoint("denoiser").exists():
        networks = Networks(work.settings, len(work.tokenizer()))
    else:
        networks = work.networks_for_denoising()
        start_denoiser(networks)
    shards = [s for s in open_shards(work.data, "train") if (s.folder / "latents.npy").exists()]
    if not shards:
        raise ValueError("no latents yet: run the encode command first")
    train_denoiser(runtime, networks, work.tokenizer(), shards, plan, work.checkpoint("denoiser"), chosen)


def denoiser(options: Namespace) -> None:
    """Train the denoiser and the text encoder on latents and captions.

    Needs text.pt, latents and the tokenizer. Writes WORK/denoiser.pt every three minutes, and goes on from it if it is there.
    """
    work = _work(options)
    rates = Rates(adam=options.rate, muon=2 * options.rate)
    chosen = DenoiserOptions(batch=options.batch, motif_weight=options.motif_weight, rates=rates)
    plan = _plan(options, ema=options.ema)
    task = partial(_denoiser_task, work=work, plan=plan, chosen=chosen)
    launch(task, options.processes, options.threads, work.folder)


def adopt(options: Namespace) -> None:
    """Go on from a model folder instead of from nothing.

    Keeps its autoencoder as finished; with its tokenizer, text encoder and denoiser too unless --autoencoder-only is said.
    """
    adopt_model(_work(options), options.model, not options.autoencoder_only)


def export(options: Namespace) -> None:
    """Write the diffusers folder in fp16 from the averaged weights.

    Writes WORK/model. Copying it to native-models/embedded/model is a separate, deliberate act.
    """
    folder = _work(options).export()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB")


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _painter(options: Namespace) -> Painter:
    choose_runtime(threads=options.threads)
    return Painter(options.model, _device())


def paint(options: Namespace) -> None:
    """Paint prompts, or the 48 fixed ones, onto one sheet.

    One seed for all, nothing chosen.
    """
    prompts = options.prompts or list(GRID)
    began = time.monotonic()
    painted = _painter(options).paint(prompts, options.seed, options.sampler_steps, options.guidance)
    print(f"{(time.monotonic() - began) / len(prompts):.2f} s a picture")
    save_sheet(options.out, list(painted.permute(0, 2, 3, 1).numpy()), prompts)


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


def _classifier_task(runtime: Runtime, work: Workplace, plan: Plan, batch: int, width: int) -> None:
    train_classifier(
        runtime, open_shards(work.data, "train"), plan, work.checkpoint("classifier"), batch, width
    )


def classifier(options: Namespace) -> None:
    """Train the judge on rendered pictures, and say how good it is on those it never saw.

    Writes WORK/classifier.pt; needs train and test pictures.
    """
    work = _work(options)
    plan = _plan(options, ema=0.99 if options.steps is None or options.steps > 200 else 0.5)
    task = partial(_classifier_task, work=work, plan=plan, batch=options.batch, width=options.width)
    launch(task, options.processes, options.threads, work.folder)
    judge = load_classifier(work.checkpoint("classifier"), torch.device(_device()))
    print(
        {
            k: round(v, 4)
            for k, v in evaluation.classifier_accuracy(judge, open_shards(work.data, "test")).items()
        }
    )


def score(options: Namespace) -> None:
    """Paint 300 prompts, 100 of them held-out combinations, and let the judge say what it sees.

    Prints the judge's own accuracy on unseen renders first if --data is given. Writes the table to --out.
    """
    judge = load_classifier(options.judge, torch.device(_device()))
    painter = _painter(options)
    if options.data:
        own = evaluation.classifier_accuracy(judge, open_shards(options.data, "test"))
        print("the judge on unseen renders:", {name: round(value, 4) for name, value in own.items()})
    table = evaluation.score(
        painter,
        judge,
        only_known=options.only_known,
        limit=options.limit,
        steps=options.sampler_steps,
        guidance=options.guidance,
    )
    print(evaluation.save_table(options.out, f"{options.model.name}, {options.sampler_steps} steps", table))


def check(options: Namespace) -> None:
    """Run the package's own tests: every command at toy size, from nothing to a scored model."""
    del options
    from .selfcheck import run_all

    if not run_all():
        raise ValueError("the self-check failed")


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
OUT: Argument = (("--out",), {"type": Path, "required": True, "help": "file to write"})
SAMPLING: tuple[Argument, ...] = (
    (("--sampler-steps",), {"type": int, "default": 20}),
    (("--guidance",), {"type": float, "default": 4.5}),
)


def _number(flag: str, default: float, help: str = "") -> Argument:
    return (flag,), {"type": type(default), "default": default, "help": f"{help} ({default})"}


COMMANDS: dict[str, Command] = {
    "sheet": Command(sheet, (OUT, _number("--count", 48), _number("--seed", 0))),
    "tokenizer": Command(tokenizer, (*PLACE, _number("--captions", 30000), _number("--least", 30))),
    "render": Command(
        render_pictures,
        (
            *PLACE,
            (("--split",), {"choices": ["train", "test"], "default": "train"}),
            (("--count",), {"type": int, "required": True}),
            (("--seed",), {"type": int, "required": True}),
            _number("--workers", max(1, (os.cpu_count() or 2) - 1), "processes"),
        ),
    ),
    "text": Command(
        text, (*PLACE, *LENGTH, THREADS, (("--start",), {"type": Path, "help": "model folder to start from"}))
    ),
    "autoencoder": Command(
        autoencoder,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 8, "crops a step"),
            _number("--adversarial", 0.5, "weight of the discriminator, 0 for none"),
            _number("--adversarial-from", 0.4, "share of the run after which it joins"),
            (("--decoder-only",), {"action": "store_true"}),
        ),
    ),
    "encode": Command(encode, (*PLACE, THREADS, (("--again",), {"action": "store_true"}))),
    "denoiser": Command(
        denoiser,
        (
            *PLACE,
            *LENGTH,
            THREADS,
            PROCESSES,
            _number("--batch", 32, "pictures a step and process"),
            _number("--motif-weight", 4.0, "weight of cells that show the motif"),
            _number("--rate", 1e-3, "learning rate of AdamW; Muon's is twice that"),
            _number("--ema", 0.995, "rate of the moving average"),
        ),
    ),
    "adopt": Command(adopt, (*PLACE, MODEL, (("--autoencoder-only",), {"action": "store_true"}))),
    "export": Command(export, PLACE),
    "paint": Command(
        paint, (MODEL, OUT, THREADS, *SAMPLING, _number("--seed", 0), (("prompts",), {"nargs": "*"}))
    ),
    "verify": Command(verify, (MODEL, THREADS, (("--reference",), {"type": Path, "default": FIXTURE}))),
    "reference": Command(write_reference, (MODEL, OUT, THREADS)),
    "evaluate": Command(
        evaluate, (MODEL, THREADS, (("--data",), {"type": Path, "required": True}), _number("--count", 96))
    ),
    "classifier": Command(
        classifier,
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
        score,
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
        ),
    ),
    "check": Command(check, ()),
}
