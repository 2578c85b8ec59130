"""Commands that make a model: pictures, words, networks, the exported folder, and the judge."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import replace
from functools import partial

import torch

from .. import evaluation
from ..autoencoder_training import (
    AutoencoderOptions,
    normalise,
    train_autoencoder,
    train_decoder,
)
from ..classifier import load_classifier, train_classifier
from ..control_training import (
    new_controlnet,
    train_control,
    write_control,
)
from ..dataset import make_entry, open_shards, orders_for, render_all
from ..denoiser_training import DenoiserOptions, start_denoiser, train_denoiser
from ..dreams import dream, read_dreams
from ..encoding import encode_shard
from ..loop import Plan, load_averaged
from ..model_folder import Networks, Painter, read_networks
from ..networks.autoencoder import AutoencoderKL
from ..optimizer import Rates
from ..runtime import Runtime, choose_runtime, launch
from ..text_training import train_text
from ..tokenizer import learn_merges, split_words, write_tokenizer
from ..workplace import Workplace, adopt_model, open_workplace
from .places import device_name


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
    runtime: Runtime,
    work: Workplace,
    plan: Plan,
    chosen: AutoencoderOptions,
    decoder_only: bool,
    start: Path | None,
) -> None:
    shards = open_shards(work.data, "train")
    if decoder_only:
        kept = work.dreams
        train_decoder(
            runtime,
            work.settings,
            shards,
            plan,
            work.checkpoint("decoder"),
            chosen,
            work.autoencoder(),
            read_dreams(kept) if kept.exists() else None,
        )
        return
    network = read_networks(start)[0].autoencoder if start else None
    train_autoencoder(runtime, work.settings, shards, plan, work.checkpoint("autoencoder"), chosen, network)


def autoencoder(options: Namespace) -> None:
    """Train the autoencoder on the pictures, and normalise its latents.

    Writes WORK/autoencoder.pt while it runs and WORK/autoencoder-final.pt at the end. With --decoder-only, the encoder and
    so every latent stays as it is: that may be done at any time, also to a model that is finished otherwise; WORK/dreams.npz
    is used where it is there. With --start, training goes on from another model's autoencoder, whose latents move: the denoiser has to be trained on the new ones.
    """
    work = _work(options)
    chosen = AutoencoderOptions(
        options.batch, options.adversarial, options.adversarial_from, texture=options.texture
    )
    plan = _plan(options, ema=0.99 if options.steps is None or options.steps > 200 else 0.9, decay=0.4)
    task = partial(
        _autoencoder_task,
        work=work,
        plan=plan,
        chosen=chosen,
        decoder_only=options.decoder_only,
        start=options.start,
    )
    launch(task, options.processes, options.threads, work.folder)
    network = AutoencoderKL(work.settings.autoencoder)
    name = "decoder" if options.decoder_only else "autoencoder"
    load_averaged(work.checkpoint(name), network, "autoencoder")
    if not options.decoder_only:
        normalise(network, open_shards(work.data, "train"), choose_runtime(threads=options.threads).device)
    work.keep_autoencoder(network)


def dream_latents(options: Namespace) -> None:
    """Let a finished model paint captions, and keep the latents for its decoder to be trained on.

    Writes WORK/dreams.npz, which autoencoder --decoder-only takes in.
    """
    work = _work(options)
    choose_runtime(threads=options.threads)
    dream(Painter(options.model, device_name()), options.count, options.seed).save(work.dreams)


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


def _denoiser_task(
    runtime: Runtime, work: Workplace, plan: Plan, chosen: DenoiserOptions, start: Path | None
) -> None:
    torch.manual_seed(0)
    if work.checkpoint("denoiser").exists():
        networks = Networks(work.settings, len(work.tokenizer()))
    else:
        networks = work.networks_for_denoising()
        if start:
            networks.denoiser.load_state_dict(read_networks(start)[0].denoiser.state_dict())
        else:
            start_denoiser(networks)
    shards = [s for s in open_shards(work.data, "train") if (s.folder / "latents.npy").exists()]
    if not shards:
        raise ValueError("no latents yet: run the encode command first")
    train_denoiser(runtime, networks, work.tokenizer(), shards, plan, work.checkpoint("denoiser"), chosen)


def denoiser(options: Namespace) -> None:
    """Train the denoiser and the text encoder on latents and captions.

    Needs text.pt, latents and the tokenizer. Writes WORK/denoiser.pt every three minutes, and goes on from it if it is there.
    With --start, begins from the denoiser of another model of the same sizes.
    """
    work = _work(options)
    rates = Rates(adam=options.rate, muon=2 * options.rate)
    chosen = DenoiserOptions(
        batch=options.batch, motif_weight=options.motif_weight, tilt=options.tilt, rates=rates
    )
    plan = _plan(options, ema=options.ema)
    task = partial(_denoiser_task, work=work, plan=plan, chosen=chosen, start=options.start)
    launch(task, options.processes, options.threads, work.folder)


def _control_task(runtime: Runtime, work: Workplace, plan: Plan, chosen: DenoiserOptions) -> None:
    networks, tokenizer = read_networks(work.model)
    shards = [s for s in open_shards(work.data, "train") if (s.folder / "latents.npy").exists()]
    train_control(runtime, networks, tokenizer, shards, plan, work.checkpoint("control"), chosen)


def control(options: Namespace) -> None:
    """Train a ControlNet that follows scribbles, for the exported model.

    Needs WORK/model and latents. Writes WORK/control.pt while it runs and WORK/controlnet, a diffusers folder, at the end.
    """
    work = _work(options)
    chosen = DenoiserOptions(batch=options.batch, rates=Rates(adam=options.rate, muon=2 * options.rate))
    task = partial(_control_task, work=work, plan=_plan(options), chosen=chosen)
    launch(task, options.processes, options.threads, work.folder)
    network = new_controlnet(work.settings)
    load_averaged(work.checkpoint("control"), network, "control")
    write_control(work.folder / "controlnet", network, work.settings)


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
    judge = load_classifier(work.checkpoint("classifier"), torch.device(device_name()))
    print(
        {
            k: round(v, 4)
            for k, v in evaluation.classifier_accuracy(judge, open_shards(work.data, "test")).items()
        }
    )
