"""Learn which n-grams texts hold, in how many of them, and how they are spelt."""

import numpy as np
from numpy.typing import NDArray

from model import grams, kernel, walk, workspace
from model.compiled import jit
from model.grams import Index, Ranges, find
from model.tables import Tables
from model.texts import Texts

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


def spell(
    texts: Texts, tables: Tables, ranges: Ranges, hashes: NDArray[np.uint64]
) -> tuple[list[str], NDArray[np.int64]]:
    """How the n-grams of some hashes are written, and how many of them each text holds.

    Each of the n-grams must stand in one of the texts.
    """
    room = workspace.room(texts.longest, len(hashes), 0, ranges)
    reader = workspace.reader(tables, grams.index_of(hashes), ranges)
    places = np.full((len(hashes), 5), -1, np.int32)
    lengths = np.zeros(len(texts.ends) - 1, np.int64)
    _place(reader, room.work, *texts, places, lengths)
    order = np.argsort(places[:, 0], kind="stable")
    ends = np.concatenate([[0], np.cumsum(places[order, 4], dtype=np.int64)])
    chars = np.empty(ends[-1], np.uint32)
    _write(reader, room.work[1], *texts, places, order, ends, chars)
    written = chars.astype("<u4").tobytes().decode("utf-32-le")
    spelt = [""] * len(hashes)
    for gram, begin, end in zip(order.tolist(), ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        spelt[gram] = written[begin:end]
    return spelt, lengths


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
def _place(reader, work, text, ends, places, lengths):
    """Where each n-gram stands for the first time: text, token, offset, size, and its length.

    The offset is -1 for an n-gram of `size` tokens, else that of the first of `size` characters
    in the token, its edges counted as one character each.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(ends.shape[0] - 1):
        count, _ = walk.walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        grams.gather(index, cache, ranges, tokens, count, found, False)
        lengths[i] = found.size[3]
        grams.forget(found)
        for k in range(found.size[2]):
            begin, size = found.begin[k], found.length[k]
            length = np.int64(size) - 1
            for token in range(begin, begin + size):
                length += tokens.last[token] - tokens.first[token]
            _note(places, found.gram[k], i, begin, -1, size, length)
        words = 0
        for token in range(count):
            if found.token[token] == words:  # words are numbered as they first come
                slot = found.slot[words]
                words += 1
                missing = 0
                for k in range(cache.first[slot], cache.last[slot]):
                    missing += places[cache.pool[k], 0] < 0
                if missing:
                    length = tokens.last[token] - tokens.first[token]
                    _note(places, cache.word[slot], i, token, -1, 1, length)
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
                _note(places, gram, i, token, begin - first + 1, size, size + 1)


@jit
def _note(places, gram, text, token, offset, size, length):
    if gram != grams.MISSING and places[gram, 0] < 0:
        places[gram, 0], places[gram, 1] = text, token
        places[gram, 2], places[gram, 3], places[gram, 4] = offset, size, length


@jit
def _write(reader, tokens, text, ends, places, order, into, chars):
    """Write n-gram `order[k]` to `chars[into[k]:into[k + 1]]`."""
    read = -1
    for k in range(order.shape[0]):
        place, token, offset, size = places[order[k], :4]
        if place != read:
            walk.walk(reader[0], reader[1], text, ends[place], ends[place + 1], tokens)
            read = place
        at = into[k]
        if offset < 0:
            for word in range(token, token + size):
                if word > token:
                    chars[at] = grams.SPACE
                    at += 1
                for i in range(tokens.first[word], tokens.last[word]):
                    chars[at] = tokens.chars[i]
                    at += 1
        else:
            chars[at] = grams.TILDE
            first, last = tokens.first[token], tokens.last[token]
            for i in range(first - 1 + offset, first - 1 + offset + size):
                at += 1
                chars[at] = tokens.chars[i] if first <= i < last else grams.SPACE
