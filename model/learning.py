"""Learn which n-grams texts hold, in how many of them, and how they are spelt."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from model import counting, grams, hashing, kernel, memory, rows, walk, workspace
from model.compiled import jit
from model.grams import Ranges
from model.index import MISSING, Index, empty, fill, find, index_of
from model.rows import Piece
from model.tables import Tables
from model.texts import Texts
from model.walk import Tokens
from model.workspace import Reader, Rooms

#: N-grams that an index has room for at first; it doubles when they become more.
FIRST = 1 << 20


def learn(
    texts: Texts, tables: Tables, ranges: Ranges, *, threads: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash of every n-gram in the texts, ascending, and the number of texts that hold it."""

    def work(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        return _learn(texts, tables, ranges, first, last)

    parts = workspace.share_out(work, texts.ends, threads=threads, parts=threads)
    hashes, place = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    frequency = np.bincount(place, np.concatenate([part[1] for part in parts]), len(hashes))
    return hashes, frequency.astype(np.int64)


def spell(
    texts: Texts,
    tables: Tables,
    ranges: Ranges,
    hashes: NDArray[np.uint64],
    *,
    dtype: type[np.floating],
    threads: int,
) -> tuple[list[str], list[list[Piece]], NDArray[np.int64]]:
    """How the n-grams of some hashes are written, and how often each stands in each text.

    The counts are rows in pieces, for `rows.join`, and their lengths (texts,). Each of the n-grams
    must stand in one of the texts.
    """
    reader = workspace.reader(tables, index_of(hashes), ranges)
    lengths = np.zeros(len(texts.ends) - 1, np.int64)
    rooms = Rooms(len(hashes), 0, ranges)

    def work(first: int, last: int) -> tuple[NDArray[np.int32], list[Piece]]:
        places = np.full((len(hashes), 5), -1, np.int32)
        with rooms.borrow(texts.longest) as room:
            write = partial(_place, reader, room.work, *texts, places)
            return places, rows.pieces(write, (first, last), room.work[2], lengths, dtype)

    found = workspace.share_out(work, texts.ends, threads=threads, parts=threads)
    places, *later = [each for each, _ in found]
    for more in later:
        missing = places[:, 0] < 0
        places[missing] = more[missing]
    with rooms.borrow(texts.longest) as room:
        terms = _spelt(texts, reader, room.work[1], places)
    return terms, [pieces for _, pieces in found], lengths


def _spelt(texts: Texts, reader: Reader, tokens: Tokens, places: NDArray[np.int32]) -> list[str]:
    """How the n-grams at some places are written."""
    order = np.argsort(places[:, 0], kind="stable")
    ends = np.concatenate([[0], np.cumsum(places[order, 4], dtype=np.int64)])
    chars = np.empty(ends[-1], np.uint32)
    _write(reader, tokens, *texts, places, order, ends, chars)
    written = chars.astype("<u4").tobytes().decode("utf-32-le")
    spelt = [""] * len(places)
    for gram, begin, end in zip(order.tolist(), ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        spelt[gram] = written[begin:end]
    return spelt


def _learn(
    texts: Texts, tables: Tables, ranges: Ranges, first: int, last: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    index = empty(2 * FIRST, FIRST)
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
            found = found._replace(kind=np.zeros(size, np.uint32))
    known = int(index.state[0])
    return index.hashes[:known], frequency[:known]


def _doubled(index: Index) -> Index:
    known = int(index.state[0])
    larger = empty(2 * len(index.entries), 2 * len(index.hashes))
    fill(larger, index.hashes[:known])
    return larger


@jit
def _place(reader, work, text, ends, places, part, lengths, ids, values):
    """Where each n-gram stands for the first time in the texts of `part`; and as `kernel.counts`.

    A place is: text, token, offset, size, and how many characters it is written with.
    The offset is -1 for an n-gram of `size` tokens, else that of the first of `size` characters
    in the token, its edges counted as one character each.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    at = 0
    for i in range(part[0], part[1]):
        count, _ = walk.walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        grams.gather(index, cache, ranges, tokens, count, found, False)
        counting.count_all(cache, found)
        end = rows.write(found, at, ids, values)
        if end < 0:
            return i
        lengths[i], at = end - at, end
        for k in range(found.size[memory.FROM], found.size[memory.TO]):
            begin, size = found.begin[k], found.length[k]
            length = np.int64(size) - 1
            for token in range(begin, begin + size):
                length += tokens.last[token] - tokens.first[token]
            _note(places, found.distinct[found.gram[k]], i, begin, -1, size, length)
        words = 0
        for token in range(count):
            if found.token[token] == words:  # words are numbered as they first come
                slot = cache.slots[found.slot[words]]
                words += 1
                if cache.squares[slot.own] >= 0:  # its n-grams have their places
                    continue
                cache.squares[slot.own] = 0
                length = tokens.last[token] - tokens.first[token]
                _note(places, slot.word, i, token, -1, 1, length)
                if tokens.sign[token] == 0:
                    _place_inside(index, ranges, tokens, i, token, places)
    return part[1]


@jit
def _place_inside(index, ranges, tokens, i, token, places):
    first, last = tokens.first[token], tokens.last[token]
    for begin in range(first - 1, last + 1):
        state = np.uint64(grams.CHARS)
        for end in range(begin, min(begin + ranges[3], last + 1)):
            state = hashing.mix(state, tokens.chars[end] if first <= end < last else grams.SPACE)
            size = end - begin + 1
            if size >= ranges[2]:
                gram = find(index.entries, state | np.uint64(1))
                _note(places, gram, i, token, begin - first + 1, size, size + 1)


@jit
def _note(places, gram, text, token, offset, size, length):
    if gram != MISSING and places[gram, 0] < 0:
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
