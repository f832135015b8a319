"""The folding of every code point as arrays, so that compiled code folds by looking up.

Two levels, 256 code points to a page; pages that are alike are kept once. A model carries the
tables it was fitted with and so folds alike under any later Unicode.
"""

from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from model import folding

PAGE = 256
#: An entry: the folded code point or 0 for the same (21 bits), its kind (2), its script (2), and
#: flags. With SEVERAL the low bits number an expansion; with NOTHING the character is dropped.
#: Gaps are 0, so most pages are alike.
KIND, SCRIPT = 21, 23
HIDDEN, DECIMAL, IDEOGRAPH, SEVERAL, NOTHING = (1 << bit for bit in range(25, 30))
CODE = (1 << KIND) - 1
LATIN, CYRILLIC, GREEK = 1, 2, 3
_SCRIPTS = {"": 0, "latin": LATIN, "cyrillic": CYRILLIC, "greek": GREEK}


class Tables(NamedTuple):
    """`pages[page[code >> 8] * 256 + (code & 255)]` is the entry of a code point.

    The parts of expansion `i` are the entries `parts[starts[i]:starts[i + 1]]`. `to_latin`,
    `to_cyrillic`, `leet_latin` and `leet_cyrillic` give a letter's twin by code point, or 0.

    `names` are the hashes of the names of places and of what these begin with, in open addressing,
    0 for free; `ends` says which are whole names, and `sieve` has a bit for each.
    """

    page: NDArray[np.uint16]
    pages: NDArray[np.uint32]
    starts: NDArray[np.int32]
    parts: NDArray[np.uint32]
    to_latin: NDArray[np.uint16]
    to_cyrillic: NDArray[np.uint16]
    leet_latin: NDArray[np.uint16]
    leet_cyrillic: NDArray[np.uint16]
    names: NDArray[np.uint64]
    ends: NDArray[np.bool_]
    sieve: NDArray[np.uint64]


@lru_cache(maxsize=1)
def build() -> Tables:
    """The tables of this Python's Unicode, without names. Takes a second or two, once a process."""
    expansions: dict[str, int] = {}
    pages: dict[bytes, int] = {}
    numbers = []
    for first in range(0, 0x110000, PAGE):
        page = np.array([_entry(code, expansions) for code in range(first, first + PAGE)], "u4")
        numbers.append(pages.setdefault(page.tobytes(), len(pages)))
    parts = [[_single(char, same="") for char in text] for text in expansions]
    return Tables(
        page=np.array(numbers, np.uint16),
        pages=np.frombuffer(b"".join(pages), np.uint32),
        starts=np.cumsum([0, *map(len, parts)], dtype=np.int32),
        parts=np.array([entry for each in parts for entry in each], np.uint32),
        to_latin=_twins(folding.TO_LATIN),
        to_cyrillic=_twins(folding.TO_CYRILLIC),
        leet_latin=_twins(folding.LEET_LATIN),
        leet_cyrillic=_twins(folding.LEET_CYRILLIC),
        names=np.zeros(1, np.uint64),
        ends=np.zeros(1, np.bool_),
        sieve=np.zeros(1, np.uint64),
    )


def _entry(code: int, expansions: dict[str, int]) -> int:
    char = chr(code)
    if category(char) in ("Cn", "Co", "Cs"):  # most of them, and none folds to anything but a gap
        return 0
    folded = folding.fold_char(char)
    if not folded:
        return NOTHING | (HIDDEN if folding.is_hidden(char) else 0)
    if len(folded) > 1:
        return SEVERAL | expansions.setdefault(folded, len(expansions))
    return _single(folded, same=char)


def _single(char: str, *, same: str) -> int:
    kind = folding.kind(char)
    if kind == folding.GAP:
        return 0
    entry = 0 if char == same else ord(char)
    entry |= kind << KIND | _SCRIPTS[folding.script(char)] << SCRIPT
    entry |= DECIMAL if char.isdecimal() else 0
    return entry | (IDEOGRAPH if folding.is_ideograph(char) else 0)


def _twins(table: dict[str, str]) -> NDArray[np.uint16]:
    """By code point, up to the end of Cyrillic and its supplement."""
    twins = np.zeros(0x530, np.uint16)
    for char, twin in table.items():
        twins[ord(char)] = ord(twin)
    return twins
