"""Whether two texts are nearly the same, and where to look for such.

A text is compared by its form: folded, words only, any number as 0. Forms that have much in common
share a band of their MinHash and so are found by looking up; `likeness` then compares them.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

from rapidfuzz import fuzz
from rensa import RMinHash

from serving.links.view import fold

#: Two forms are alike from this share of equal characters on. Of the labelled texts the likest two
#: that were written apart have 0.60; of copies with a fifth of their words changed 98 % have 0.75.
ALIKE = 0.68
#: Forms that share the part j of their shingles share a band with probability 1-(1-j^ROWS)^BANDS.
BANDS, ROWS = 32, 4
#: Characters of a shingle: letters, and ideographs. Below so many shingles nothing is compared.
LETTERS, IDEOGRAPHS, FEWEST = 4, 2, 20
_SEED = 1
_NUMBER = re.compile(r"\d[\d ]*")
_APART = re.compile(r"[\W_]+")


def form(text: str) -> str:
    """What is compared of a text; empty where that is too short to say anything."""
    words = " ".join(_NUMBER.sub(" 0 ", _APART.sub(" ", fold(text))).split())
    return words if len(words) >= FEWEST + LETTERS else ""


def digest(form: str) -> int:
    """A form as a signed 64-bit number."""
    return int.from_bytes(blake2b(form.encode(), digest_size=8).digest(), "big", signed=True)


def bands(form: str) -> tuple[int, ...]:
    """The bands of a form, as signed 64-bit numbers; they mean the same in every process."""
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    sketch.update(_shingles(form))
    hashes = sketch.digest()
    return tuple(
        int.from_bytes(_pack(band, hashes[band * ROWS : (band + 1) * ROWS]), "big", signed=True)
        for band in range(BANDS)
    )


def likeness(one: str, other: str) -> float:
    """The share of characters that two forms have in common in order, or 0 if that is too low."""
    return fuzz.ratio(one, other, score_cutoff=100 * ALIKE) / 100


def _shingles(form: str) -> list[str]:
    return [
        form[i : i + (IDEOGRAPHS if form[i] >= "\u2e80" else LETTERS)]
        for i in range(len(form) - LETTERS + 1)
    ]


def _pack(band: int, hashes: Sequence[int]) -> bytes:
    packed = b"".join(each.to_bytes(8, "big") for each in (band, *hashes))
    return blake2b(packed, digest_size=8).digest()
