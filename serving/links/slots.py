"""What near-copies have in common, word for word, and the slots where they differ.

One text is the pattern. A word of it that stands in every other text too, in the same order, is
common; what stands between common words, in any of them, is a slot.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from serving.links.view import fold

MOST_TEXTS, MOST_WORDS = 50, 3_000
#: Below this share of common words texts have no pattern, and differ all over.
LEAST = 0.3
#: Words; of scripts that put no spaces between them, characters.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the pattern; `slot` is its number from 1 on, or 0 where all texts are alike."""

    text: str
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """The first text in pieces, and for each text what it has in each slot, in order.

    The pieces, one after the other, are the text as it was given.
    """

    pieces: tuple[Piece, ...]
    values: tuple[tuple[str, ...], ...]


def pattern(texts: Sequence[str]) -> Pattern | None:
    """What texts have in common; None for a single one, and where that is too little.

    Of more than `MOST_TEXTS` the first are compared, of each the first `MOST_WORDS` words.
    """
    read = [_Words.of(text) for text in texts[:MOST_TEXTS]]
    if len(read) < 2 or not read[0].folded:
        return None
    first, *others = read
    places = [_matched(first.folded, each.folded) for each in others]
    common = [at for at in range(len(first.folded)) if all(at in each for each in places)]
    if len(common) < LEAST * len(first.folded):
        return None
    anchors = [(at, *(each[at] for each in places)) for at in common]
    ends = tuple(len(each.folded) for each in read)
    gaps = list(pairwise([(-1,) * len(read), *anchors, ends]))
    return _cut(read, [gap for gap in gaps if _differ(read, *gap)])


@dataclass(frozen=True, slots=True)
class _Words:
    """A text, where its words stand, and what is compared of them."""

    text: str
    spans: tuple[tuple[int, int], ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Words":
        spans = tuple(each.span() for each in _WORD.finditer(text))[:MOST_WORDS]
        return cls(text, spans, tuple(fold(text[start:end]) for start, end in spans))

    def between(self, before: int, after: int) -> tuple[int, int]:
        """Where the words after one and before another stand; a place if there are none."""
        if after - before > 1:
            return self.spans[before + 1][0], self.spans[after - 1][1]
        at = self.spans[before][1] if before >= 0 else 0
        return at, at


def _matched(one: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """For each word of one text that the other has in the same order, where."""
    return {
        block.src_start + i: block.dest_start + i
        for block in Indel.opcodes(one, other)
        if block.tag == "equal"
        for i in range(block.src_end - block.src_start)
    }


def _differ(read: Sequence[_Words], before: Sequence[int], after: Sequence[int]) -> bool:
    inside = {
        each.folded[start + 1 : end] for each, start, end in zip(read, before, after, strict=True)
    }
    return len(inside) > 1


def _cut(read: Sequence[_Words], gaps: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Pattern:
    values = tuple(
        tuple(each.text[slice(*each.between(before[i], after[i]))] for before, after in gaps)
        for i, each in enumerate(read)
    )
    return Pattern(tuple(_pieces(read[0], gaps)), values)


def _pieces(first: _Words, gaps: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Iterator[Piece]:
    at = 0
    for number, (before, after) in enumerate(gaps, start=1):
        start, end = first.between(before[0], after[0])
        if start > at:
            yield Piece(first.text[at:start])
        yield Piece(first.text[start:end], number)
        at = end
    if at < len(first.text):
        yield Piece(first.text[at:])
