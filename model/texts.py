"""Many texts in one buffer of UTF-8, as Arrow lays them out."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Texts(NamedTuple):
    """Text `i` is the UTF-8 in `text[ends[i]:ends[i + 1]]`.

    A column of Arrow's type `large_string` has just these two buffers. What is not UTF-8 is read
    as U+FFFD, byte by byte, and cannot reach another text.
    """

    text: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @property
    def longest(self) -> int:
        """The size in bytes of the longest text, 0 for none."""
        return int(np.diff(self.ends).max(initial=0))


def utf8(text: str) -> bytes:
    """The bytes of a text; half of a surrogate pair becomes a question mark."""
    return text.encode(errors="replace")


def pack(texts: Sequence[str], *, encode: Callable[[str], bytes] = utf8) -> Texts:
    """Lay texts one after the other."""
    parts = list(map(encode, texts))
    ends = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=ends[1:])
    return Texts(np.frombuffer(b"".join(parts), np.uint8), ends)
