"""Rendered pictures on disk, in shards of one shape, and the latents computed from them.

A shard is a folder: ``pictures.npy`` (N, H, W, 3) uint8, ``coverage.npy`` (N, h, w) uint8 (share of each latent cell that
is motif, 0..255), ``scribbles.npy`` (N, H, W/8) uint8 (outlines, eight pixels a byte), ``entries.jsonl`` (labels and captions, a line each) and, once encoded, ``latents.npy`` (N, C, h, w) fp16.
``done`` marks it complete; a shard without it is rendered anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from .settings import Settings
from .world.captions import caption
from .world.labels import Labels, draw_labels, taught_things
from .world.scene import render

CAPTIONS = 4
# Share of the pictures and (height, width) in quarters of the side of the square.
SHAPES = {"square": (0.7, 4, 4), "landscape": (0.15, 3, 5), "portrait": (0.15, 5, 3)}


@dataclass(frozen=True)
class ShardOrder:
    """Everything that decides a shard's content."""

    folder: Path
    count: int
    seed: int
    height: int
    width: int
    cell: int


def orders_for(
    settings: Settings, folder: Path, split: str, count: int, seed: int, size: int = 2000
) -> list[ShardOrder]:
    """Cut ``count`` pictures into shards of at most ``size``, each of one shape. Seeds do not overlap within a call."""
    quarter = settings.picture // 4
    orders: list[ShardOrder] = []
    unassigned = count
    for shape, (share, down, across) in SHAPES.items():
        left = unassigned if shape == list(SHAPES)[-1] else min(unassigned, round(count * share))
        unassigned -= left
        while left > 0:
            taken = min(size, left)
            name = f"{split}-{shape}-{seed}"
            orders.append(
                ShardOrder(
                    folder / name, taken, seed, down * quarter, across * quarter, settings.autoencoder.factor
                )
            )
            seed += taken
            left -= taken
    return orders


def make_entry(seed: int) -> tuple[Labels, list[str]]:
    """Labels and captions of the picture with this seed."""
    random = np.random.default_rng(seed)
    labels = draw_labels(random)
    return labels, [caption(labels, random) for _ in range(CAPTIONS)]


def render_shard(order: ShardOrder) -> int:
    """Render one shard unless it is complete already; returns the number of pictures rendered."""
    if (order.folder / "done").exists():
        return 0
    shutil.rmtree(order.folder, ignore_errors=True)
    order.folder.mkdir(parents=True)
    cell, height, width = order.cell, order.height, order.width
    shape = (order.count, height, width, 3)
    pictures = np.lib.format.open_memmap(order.folder / "pictures.npy", "w+", np.uint8, shape)
    rows, columns = height // cell, width // cell
    coverage = np.zeros((order.count, rows, columns), np.uint8)
    scribbles = np.zeros((order.count, height, width // 8), np.uint8)
    with (order.folder / "entries.jsonl").open("w") as entries:
        for index in range(order.count):
            labels, captions = make_entry(order.seed + index)
            picture = render(labels, order.seed + index, height, width)
            pictures[index] = picture.pixels
            share = picture.coverage.reshape(rows, cell, columns, cell).mean((1, 3))
            # A picture that is all motif, or none, weighs every cell alike.
            coverage[index] = (share * 255).astype(np.uint8) if 0 < share.mean() < 0.9 else 80
            scribbles[index] = np.packbits(picture.scribble, axis=1)
            entries.write(json.dumps({"labels": labels.as_dict(), "captions": captions}) + "\n")
    pictures.flush()
    np.save(order.folder / "coverage.npy", coverage)
    np.save(order.folder / "scribbles.npy", scribbles)
    (order.folder / "done").touch()
    return order.count


def render_all(orders: list[ShardOrder], workers: int) -> Iterator[int]:
    """Render shards in parallel; yields the number rendered as each is finished."""
    if workers == 1:
        yield from map(render_shard, orders)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(render_shard, orders)


class Shard:
    """One shard, read on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def pictures(self) -> np.ndarray:
        """(N, H, W, 3) uint8, mapped."""
        return np.load(self.folder / "pictures.npy", mmap_mode="r")

    @cached_property
    def coverage(self) -> np.ndarray:
        """(N, h, w) uint8."""
        return np.load(self.folder / "coverage.npy")

    @cached_property
    def scribbles(self) -> np.ndarray:
        """(N, H, W/8) uint8, packed."""
        return np.load(self.folder / "scribbles.npy")

    @cached_property
    def latents(self) -> np.ndarray:
        """(N, C, h, w) fp16; raises FileNotFoundError before ``encode``."""
        return np.load(self.folder / "latents.npy")

    @cached_property
    def entries(self) -> list[dict]:
        """``labels`` and ``captions`` of each picture."""
        with (self.folder / "entries.jsonl").open() as lines:
            return [json.loads(line) for line in lines]

    @cached_property
    def taught(self) -> list[int]:
        """Indices of the pictures whose motif is taught now; a shard may be older than the list of what is taught."""
        names = {thing.name for thing in taught_things()}
        return [index for index, entry in enumerate(self.entries) if entry["labels"]["motif"] in names]

    def labels(self, index: int) -> Labels:
        """Labels of one picture."""
        return Labels(**self.entries[index]["labels"])

    def __len__(self) -> int:
        return len(self.entries)


def open_shards(folder: Path, split: str) -> list[Shard]:
    """Complete shards of a split, ``train`` or ``test``, by name. Raises FileNotFoundError if there is none."""
    shards = [Shard(done.parent) for done in sorted(folder.glob(f"{split}-*/done"))]
    if not shards:
        raise FileNotFoundError(f"no {split} pictures in {folder}: run the render command first")
    return shards
