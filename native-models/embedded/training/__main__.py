"""Command line: ``python3 -m training COMMAND --work FOLDER``. README.md says what each command takes and gives."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import commands


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m training", description="Make, check and judge the embedded model."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.COMMANDS.items():
        described = (command.run.__doc__ or "").strip()
        sub = subparsers.add_parser(name, help=described.split("\n")[0], description=described)
        for flags, options in command.arguments:
            sub.add_argument(*flags, **options)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 1 if it could not be done, with a sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        commands.COMMANDS[chosen.command].run(chosen)
    except (FileNotFoundError, ValueError) as problem:
        print(f"{chosen.command}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
