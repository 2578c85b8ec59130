"""Where the arithmetic runs: device, number format, and one or several processes.

On CPUs several one-thread processes that average their gradients keep going when other programs want the cores; one process
with several threads does not (every layer then waits for its slowest thread). On a GPU one process is enough.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, distributed
from torch import multiprocessing as processes


@dataclass(frozen=True)
class Runtime:
    """``rank`` of ``world`` processes on ``device``; ``dtype`` is what autocast computes convolutions and products in."""

    device: torch.device
    dtype: torch.dtype
    rank: int = 0
    world: int = 1

    def autocast(self) -> AbstractContextManager:
        """Mixed precision where it is worth it, else nothing."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    def average(self, tensors: list[Tensor]) -> None:
        """Replace each tensor by its mean over the processes."""
        if self.world == 1:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        flat /= self.world
        offset = 0
        for tensor in tensors:
            tensor.copy_(flat[offset : offset + tensor.numel()].view_as(tensor))
            offset += tensor.numel()

    def agree_on(self, number: float) -> float:
        """The first process's number, so that what depends on the clock happens at the same step in all of them."""
        if self.world == 1:
            return number
        told = torch.tensor([number], dtype=torch.float64, device=self.device)
        distributed.broadcast(told, 0)
        return float(told.item())

    def agree(self, flag: bool) -> bool:
        """Whether any process says so: all then stop at the same step."""
        if self.world == 1:
            return flag
        votes = torch.tensor([float(flag)], device=self.device)
        distributed.all_reduce(votes)
        return bool(votes.item() > 0)


def cpu_has_bf16() -> bool:
    """Whether this processor multiplies bf16 in hardware; emulated, it is thirty times slower than fp32."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def choose_runtime(rank: int = 0, world: int = 1, threads: int = 1) -> Runtime:
    """A GPU with bf16 if there is one, else the CPU with ``threads`` threads in whichever format is faster there."""
    if torch.cuda.is_available():
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        return Runtime(torch.device("cuda", rank), torch.bfloat16, rank, world)
    torch.set_num_threads(threads)
    return Runtime(torch.device("cpu"), torch.bfloat16 if cpu_has_bf16() else torch.float32, rank, world)


def _enter(rank: int, world: int, meeting: str, task: Callable[[Runtime], None]) -> None:
    backend = "nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(backend, init_method=f"file://{meeting}", rank=rank, world_size=world)
    try:
        task(choose_runtime(rank, world))
    finally:
        distributed.destroy_process_group()


def launch(task: Callable[[Runtime], None], count: int, threads: int, folder: Path) -> None:
    """Run ``task`` in ``count`` processes (in this one if count is 1). They meet by a file in ``folder``, not by a port."""
    if count == 1:
        task(choose_runtime(threads=threads))
        return
    meeting = folder / f".meeting-{os.getpid()}"
    meeting.unlink(missing_ok=True)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    try:
        processes.spawn(_enter, (count, str(meeting.resolve()), task), count)
    finally:
        meeting.unlink(missing_ok=True)
