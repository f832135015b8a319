"""A text cut where its highlights and its unseen characters begin and end.

The pieces, one after the other, are the text as received: a highlight changes no word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import name

from serving.desk.unseen import UNSEEN
from serving.desk.view import Moved


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text, in `moved` if a phrase holds it; `unseen` names what does not show."""

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
    for found in UNSEEN.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], moved, first=first)
            first = False
        yield Piece(found[0], moved, _code(found[0]), first=first)
        at, first = found.end(), False
    if at < len(text):
        yield Piece(text[at:], moved, first=first)


def _code(char: str) -> str:
    return f"U+{ord(char):04X} {name(char, '')}".strip()
