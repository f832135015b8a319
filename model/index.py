"""Compiled: the ids of n-grams, found by their 64-bit hash."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit

#: No such n-gram. Ids and places are unsigned, so that numba need not look for negative indices.
MISSING = 0xFFFFFFFF
#: The lower bits of an entry of the index hold an id and one, the upper ones are those of a hash.
_ID = (1 << 28) - 1


class Index(NamedTuple):
    """The id of every n-gram's hash, in open addressing; 0 means free.

    A hash is looked for from the place on that its lowest bits say, so an entry with its upper
    bits alone stands for all of it. `sieve` has a bit set for every n-gram of several tokens,
    few enough for a near cache. `hashes[id]` is the way back; `state[0]` counts the ids given out.
    """

    entries: NDArray[np.uint64]
    sieve: NDArray[np.uint64]
    hashes: NDArray[np.uint64]
    state: NDArray[np.int64]


def empty(capacity: int, ids: int, *, sieve: int = 1) -> Index:
    """An empty index of `capacity`, a power of two, with room for `ids` ids, under 2**28.

    Raises `OverflowError` for more.
    """
    if ids >= _ID:
        raise OverflowError(f"{ids:,} n-grams are too many for the index: give fewer texts.")
    return Index(
        np.zeros(capacity, np.uint64),
        np.zeros(sieve, np.uint64),
        np.zeros(ids, np.uint64),
        np.zeros(1, np.int64),
    )


def index_of(hashes: NDArray[np.uint64]) -> Index:
    """An index in which the hash `hashes[i]` has the id `i`."""
    several = int((hashes & np.uint64(1) == 0).sum())
    made = empty(
        2 << max(10, len(hashes).bit_length()),
        len(hashes),
        sieve=1 << several.bit_length() >> 2 or 1,
    )
    fill(made, hashes)
    return made


@jit
def find(entries, key):
    """The id of a hash in the `entries` of an index, or `MISSING`."""
    mask = np.uint64(entries.shape[0] - 1)
    upper, at = key & ~np.uint64(_ID), key >> np.uint64(1) & mask
    entry = entries[at]
    while entry:
        if entry & ~np.uint64(_ID) == upper:
            return np.uint32((entry & np.uint64(_ID)) - np.uint64(1))
        at = (at + np.uint64(1)) & mask
        entry = entries[at]
    return np.uint32(MISSING)


@jit
def put(index, key):
    """The id of a hash, a new one where it has none; there must be room."""
    gram = find(index.entries, key)
    if gram != MISSING:
        return gram
    fresh, mask = index.state[0], np.uint64(index.entries.shape[0] - 1)
    at = key >> np.uint64(1) & mask
    while index.entries[at]:
        at = (at + np.uint64(1)) & mask
    index.entries[at] = key & ~np.uint64(_ID) | np.uint64(fresh + 1)
    index.hashes[fresh] = key
    index.state[0] += 1
    if key & np.uint64(1) == 0:
        place, bit = sifted(index.sieve, key)
        index.sieve[place] |= np.uint64(1) << bit
    return np.uint32(fresh)


@jit
def sifted(sieve, key):
    """Where the bit of a hash stands in a sieve."""
    return key >> np.uint64(7) & np.uint64(sieve.shape[0] - 1), key >> np.uint64(1) & np.uint64(63)


@jit
def fill(index, hashes):
    """Put hashes into an empty index, in order."""
    for key in hashes:
        put(index, key)
