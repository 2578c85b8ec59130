"""Command line: ``python3 -m training COMMAND --work FOLDER``. README.md says what each command takes and gives."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from .command_line import main
from .commands import Command


def check(options: Namespace) -> None:
    """Run the package's own tests: every command at toy size, from nothing to a scored model."""
    del options
    from .selfcheck import run_all

    if not run_all():
        raise ValueError("the self-check failed")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main(more={"check": Command(check, ())}))
