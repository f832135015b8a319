"""Rows of n-grams and their numbers, written piece by piece and then put together.

How long the rows of many texts are is known only when they are written, and they are most of what
a fit holds in memory: so a piece is let go as soon as it stands in the whole.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.compiled import jit
from model.memory import KINDS, Found

#: Room of a piece. What is over 32 MiB the system takes back at once, and not only at the end.
PIECE = 1 << 23

#: `write(part, lengths, ids, values)` writes the rows of the texts of `part`, and their lengths,
#: while there is room, and returns the first text that there was no room for.
Write = Callable[..., int]


class Piece(NamedTuple):
    """Some rows, one after the other. Counts up to 2**24 are exact in single precision."""

    ids: NDArray[np.int32]
    values: NDArray[np.floating]


def pieces(
    write: Write,
    part: tuple[int, int],
    found: Found,
    lengths: NDArray[np.int64],
    dtype: type[np.floating],
) -> list[Piece]:
    """The rows of the texts of `part`, whose `lengths` (texts,) are filled."""
    first, last = part
    made = []
    while first < last:
        size = max(PIECE, len(found.distinct))
        piece = Piece(np.empty(size, np.int32), np.empty(size, dtype))
        after = int(write((first, last), lengths, *piece))
        for array in piece:  # gives back what is not used, without a copy
            array.resize(int(lengths[first:after].sum()), refcheck=False)
        made.append(piece)
        first = after
    return made


def join(
    made: Sequence[list[Piece]], lengths: NDArray[np.int64], terms: int, dtype: type[np.floating]
) -> csr_array:
    """The rows of all texts, of the pieces of each part; the lists are empty afterwards."""
    starts = np.concatenate([[0], np.cumsum(lengths)])
    # scikit-learn's solvers take no longer indices than they need.
    kind = np.int32 if starts[-1] <= np.iinfo(np.int32).max else np.int64
    ids, values = np.empty(starts[-1], kind), np.empty(starts[-1], dtype)
    at = 0
    for part in made:
        part.reverse()
        while part:
            piece = part.pop()
            end = at + len(piece.ids)
            ids[at:end], values[at:end] = piece
            at = end
    return csr_array((values, ids, starts.astype(kind)), shape=(len(lengths), terms))


@jit
def write(found, at, ids, values):
    """Write a text's n-grams and their counts from place `at` on, and make room for the next text.

    Returns the place after them, -1 if there is no room.
    """
    distinct, tally, kind, kinds = found.distinct, found.tally, found.kind, found.size[KINDS]
    fits = at + kinds <= ids.shape[0]
    for k in range(kinds):
        kind[distinct[k]] = 0
        if fits:
            ids[at + k], values[at + k] = distinct[k], tally[k]
    return at + kinds if fits else -1
