"""CLIP's tokenizer: byte-level BPE on lower-case words (Sennrich et al. 2016; Radford et al. 2021).

The vocabulary is laid out as OpenAI's: 256 byte symbols, the same 256 at the end of a word (``</w>``), one entry per merge,
then the start and end tokens. Any text can be encoded; a word that was taught is one token.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

START, END = "<|startoftext|>", "<|endoftext|>"
# CLIP's own pattern asks for \p{L} and \p{N}; Python's re has no such classes, but these match the same text.
WORDS = re.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+")


def byte_symbols() -> dict[int, str]:
    """GPT-2's printable character for each byte value."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = {value: chr(value) for value in printable}
    for value in range(256):
        if value not in symbols:
            symbols[value] = chr(256 + len(symbols) - len(printable))
    return symbols


SYMBOLS = byte_symbols()


def split_words(text: str) -> list[str]:
    """The words a text is cut into before BPE: lower case, white space collapsed."""
    return WORDS.findall(" ".join(text.lower().split()))


def _spell(word: str) -> list[str]:
    letters = [SYMBOLS[value] for value in word.encode("utf-8")]
    return [*letters[:-1], letters[-1] + "</w>"]


def _join(parts: list[str], pair: tuple[str, str]) -> list[str]:
    joined: list[str] = []
    i = 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            joined.append(parts[i] + parts[i + 1])
            i += 2
        else:
            joined.append(parts[i])
            i += 1
    return joined


def learn_merges(texts: Iterable[str], least: int, most: int = 4000) -> list[tuple[str, str]]:
    """BPE merges that make one token of every word seen at least ``least`` times; ties go to the later pair by name."""
    counts = Counter(word for text in texts for word in split_words(text))
    counts = Counter({word: count for word, count in counts.items() if count >= least})
    spelt = {word: _spell(word) for word in counts}
    merges: list[tuple[str, str]] = []
    while len(merges) < most:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in spelt.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            break
        best = max(pairs.items(), key=lambda item: (item[1], item[0]))[0]
        merges.append(best)
        spelt = {word: _join(parts, best) if len(parts) > 1 else parts for word, parts in spelt.items()}
    return merges


def write_tokenizer(folder: Path, merges: list[tuple[str, str]], length: int) -> None:
    """Write the four files of a CLIPTokenizer folder. ``length`` is the prompt's length in tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = list(SYMBOLS.values())
    entries = [*symbols, *(s + "</w>" for s in symbols), *(a + b for a, b in merges), START, END]
    if len(set(entries)) != len(entries):
        raise ValueError("two merges give the same token")
    vocabulary = {token: index for index, token in enumerate(entries)}
    special = lambda token: {  # noqa: E731 - one shape, used six times below
        "content": token,
        "lstrip": False,
        "normalized": True,
        "rstrip": False,
        "single_word": False,
    }
    added = lambda token: {**special(token), "__type": "AddedToken"}  # noqa: E731
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "special_tokens_map.json").write_text(
        json.dumps(
            {
                "bos_token": special(START),
                "eos_token": special(END),
                "pad_token": END,
                "unk_token": special(END),
            },
            indent=1,
        )
    )
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "add_prefix_space": False,
                "bos_token": added(START),
                "eos_token": added(END),
                "unk_token": added(END),
                "pad_token": END,
                "do_lower_case": True,
                "errors": "replace",
                "model_max_length": length,
                "tokenizer_class": "CLIPTokenizer",
            },
            indent=1,
        )
    )


class Tokenizer:
    """Encodes text with a CLIPTokenizer folder's ``vocab.json`` and ``merges.txt``."""

    def __init__(self, folder: Path) -> None:
        self.vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
        lines = (folder / "merges.txt").read_text("utf-8").split("\n")[1:]
        self.ranks = {tuple(line.split()): rank for rank, line in enumerate(filter(None, lines))}
        self.length: int = json.loads((folder / "tokenizer_config.json").read_text())["model_max_length"]
        self.start, self.end = self.vocabulary[START], self.vocabulary[END]
        self._known: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.vocabulary)

    def word(self, word: str) -> list[int]:
        """Token ids of one word."""
        if word not in self._known:
            parts = _spell(word)
            while len(parts) > 1:
                rank, pair = min(
                    (self.ranks.get(pair, len(self.ranks)), pair) for pair in zip(parts, parts[1:])
                )
                if rank == len(self.ranks):
                    break
                parts = _join(parts, pair)
            self._known[word] = [self.vocabulary[part] for part in parts]
        return self._known[word]

    def count(self, text: str) -> int:
        """Tokens of a text before cutting, start and end included."""
        return 2 + sum(len(self.word(word)) for word in split_words(text))

    def __call__(self, text: str) -> list[int]:
        """Exactly ``length`` ids: start, the text (cut to fit), end, then more ends."""
        ids = [index for word in split_words(text) for index in self.word(word)][: self.length - 2]
        return [self.start, *ids, *[self.end] * (self.length - 1 - len(ids))]
