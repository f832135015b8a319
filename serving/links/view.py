"""A text folded, as contacts and near-copies are looked for in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from model.folding import fold_char, one_script

#: What makes a digit an emoji, and what stands for U+0000 in the store.
_DROPPED = "\u20e3\N{SYMBOL FOR NULL}"
_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKE = re.compile(r"[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")


@dataclass(frozen=True, slots=True)
class View:
    """Folded characters; character `i` was read from `raw[at[i]:to[i]]`, in code points."""

    text: str
    at: Sequence[int]
    to: Sequence[int]

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` up to `end` stand in the raw text."""
        return self.at[start], self.to[end - 1]


class _Folded(dict[int, str]):
    """What code points fold to, for `str.translate`; filled as they come."""

    def __missing__(self, code: int) -> str:
        folded = "" if chr(code) in _DROPPED else fold_char(chr(code))
        self[code] = "".join(str(int(char)) if char.isdecimal() else char for char in folded)
        return self[code]


_FOLDED = _Folded()


def fold(raw: str) -> str:
    """The text without case, marks or hidden characters, digits as ASCII, one script a word."""
    text = raw.translate(_FOLDED)
    if _LOOK_ALIKE.search(text):
        text = _WORD.sub(lambda word: one_script(word[0]), text)
    return text


def view(raw: str) -> View:
    """The folded text with the way back to the text as received."""
    at = [place for place, char in enumerate(raw) for _ in _FOLDED[ord(char)]]
    return View(fold(raw), at, [place + 1 for place in at])
