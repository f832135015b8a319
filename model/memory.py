"""Room in arrays for what is remembered of words and noted of a text, used again for the next."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.lanes import LANES

#: A word seen before, by its hash `key`, 0 where a slot is free. `pool[first:last]` are the ids of
#: the word and the n-grams inside, `word` that of the word alone, or `MISSING`. `mark` holds the
#: number of the last text with the word in its upper half, and the word's number within that text
#: in its lower. `own` is its number among all words seen.
SLOT = np.dtype(
    [
        *(("key", "u8"), ("mark", "u8")),
        *(("first", "u4"), ("last", "u4"), ("word", "u4"), ("own", "u4")),
    ]
)
#: Places in `Cache.state`: slots used, room used in the pool, number of the text.
SLOTS, POOLED, STAMP = 0, 1, 2
#: Places in `Found.size`.
TOKENS, WORDS, FROM, TO, KINDS, LISTED = range(6)


class Cache(NamedTuple):
    """Words seen before, see `SLOT`, and the n-grams inside them.

    `squares[own]` is for the kernel to keep the sum of the squares of a word's idf, -1 as long as
    it has not, and `rows[own * width:]` for the sum of their weights.
    """

    slots: NDArray[np.void]
    pool: NDArray[np.uint32]
    squares: NDArray[np.float64]
    rows: NDArray[np.float64]
    state: NDArray[np.int64]


class Found(NamedTuple):
    """What one text holds: distinct words, n-grams of several tokens, and counts of n-grams.

    Token `i` is the distinct word `token[i]`; word `j` is the slot `slot[j]` and stands there
    `times[j]` times. `listed[until[j - 1]:until[j]]` are ids of n-grams inside word `j`.

    The distinct n-gram `k` is `distinct[k]` and stands there `tally[k]` times; `kind[id]` is its
    number and one, 0 for n-grams that the text lacks. `inside` are the numbers of those listed.
    `gram` are those of n-grams on `length` tokens from `begin` on, from place `size[FROM]` to
    `size[TO]`; `state` are their hashes, `pure` says whether they are of ideographs alone.
    Before them stand those of one token; `known` says of each token whether it is one.

    `seen` and `again` are sets of ids, all empty between texts.
    """

    token: NDArray[np.uint32]
    slot: NDArray[np.uint32]
    times: NDArray[np.uint32]
    until: NDArray[np.uint32]
    listed: NDArray[np.uint32]
    owner: NDArray[np.uint32]
    distinct: NDArray[np.uint32]
    tally: NDArray[np.uint32]
    kind: NDArray[np.uint32]
    inside: NDArray[np.uint32]
    gram: NDArray[np.uint32]
    begin: NDArray[np.uint32]
    length: NDArray[np.uint32]
    state: NDArray[np.uint64]
    pure: NDArray[np.bool_]
    known: NDArray[np.bool_]
    seen: NDArray[np.uint64]
    again: NDArray[np.uint64]
    size: NDArray[np.int64]


def cache(words: int, pool: int, width: int) -> Cache:
    """An empty cache for half of `words`, a power of two, and `pool` n-grams inside them."""
    return Cache(
        np.zeros(words, SLOT),
        np.zeros(pool + LANES, np.uint32),
        np.empty(words // 2 + 1),
        np.empty((words // 2 + 1) * width),
        np.zeros(3, np.int64),
    )


def found(tokens: int, inside: int, longest: int, ids: int) -> Found:
    """Room for a text of that many tokens, with n-grams of up to `longest` tokens."""
    grams = tokens * longest + 1
    kinds = inside + grams  # one to spare: written before it is known to count
    words = 1 << max(0, ids - 1).bit_length() >> 6 or 1
    return Found(
        token=np.empty(tokens, np.uint32),
        slot=np.empty(tokens, np.uint32),
        times=np.empty(tokens, np.uint32),
        until=np.empty(tokens, np.uint32),
        listed=np.empty(inside + LANES, np.uint32),
        owner=np.empty(inside + LANES, np.uint32),
        distinct=np.empty(kinds, np.uint32),
        tally=np.empty(kinds, np.uint32),
        kind=np.zeros(ids, np.uint32),
        inside=np.empty(inside, np.uint32),
        gram=np.empty(grams, np.uint32),
        begin=np.empty(grams, np.uint32),
        length=np.empty(grams, np.uint32),
        state=np.empty(grams, np.uint64),
        pure=np.empty(grams, np.bool_),
        known=np.empty(tokens, np.bool_),
        seen=np.zeros(words, np.uint64),
        again=np.zeros(words, np.uint64),
        size=np.zeros(6, np.int64),
    )
