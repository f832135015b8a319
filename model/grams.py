"""Compiled: the n-grams of a text's tokens, found by their 64-bit hash, and counted.

Most words come again and again, so the n-grams inside a word are looked up once and remembered
for as long as there is room.
"""

from dataclasses import dataclass

import numpy as np

from model.compiled import jit
from model.hashing import mix
from model.index import MISSING, find, put, sifted
from model.lanes import LANES, fetch
from model.memory import FROM, KINDS, POOLED, SLOTS, STAMP, TO, TOKENS, WORDS

CHARS = 0x13198A2E03707344  # sets n-grams of characters apart from words
SPACE, TILDE = ord(" "), ord("~")
#: A word's slot is asked for so many words before it is needed; with what `_words` asks for at its
#: end, this saves a tenth on Chinese ads and nothing on English ones.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which n-grams count: words up to `words`, ideographs up to `signs`, characters from-to."""

    words: int = 2
    signs: int = 3
    chars: tuple[int, int] = (3, 4)

    @property
    def longest(self) -> int:
        """The most tokens an n-gram stands on."""
        return max(self.words, self.signs)


DEFAULT = Ranges()


@jit
def join(state, word):
    """The hash of the n-gram that goes on with a word, by their hashes; order counts.

    It is even. Those of words and of n-grams inside words are odd.
    """
    return mix(state * np.uint64(0xD1342543DE82EF95) + np.uint64(1), word) & ~np.uint64(1)


@jit
def gather(index, cache, ranges, tokens, count, found, learn):
    """Find the n-grams of a text of `count` tokens; returns whether there was room.

    Those of several tokens are counted; those inside words by `count_all` or `count_again`.

    `ranges` is (words, signs, chars from, chars to). With `learn`, n-grams not in the index are
    added, and a text for which it may be too small is left alone.
    """
    inside = (ranges[3] - ranges[2] + 1) * (
        np.int64(tokens.last[count - 1] if count else 0) + 2 * count
    ) + count
    most = inside + count * max(ranges[0], ranges[1])
    if learn and index.hashes.shape[0] - index.state[0] < most:
        return False
    slots = cache.slots.shape[0] // 2
    if (
        cache.state[SLOTS] + count > slots
        or cache.state[POOLED] + inside + LANES > cache.pool.shape[0]
    ):
        for at in range(cache.slots.shape[0]):
            cache.slots[at].key = 0
        cache.state[SLOTS] = cache.state[POOLED] = 0
    cache.state[STAMP] += 1
    found.size[TOKENS], found.size[KINDS] = count, 0
    _words(index, cache, ranges, tokens, found, learn)
    _several(index, ranges, tokens, found, learn)
    return True


@jit
def forget(found):
    """Make room for the next text."""
    for k in range(found.size[KINDS]):
        found.kind[found.distinct[k]] = 0


@jit
def _words(index, cache, ranges, tokens, found, learn):
    """The distinct words, and which of them each token is; the n-grams of one token."""
    all_slots, hashes, signs = cache.slots, tokens.hash, tokens.sign
    token, times, slots = found.token, found.times, found.slot
    begin, state, pure, known = found.begin, found.state, found.pure, found.known
    mask = np.uint64(all_slots.shape[0] - 1)
    number = np.uint64(cache.state[STAMP]) << np.uint64(32)
    words = listed = np.uint64(0)
    width = cache.rows.shape[0] // cache.squares.shape[0]
    for i in range(found.size[TOKENS]):
        ahead = hashes[min(i + _AHEAD, found.size[TOKENS] - 1)]
        fetch(all_slots, np.int64(ahead >> np.uint64(1) & mask))
        key = hashes[i]
        at = key >> np.uint64(1) & mask
        while all_slots[at].key and all_slots[at].key != key:
            at = (at + np.uint64(1)) & mask
        slot = all_slots[at]
        if slot.key == 0:
            slot.key = key
            _remember(index, cache, ranges, tokens, i, at, learn)
        # No branches: whether a word comes again is not to be foreseen.
        fresh = slot.mark < number
        word = np.uint32(words if fresh else slot.mark)
        slot.mark = number | np.uint64(word)
        token[i], slots[words] = word, at
        times[word] = np.uint32(1 if fresh else times[word] + 1)
        words += np.uint64(fresh)
        known[i] = slot.word != MISSING
        begin[listed], state[listed], pure[listed] = i, key, signs[i] == 2
        listed += np.uint64(known[i])
    found.size[WORDS], found.size[FROM] = words, listed
    for k in range(words):
        slot = all_slots[slots[k]]
        fetch(cache.pool, np.int64(slot.first))
        for block in range(0, width, LANES):
            fetch(cache.rows, np.int64(slot.own) * width + block)


