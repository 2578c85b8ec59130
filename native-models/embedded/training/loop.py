"""The training loop every network shares: schedule, averaging over processes, moving average of the weights, checkpoints.

A checkpoint is written every few minutes and at the end, and always whole. A run that is cut off goes on from it; counted in
steps, in one process on a CPU, it goes on to the same bits. Ctrl-C or SIGTERM ends a run after the step in hand, with a checkpoint.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from .optimizer import MuonAdamW, Rates
from .runtime import Runtime


@dataclass(frozen=True)
class Plan:
    """How long and how fast. Length is in steps, or in minutes of wall time where ``steps`` is None.

    The rate climbs over ``warmup`` steps, stays, and falls linearly to nothing over the last ``decay`` part.
    """

    steps: int | None = None
    minutes: float | None = None
    warmup: int = 40
    decay: float = 0.5
    ema: float = 0.995
    save_seconds: float = 180.0
    log_every: int = 50


class Moving:
    """Exponential moving average of parameters; young averages forget faster, so that the start is soon out."""

    def __init__(self, networks: list[nn.Module], rate: float) -> None:
        self.parameters = [parameter for network in networks for parameter in network.parameters()]
        self.rate = rate
        self.shadow = [parameter.detach().clone() for parameter in self.parameters]

    def update(self, step: int) -> None:
        """Take in the weights after step ``step`` (from 1)."""
        keep = min(self.rate, (1 + step) / (10 + step))
        for shadow, parameter in zip(self.shadow, self.parameters):
            shadow.lerp_(parameter.detach(), 1 - keep)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put the averages into the networks for as long as the block lasts."""
        kept = [parameter.detach().clone() for parameter in self.parameters]
        with torch.no_grad():
            for parameter, shadow in zip(self.parameters, self.shadow):
                parameter.copy_(shadow)
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, weights in zip(self.parameters, kept):
                    parameter.copy_(weights)


class Run:
    """Trains ``networks`` by name, each with a factor on the learning rate, towards a checkpoint file.

    ``loss`` is called with the share of the run that is done and returns a scalar; it draws its own batch. ``generator`` is what
    it draws with, and is part of the checkpoint.
    """

    def __init__(
        self,
        runtime: Runtime,
        networks: dict[str, tuple[nn.Module, float]],
        plan: Plan,
        rates: Rates,
        path: Path,
        generator: torch.Generator,
    ) -> None:
        self.runtime, self.plan, self.path, self.generator = runtime, plan, path, generator
        self.networks = {name: network.to(runtime.device).train() for name, (network, _) in networks.items()}
        self.optimizer = MuonAdamW(list(networks.values()), rates, runtime.dtype)
        self.moving = Moving(list(self.networks.values()), plan.ema)
        self.step = 0
        self._stop = False

    def resume(self) -> bool:
        """Go on from the checkpoint if there is one."""
        if not self.path.exists():
            return False
        saved = torch.load(self.path, map_location="cpu")
        for name, network in self.networks.items():
            network.load_state_dict(saved["networks"][name])
        if "optimizer" not in saved:
            return True
        self.optimizer.load_state_dict(saved["optimizer"])
        for shadow, kept in zip(self.moving.shadow, saved["ema"]):
            shadow.copy_(kept)
        self.step = saved["step"]
        if self.runtime.rank < len(saved["random"]):
            self.generator.set_state(saved["random"][self.runtime.rank])
        torch.set_rng_state(saved["torch_random"])
        return True

    def save(self) -> None:
        """Write weights, averages, optimizer and random state, in place of what was there."""
        if self.runtime.rank != 0:
            return
        state = {
            "step": self.step,
            "networks": {name: network.state_dict() for name, network in self.networks.items()},
            "averaged": {},
            "ema": self.moving.shadow,
            "optimizer": self.optimizer.state_dict(),
            "random": [self.generator.get_state()],
            "torch_random": torch.get_rng_state(),
        }
        with self.moving.applied():
            for name, network in self.networks.items():
                state["averaged"][name] = {key: value.clone() for key, value in network.state_dict().items()}
        save_whole(state, self.path)

    def train(self, loss: Callable[[float], Tensor], say: Callable[[str], None] = print) -> None:
        """Run the plan to its end, or to a signal."""
        plan, began = self.plan, time.monotonic()
        first, saved, total, counted = self.step, began, 0.0, 0
        with self._signals():
            while not self._done(began):
                share = self._share(began)
                self.optimizer.factor = min(1.0, (self.step + 1) / plan.warmup) * min(
                    1.0, max(0.02, (1 - share) / plan.decay)
                )
                self.optimizer.zero_grad(set_to_none=True)
                with self.runtime.autocast():
                    value = loss(share)
                value.backward()
                self.runtime.average(self.optimizer.gradients())
                self.optimizer.step()
                self.step += 1
                self.moving.update(self.step)
                total, counted = total + float(value.detach()), counted + 1
                now = time.monotonic()
                if counted == plan.log_every and self.runtime.rank == 0:
                    rate = (self.step - first) / (now - began)
                    say(
                        f"step {self.step}  {now - began:.0f} s  loss {total / counted:.4f}  {rate:.2f} steps/s"
                    )
                if counted == plan.log_every:
                    total, counted = 0.0, 0
                if now - saved > plan.save_seconds:
                    self.save()
                    saved = now
        self.save()

    def _share(self, began: float) -> float:
        if self.plan.steps is not None:
            return self.step / self.plan.steps
        passed = time.monotonic() - began
        return self.runtime.agree_on(min(1.0, passed / (60 * (self.plan.minutes or 1.0))))

    def _done(self, began: float) -> bool:
        return self.runtime.agree(self._stop or self._share(began) >= 1.0)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def ask(*_: object) -> None:
            self._stop = True

        kept = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


def save_whole(state: object, path: Path) -> None:
    """``torch.save`` that leaves either the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(path.suffix + ".part")
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def load_averaged(path: Path, network: nn.Module, name: str) -> None:
    """Load the averaged weights of one network from a checkpoint."""
    network.load_state_dict(torch.load(path, map_location="cpu")["averaged"][name])


def save_weights(path: Path, networks: dict[str, nn.Module]) -> None:
    """A checkpoint that holds only finished weights, as a start for further training."""
    weights = {name: network.state_dict() for name, network in networks.items()}
    save_whole({"networks": weights, "averaged": weights}, path)
