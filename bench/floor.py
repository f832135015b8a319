"""The floor: walk over the bytes of the texts and hash their words, nothing more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bench import names
from bench.rounds import Contestant, timed

Buffer = tuple[NDArray[np.uint8], NDArray[np.int64]]

#: What a byte is as part of a word, ASCII letters in small; 0 between words.
PARTS = np.array(
    [ord(chr(byte).lower()) if byte > 127 or chr(byte).isalnum() else 0 for byte in range(256)],
    dtype=np.uint64,
)


def contestants() -> list[Contestant]:
    """The one."""
    settings = "walk UTF-8 and hash words: no look-up, no scores; prepared buffers, numba"
    return [Contestant(names.FLOOR, settings, timed(lambda ready: _walk(*ready, PARTS), buffer))]


def buffer(texts: Sequence[str]) -> Buffer:
    """The texts as bytes, and where each ends."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends


def words(texts: Sequence[str]) -> int:
    """How many words the walk finds."""
    return int(_walk(*buffer(texts), PARTS)[0])


@njit(nogil=True)  # type: ignore[untyped-decorator]  # numba's
def _walk(data: Any, ends: Any, parts: Any) -> Any:
    count, total, at = 0, np.uint64(0), 0
    for end in ends:
        state = np.uint64(0)
        while at < end:
            part = parts[data[at]]
            if part:
                state = (state ^ part) * np.uint64(0x9E3779B97F4A7C15)
            elif state:
                count += 1
                total ^= state
                state = np.uint64(0)
            at += 1
        if state:
            count += 1
            total ^= state
    return count, total