@jit
def _several(index, ranges, tokens, found, learn):
    """Find and count the n-grams of two or more tokens, the shorter ones first.

    What is longer stands in no more texts than its parts. So it is looked for only where what it
    begins with has been found, and its last token.
    """
    first, last = 0, found.size[FROM]
    for size in range(2, max(ranges[0], ranges[1]) + 1):
        stop = _candidates(index.sieve, ranges, tokens, found, size, first, last, learn)
        first, last = last, _look_up(index, found, last, stop, learn)
        found.length[first:last] = size
    found.size[TO] = last
    _count_several(found)


@jit
def _look_up(index, found, first, stop, learn):
    """Keep those candidates that have an id; returns the end of them."""
    begin, state, pure, gram = found.begin, found.state, found.pure, found.gram
    entries, kept = index.entries, np.uint64(first)
    # Nothing else in this loop: so the processor asks for many entries at once.
    for k in range(np.uint64(first), np.uint64(stop)):
        gram[k] = put(index, state[k]) if learn else find(entries, state[k])
    for k in range(np.uint64(first), np.uint64(stop)):
        begin[kept], state[kept], pure[kept], gram[kept] = begin[k], state[k], pure[k], gram[k]
        kept += np.uint64(gram[k] != MISSING)
    return np.int64(kept)


@jit
def _count_several(found):
    kind, distinct, tally, gram, kinds = found.kind, found.distinct, found.tally, found.gram, 0
    for k in range(np.uint64(found.size[FROM]), np.uint64(found.size[TO])):
        id = gram[k]
        number = kind[id]
        fresh = number == 0
        number = np.uint32(kinds if fresh else number - 1)
        tally[number] = 1 if fresh else tally[number] + 1
        kind[id], distinct[number], gram[k] = number + 1, id, number
        kinds += fresh
    found.size[KINDS] = kinds


@jit
def _candidates(sieve, ranges, tokens, found, size, first, last, learn):
    """List those of `size` tokens that may be in the index, after place `last`; returns the end.

    No branches: what is in the index is not to be foreseen.
    """
    begin, state, pure, known = found.begin, found.state, found.pure, found.known
    hashes, sentence, sign = tokens.hash, tokens.sentence, tokens.sign
    words, signs, listed = size <= ranges[0], size <= ranges[1], np.uint64(last)
    final = np.uint32(found.size[TOKENS] - 1)
    for k in range(np.uint64(first), np.uint64(last)):
        at = begin[k]
        end = min(np.uint32(at + size - 1), final)
        both = pure[k] & (sign[end] == 2)
        key = join(state[k], hashes[end])
        place, bit = sifted(sieve, key)
        wanted = known[end] & (end - at == size - 1) & (sentence[at] == sentence[end])
        wanted &= signs if both else words
        wanted &= learn | (sieve[place] >> bit & np.uint64(1) != 0)
        begin[listed], state[listed], pure[listed] = at, key, both
        listed += np.uint64(wanted)
    return np.int64(listed)


@jit
def _remember(index, cache, ranges, tokens, i, at, learn):
    """Fill the slot of a new word: its own id, if it has one, and those of the n-grams inside."""
    pool, used, slot = cache.pool, cache.state[POOLED], cache.slots[at]
    entries, chars = index.entries, tokens.chars
    word = put(index, tokens.hash[i]) if learn else find(entries, tokens.hash[i])
    slot.word, slot.mark, slot.first, slot.own = word, 0, used, cache.state[SLOTS]
    cache.squares[slot.own] = -1
    if word != MISSING:
        pool[used] = word
        used += 1
    first, last = tokens.first[i], tokens.last[i]
    # The edges of a word count as spaces; a sign has nothing inside.
    for begin in range(first - 1, last + 1 if tokens.sign[i] == 0 else first - 1):
        state = np.uint64(CHARS)
        for end in range(begin, min(begin + ranges[3], last + 1)):
            state = mix(state, chars[end] if first <= end < last else SPACE)
            if end - begin + 1 >= ranges[2]:
                key = state | np.uint64(1)
                gram = put(index, key) if learn else find(entries, key)
                if gram == MISSING:
                    break
                pool[used] = gram
                used += 1
    slot.last = cache.state[POOLED] = used
    cache.state[SLOTS] += 1
