"""A text cut where its highlights and its unseen characters begin and end.

The pieces, one after the other, are the text as received: a highlight changes no word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import name

from serving.desk.view import Moved

#: What hides inside words, turns the direction of others, or prints nothing. The joiners of
#: Arabic, Indic scripts and emoji (U+200C, U+200D) belong to writing, and stay as they are.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text, in `moved` if a phrase holds it; `unseen` names a character's code."""

    text: str
    moved: Moved | None = None
    unseen: str = ""
    first: bool = False  # whether the phrase begins here


def pieces(text: str, phrases: Sequence[Moved]) -> Iterator[Piece]:
    """The text in pieces; phrases stand apart, in any order."""
    at = 0
    for moved in sorted(phrases, key=lambda each: each.start):
        yield from _plain(text[at : moved.start], None)
        yield from _plain(text[moved.start : moved.end], moved)
        at = moved.end
    yield from _plain(text[at:], None)


def _plain(text: str, moved: Moved | None) -> Iterator[Piece]:
    at, first = 0, moved is not None
    for found in _UNSEEN.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], moved, first=first)
            first = False
        yield Piece(found[0], moved, _code(found[0]), first=first)
        at, first = found.end(), False
    if at < len(text):
        yield Piece(text[at:], moved, first=first)


def _code(char: str) -> str:
    return f"U+{ord(char):04X} {name(char, '')}".strip()
