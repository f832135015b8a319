"""Compiled: the n-grams of a text's tokens, found by their 64-bit hash, and counted.

Most words come again and again, so the n-grams inside a word are looked up once and remembered
for as long as there is room.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.walk import mix

CHARS = 0x13198A2E03707344  # sets n-grams of characters apart from words
SPACE, TILDE = ord(" "), ord("~")
#: No such n-gram. Ids and places are unsigned, so that numba need not look for negative indices.
MISSING = 0xFFFFFFFF
#: Places in `Cache.state`: slots used, room used in the pool, number of the text.
_SLOTS, _POOLED, _STAMP = 0, 1, 2


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


class Index(NamedTuple):
    """Open addressing: `ids[i]` belongs to the hash `keys[i]`, 0 means free.

    `hashes[id]` is the way back, used while learning; `state[0]` counts the ids given out.
    """

    keys: NDArray[np.uint64]
    ids: NDArray[np.uint32]
    hashes: NDArray[np.uint64]
    state: NDArray[np.int64]


class Cache(NamedTuple):
    """Words seen before, by their hash `keys[s]` in open addressing, 0 means free.

    `pool[first[s]:last[s]]` are the ids of the word and the n-grams inside, `word[s]` that of the
    word alone, or `MISSING`. `mark[s]` holds the number of the last text with the word in its upper
    half, and the word's number within that text in its lower.
    """

    keys: NDArray[np.uint64]
    mark: NDArray[np.uint64]
    first: NDArray[np.uint32]
    last: NDArray[np.uint32]
    word: NDArray[np.uint32]
    pool: NDArray[np.uint32]
    state: NDArray[np.int64]


class Found(NamedTuple):
    """What one text holds: distinct words, n-grams of several tokens, and counts of all n-grams.

    Token `i` is the distinct word `token[i]`; word `j` is the slot `slot[j]` and stands there
    `times[j]` times. N-gram `k` is `gram[k]` on `length[k]` tokens from `begin[k]` on.
    `tally[id]` is set for the ids listed in `distinct`; `size` holds how many of each there are:
    tokens, words, grams, distinct ids.
    """

    token: NDArray[np.uint32]
    slot: NDArray[np.uint32]
    times: NDArray[np.uint32]
    gram: NDArray[np.uint32]
    begin: NDArray[np.uint32]
    length: NDArray[np.uint32]
    tally: NDArray[np.uint32]
    distinct: NDArray[np.uint32]
    size: NDArray[np.int64]


def index(capacity: int, ids: int) -> Index:
    """An empty index of `capacity`, a power of two, with room for `ids` ids."""
    return Index(
        np.zeros(capacity, np.uint64),
        np.zeros(capacity, np.uint32),
        np.zeros(ids, np.uint64),
        np.zeros(1, np.int64),
    )


def index_of(hashes: NDArray[np.uint64]) -> Index:
    """An index in which the hash `hashes[i]` has the id `i`."""
    made = index(2 << max(10, len(hashes).bit_length()), len(hashes))
    fill(made, hashes)
    return made


def cache(words: int, pool: int) -> Cache:
    """An empty cache for half of `words`, a power of two, and `pool` n-grams inside them."""
    return Cache(
        keys=np.zeros(words, np.uint64),
        mark=np.zeros(words, np.uint64),
        first=np.zeros(words, np.uint32),
        last=np.zeros(words, np.uint32),
        word=np.zeros(words, np.uint32),
        pool=np.zeros(pool, np.uint32),
        state=np.zeros(3, np.int64),
    )


def found(tokens: int, longest: int, ids: int) -> Found:
    """Room for a text of that many tokens, with n-grams of up to `longest` tokens."""
    grams = max(1, tokens * (longest - 1))
    return Found(
        token=np.empty(tokens, np.uint32),
        slot=np.empty(tokens, np.uint32),
        times=np.empty(tokens, np.uint32),
        gram=np.empty(grams, np.uint32),
        begin=np.empty(grams, np.uint32),
        length=np.empty(grams, np.uint32),
        tally=np.zeros(ids, np.uint32),
        distinct=np.empty(ids + 1, np.uint32),  # one to spare: written before it is known to count
        size=np.zeros(4, np.int64),
    )


@jit
def find(keys, ids, key):
    """The id of a hash in an index's `keys` and `ids`, or `MISSING`."""
    mask = keys.shape[0] - 1
    at = np.int64(key >> np.uint64(20)) & mask
    while keys[at]:
        if keys[at] == key:
            return ids[at]
        at = (at + 1) & mask
    return np.uint32(MISSING)


@jit
def put(index, key):
    """The id of a hash, a new one where it has none; there must be room."""
    mask = index.keys.shape[0] - 1
    at = np.int64(key >> np.uint64(20)) & mask
    while index.keys[at]:
        if index.keys[at] == key:
            return index.ids[at]
        at = (at + 1) & mask
    fresh = index.state[0]
    index.keys[at], index.ids[at], index.hashes[fresh] = key, fresh, key
    index.state[0] += 1
    return np.uint32(fresh)


@jit
def fill(index, hashes):
    """Put hashes into an empty index, in order."""
    for key in hashes:
        put(index, key)


