"""Compiled: count the n-grams inside the words of a text."""

import numpy as np

from model.compiled import jit
from model.lanes import LANES, load, spread, store
from model.memory import KINDS, LISTED, WORDS

#: Marks the n-grams of words that stand in a text more than once.
_OFTEN = 1 << 31


@jit
def count_all(cache, found):
    """List and count all n-grams inside words."""
    _count_listed(found, _list(cache, found, 0))


@jit
def count_again(cache, found):
    """List and count the n-grams inside words that stand in the text more than once."""
    listed, owner, until = found.listed, found.owner, found.until
    seen, again, pairs = found.seen, found.again, _list(cache, found, _OFTEN)
    # Common n-grams, whose ids are next to each other, are kept apart in the sets: what is written
    # and read at once must wait.
    mask, shift, kept = np.uint32(seen.shape[0] - 1), _shift(seen), np.uint64(0)
    for i in range(np.uint64(pairs)):
        place, bit = listed[i] & mask, np.uint64(1) << np.uint64(listed[i] >> shift)
        often = np.uint64(0) - np.uint64(owner[i] >> 31)
        again[place] |= bit & (seen[place] | often)
        seen[place] |= bit
    for i in range(np.uint64(pairs)):
        gram, word = listed[i], owner[i] & np.uint32(_OFTEN - 1)
        place = gram & mask
        seen[place] = 0
        listed[kept], owner[kept] = gram, word
        kept += again[place] >> np.uint64(gram >> shift) & np.uint64(1)
        until[word] = kept
    for i in range(kept):
        again[listed[i] & mask] = 0
    _count_listed(found, kept)


@jit
def _list(cache, found, often):
    """List the n-grams of every word; mark those of words that stand there more than once."""
    slots, pool, slot_of, times = cache.slots, cache.pool, found.slot, found.times
    listed, owner, until = found.listed, found.owner, found.until
    at = np.int64(0)
    for word in range(found.size[WORDS]):
        slot, until[word] = slots[slot_of[word]], 0
        mine = spread(np.uint32(word | (often if times[word] > 1 else 0)))
        first, count = np.int64(slot.first), np.int64(slot.last - slot.first)
        for i in range(0, count, LANES):
            store(listed, at + i, load(pool, first + i))
            store(owner, at + i, mine)
        at += count
    return at


@jit
def _shift(bits):
    """How many bits of an id say where in a set of ids it stands."""
    shift = 0
    while bits.shape[0] >> shift > 1:
        shift += 1
    return np.uint32(shift)


@jit
def _count_listed(found, count):
    times, listed, owner, inside = found.times, found.listed, found.owner, found.inside
    kind, distinct, tally, kinds = found.kind, found.distinct, found.tally, found.size[KINDS]
    for i in range(np.uint64(count)):
        gram, here = listed[i], times[owner[i]]
        k = kind[gram]
        fresh = k == 0
        k = np.uint32(kinds if fresh else k - 1)
        tally[k] = here if fresh else tally[k] + here
        kind[gram], distinct[k], inside[i] = k + 1, gram, k
        kinds += fresh
    found.size[KINDS], found.size[LISTED] = kinds, count
