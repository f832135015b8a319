"""Code-point offsets told again in UTF-16 units, for JavaScript, Java and C#."""

import re
from bisect import bisect_left
from collections.abc import Callable

Count = Callable[[int], int]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def utf16(text: str) -> Count:
    """A function from an offset in code points of `text` to the same place in UTF-16 units."""
    # Nearly every ad has no character beyond U+FFFF; the encoder finds that out fastest.
    if text.isascii() or len(text.encode("utf-16-le")) == 2 * len(text):
        return lambda offset: offset
    astral = [match.start() for match in _ASTRAL.finditer(text)]
    return lambda offset: offset + bisect_left(astral, offset)