@jit
def join(state, word):
    """The hash of the n-gram that goes on with a word, by their hashes; order counts."""
    return mix(state * np.uint64(0xD1342543DE82EF95) + np.uint64(1), word) | np.uint64(1)


@jit
def gather(index, cache, ranges, tokens, count, found, learn):
    """Find and count the n-grams of a text of `count` tokens; returns whether there was room.

    `ranges` is (words, signs, chars from, chars to). With `learn`, n-grams not in the index are
    added, and a text for which it may be too small is left alone.
    """
    inside = (ranges[3] - ranges[2] + 1) * (
        np.int64(tokens.last[count - 1] if count else 0) + 2 * count
    ) + count
    most = inside + count * max(ranges[0], ranges[1])
    if learn and index.hashes.shape[0] - index.state[0] < most:
        return False
    slots = cache.keys.shape[0] // 2
    if cache.state[_SLOTS] + count > slots or cache.state[_POOLED] + inside > cache.pool.shape[0]:
        cache.keys[:] = 0
        cache.state[_SLOTS] = cache.state[_POOLED] = 0
    cache.state[_STAMP] += 1
    found.size[0] = count
    _words(index, cache, ranges, tokens, found, learn)
    _count_inside(cache, found)
    _several(index, cache, ranges, tokens, found, learn)
    return True


@jit
def forget(found):
    """Clear the counts of a text whose n-grams were not weighed, which clears them too."""
    for k in range(found.size[3]):
        found.tally[found.distinct[k]] = 0


@jit
def _words(index, cache, ranges, tokens, found, learn):
    """The distinct words, and which of them each token is."""
    keys, mark, hashes = cache.keys, cache.mark, tokens.hash
    token, times, slots = found.token, found.times, found.slot
    number, mask, words = np.uint64(cache.state[_STAMP]) << np.uint64(32), keys.shape[0] - 1, 0
    for i in range(found.size[0]):
        key = hashes[i]
        at = np.int64(key >> np.uint64(20)) & mask
        while keys[at] and keys[at] != key:
            at = (at + 1) & mask
        if keys[at] == 0:
            keys[at] = key
            _remember(index, cache, ranges, tokens, i, at, learn)
        if mark[at] >= number:
            word = np.uint32(mark[at])
            token[i] = word
            times[word] += np.uint32(1)
        else:
            mark[at] = number | np.uint64(words)
            token[i], slots[words], times[words] = words, at, 1
            words += 1
    found.size[1] = words


@jit
def _count_inside(cache, found):
    """Count the words and the n-grams inside them."""
    first, last, pool, slots, times = cache.first, cache.last, cache.pool, found.slot, found.times
    tally, distinct, kinds = found.tally, found.distinct, 0
    for word in range(found.size[1]):
        slot, here = slots[word], times[word]
        for i in range(first[slot], last[slot]):
            gram = pool[i]
            before = tally[gram]
            tally[gram] = before + here
            distinct[kinds] = gram
            kinds += before == 0
    found.size[3] = kinds


@jit
def _several(index, cache, ranges, tokens, found, learn):
    """Find and count the n-grams of two or more tokens."""
    keys, ids, hashes = index.keys, index.ids, tokens.hash
    sentence, sign = tokens.sentence, tokens.sign
    of_gram, of_begin, of_length = found.gram, found.begin, found.length
    tally, distinct, kinds, grams = found.tally, found.distinct, found.size[3], 0
    words, signs, count = ranges[0], ranges[1], found.size[0]
    word, slots, token = cache.word, found.slot, found.token
    for i in range(count):
        # What is longer stands in no more texts than what it begins with: without a place in the
        # index for the one there is none for the other.
        if word[slots[token[i]]] == MISSING:
            continue
        state = hashes[i]
        ideographs = sign[i] == 2
        end = i + 1
        while end < count and sentence[end] == sentence[i]:
            ideographs = ideographs and sign[end] == 2
            if end - i >= (signs if ideographs else words):
                break
            state = join(state, hashes[end])
            gram = put(index, state) if learn else find(keys, ids, state)
            end += 1
            if gram == MISSING:
                break
            of_gram[grams], of_begin[grams], of_length[grams] = gram, i, end - i
            grams += 1
            before = tally[gram]
            tally[gram] = before + np.uint32(1)
            if before == 0:
                distinct[kinds] = gram
                kinds += 1
    found.size[2], found.size[3] = grams, kinds


@jit
def _remember(index, cache, ranges, tokens, i, slot, learn):
    """Fill the slot of a new word: its own id, if it has one, and those of the n-grams inside."""
    pool, used = cache.pool, cache.state[_POOLED]
    keys, ids, chars = index.keys, index.ids, tokens.chars
    word = put(index, tokens.hash[i]) if learn else find(keys, ids, tokens.hash[i])
    cache.word[slot], cache.mark[slot], cache.first[slot] = word, 0, used
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
                gram = put(index, key) if learn else find(keys, ids, key)
                if gram == MISSING:
                    break
                pool[used] = gram
                used += 1
    cache.last[slot] = cache.state[_POOLED] = used
    cache.state[_SLOTS] += 1
