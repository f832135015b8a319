"""Texts that are nearly the same, found among thousands in seconds.

The likeness of two texts is that of their sets of five-character pieces: what they share over
what either has (Jaccard).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

PIECE = 5


def alike(
    left: Sequence[str], right: Sequence[str], *, least: float
) -> Iterator[tuple[int, int, float]]:
    """Each pair `(left index, right index, likeness)` that is at least so much alike; exact."""
    lefts, rights = [_pieces(text) for text in left], [_pieces(text) for text in right]
    counts: Counter[str] = Counter()
    for pieces in (*lefts, *rights):
        counts.update(pieces)
    holders = defaultdict(list)
    for index, pieces in enumerate(lefts):
        for piece in _rarest(pieces, counts, least):
            holders[piece].append(index)
    for other, pieces in enumerate(rights):
        rare = _rarest(pieces, counts, least)
        for index in sorted({index for piece in rare for index in holders.get(piece, ())}):
            shared = len(pieces & lefts[index])
            likeness = shared / (len(pieces) + len(lefts[index]) - shared)
            if likeness >= least:
                yield index, other, likeness


def _pieces(text: str) -> frozenset[str]:
    return frozenset(text[start : start + PIECE] for start in range(max(1, len(text) - PIECE + 1)))


def _rarest(pieces: Iterable[str], counts: Counter[str], least: float) -> list[str]:
    # Two sets so much alike share one of these, if both are put in the same order: else each
    # would have more than it may that the other has not. The rarest first keeps the lists short.
    ordered = sorted(pieces, key=lambda piece: (counts[piece], piece))
    return ordered[: len(ordered) - ceil(least * len(ordered)) + 1]
