"""Learn which n-grams texts hold, in how many of them, and how they are spelt."""

import numpy as np
from numpy.typing import NDArray

from model import grams, kernel, walk, workspace
from model.compiled import jit
from model.grams import Index, Ranges, find
from model.reading import read_one
from model.tables import Tables
from model.texts import Texts
from model.walk import Tokens

#: N-grams that an index has room for at first; it doubles when they become more.
FIRST = 1 << 20


def learn(
    texts: Texts, tables: Tables, ranges: Ranges, *, threads: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash of every n-gram in the texts, ascending, and the number of texts that hold it."""

    def work(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        return _learn(texts, tables, ranges, first, last)

    parts = workspace.share_out(work, texts, threads=threads, parts=threads)
    hashes, place = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    frequency = np.bincount(place, np.concatenate([part[1] for part in parts]), len(hashes))
    return hashes, frequency.astype(np.int64)


def spell(texts: Texts, tables: Tables, ranges: Ranges, hashes: NDArray[np.uint64]) -> list[str]:
    """How the n-grams of some hashes are written; each must stand in one of the texts."""
    room = workspace.room(texts.longest, len(hashes), 0, ranges)
    reader = workspace.reader(tables, grams.index_of(hashes), ranges)
    places = np.full((len(hashes), 4), -1, np.int32)
    _place(reader, room.work, *texts, places)
    return _spelt(texts, tables, room.work[1], places)


def _learn(
    texts: Texts, tables: Tables, ranges: Ranges, first: int, last: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    index = grams.index(2 * FIRST, FIRST)
    frequency = np.zeros(FIRST, np.uint32)
    cache, tokens, found = workspace.room(texts.longest, FIRST, 0, ranges).work
    while first < last:
        reader = workspace.reader(tables, index, ranges)
        first = kernel.learn(reader, (cache, tokens, found), frequency, *texts, (first, last))
        if first < last:
            index = _doubled(index)
            size = len(index.hashes)
            frequency = np.concatenate([frequency, np.zeros(size - len(frequency), np.uint32)])
            # Ids stay, so what the cache holds stays true.
            found = found._replace(
                tally=np.zeros(size, np.uint32), distinct=np.empty(size + 1, np.uint32)
            )
    known = int(index.state[0])
    return index.hashes[:known], frequency[:known]


def _doubled(index: Index) -> Index:
    known = int(index.state[0])
    larger = grams.index(2 * len(index.keys), 2 * len(index.hashes))
    grams.fill(larger, index.hashes[:known])
    return larger


@jit
def _place(reader, work, text, ends, places):
    """Where each n-gram stands for the first time: text, token, offset, size.

    The offset is -1 for an n-gram of `size` tokens, else that of the first of `size` characters
    in the token, its edges counted as one character each.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(ends.shape[0] - 1):
        count, _ = walk.walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        grams.gather(index, cache, ranges, tokens, count, found, False)
        for k in range(found.size[3]):
            found.tally[found.distinct[k]] = 0
        for k in range(found.size[2]):
            _note(places, found.gram[k], i, found.begin[k], -1, found.length[k])
        words = 0
        for token in range(count):
            if found.token[token] == words:  # words are numbered as they first come
                slot = found.slot[words]
                words += 1
                missing = 0
                for k in range(cache.first[slot], cache.last[slot]):
                    missing += places[cache.pool[k], 0] < 0
                if missing:
                    _note(places, cache.word[slot], i, token, -1, 1)
                    if tokens.sign[token] == 0:
                        _place_inside(index, ranges, tokens, i, token, places)


@jit
def _place_inside(index, ranges, tokens, i, token, places):
    first, last = tokens.first[token], tokens.last[token]
    for begin in range(first - 1, last + 1):
        state = np.uint64(grams.CHARS)
        for end in range(begin, min(begin + ranges[3], last + 1)):
            state = walk.mix(state, tokens.chars[end] if first <= end < last else grams.SPACE)
            size = end - begin + 1
            if size >= ranges[2]:
                gram = find(index.keys, index.ids, state | np.uint64(1))
                _note(places, gram, i, token, begin - first + 1, size)


@jit
def _note(places, gram, text, token, offset, size):
    if gram != grams.MISSING and places[gram, 0] < 0:
        places[gram, 0], places[gram, 1] = text, token
        places[gram, 2], places[gram, 3] = offset, size


def _spelt(texts: Texts, tables: Tables, room: Tokens, places: NDArray[np.int32]) -> list[str]:
    spelt = [""] * len(places)
    read, words = -1, [""]
    for gram in np.argsort(places[:, 0], kind="stable").tolist():
        place, token, offset, size = places[gram].tolist()
        if place != read:
            read, words = place, [each.text for each in read_one(texts, place, tables, room)]
        if offset < 0:
            spelt[gram] = " ".join(words[token : token + size])
        else:
            spelt[gram] = "~" + f" {words[token]} "[offset : offset + size]
    return spelt
