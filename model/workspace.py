"""Room for the kernel to work in, one for each thread, and texts shared out among threads."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model import contact, kernel, lanes, memory, walk
from model.grams import Ranges
from model.index import Index
from model.kernel import Shares
from model.memory import Cache, Found
from model.tables import Tables
from model.walk import Tokens

T = TypeVar("T")

#: Words that a thread remembers, and n-grams inside them, some 20 MB with the weights of 18 labels.
WORDS, POOL = 1 << 17, 1 << 20


Reader = tuple[Tables, NDArray[np.uint32], Index, tuple[int, int, int, int]]
Work = tuple[Cache, Tokens, Found]


def reader(tables: Tables, index: Index, ranges: Ranges) -> Reader:
    """What the kernel reads texts by."""
    return tables, contact.classes(tables), index, (ranges.words, ranges.signs, *ranges.chars)


@dataclass(frozen=True, slots=True)
class Room:
    """A thread's own room for texts of up to `size` bytes, `ids` n-grams and `labels`."""

    size: int
    work: Work
    shares: Shares


def room(size: int, ids: int, labels: int, ranges: Ranges) -> Room:
    """Room that is all in place, so that nothing is allocated for a text."""
    tokens = walk.TOKENS * size + 1
    inside = (ranges.chars[1] - ranges.chars[0] + 1) * (walk.CHARS * size + 2 * tokens) + tokens
    words = max(WORDS, 2 << tokens.bit_length())
    found = memory.found(tokens, inside, ranges.longest, ids)
    return Room(
        size,
        (memory.cache(words, max(POOL, inside), lanes.padded(labels)), walk.room(size), found),
        kernel.shares(len(found.distinct), tokens, labels),
    )


@dataclass(frozen=True, slots=True)
class Rooms:
    """Rooms that threads borrow, so that the words remembered outlive a call."""

    ids: int
    labels: int
    ranges: Ranges
    _free: list[Room] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def borrow(self, size: int) -> Iterator[Room]:
        """A room for texts of up to `size` bytes, that no other thread uses meanwhile."""
        with self._lock:
            mine = self._free.pop() if self._free else None
        if mine is None or mine.size < size:
            mine = room(max(size, 4096), self.ids, self.labels, self.ranges)
        try:
            yield mine
        finally:
            with self._lock:
                self._free.append(mine)


def share_out(
    work: Callable[[int, int], T],
    ends: NDArray[np.integer],
    *,
    threads: int,
    parts: int | None = None,
) -> list[T]:
    """Call `work(first, last)` for parts of texts or rows, in `threads`; results in order.

    The parts hold about as much each; text `i` is from `ends[i]` to `ends[i + 1]`. By default there
    are more of them than threads, so that none waits long for another.
    """
    count = len(ends) - 1
    if threads <= 1 or count <= 1:
        return [work(0, count)]
    wanted = np.linspace(0, ends[-1], min(count, parts or 4 * threads) + 1)[1:-1]
    cuts = np.unique([0, *np.searchsorted(ends, wanted), count])
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, cuts[:-1].tolist(), cuts[1:].tolist()))


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
