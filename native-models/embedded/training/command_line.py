"""Reads a command line against a table of commands and runs what it names."""

from __future__ import annotations

import argparse
import sys

from .commands import COMMANDS, Command


def _parser(table: dict[str, Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m training", description="Make, check and judge the embedded model."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in table.items():
        described = (command.run.__doc__ or "").strip()
        sub = subparsers.add_parser(name, help=described.split("\n")[0], description=described)
        for flags, options in command.arguments:
            sub.add_argument(*flags, **options)
    return parser


def main(arguments: list[str] | None = None, more: dict[str, Command] | None = None) -> int:
    """Run one command, of the table or of ``more``; the exit code is 1 if it could not be done, with a sentence on standard error."""
    table = {**COMMANDS, **(more or {})}
    chosen = _parser(table).parse_args(arguments)
    try:
        table[chosen.command].run(chosen)
    except (FileNotFoundError, ValueError) as problem:
        print(f"{chosen.command}: {problem}", file=sys.stderr)
        return 1
    return 0
