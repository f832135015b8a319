"""Compiled: code points, out of UTF-8 and in the tables."""

import numpy as np

from model.compiled import jit
from model.tables import CODE, NOTHING, SCRIPT, SEVERAL


@jit
def entry(tables, code):
    """The entry of a code point, its own code filled in."""
    found = tables.pages[(np.int64(tables.page[code >> 8]) << 8) | (code & 255)]
    if found & (SEVERAL | NOTHING | CODE) == 0 and found:
        return np.int64(found) | code
    return np.int64(found)


@jit
def where(page, code):
    return np.uint64(page[np.uint64(code >> 8)]) << np.uint64(8) | np.uint64(code & 255)


@jit
def decode(text, at, stop):
    """The code point at a byte, and the byte after it; U+FFFD for what is not UTF-8."""
    lead, here = np.int64(text[np.uint64(at)]), np.uint64(at)
    if lead < 0x80:
        return lead, at + 1
    left = stop - at
    second = np.int64(text[here + np.uint64(1)]) if left > 1 else 0
    if second & 0xC0 != 0x80 or lead < 0xC2 or lead > 0xF4:
        return 0xFFFD, at + 1
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (second & 0x3F), at + 2
    third = np.int64(text[here + np.uint64(2)]) if left > 2 else 0
    if third & 0xC0 != 0x80:
        return 0xFFFD, at + 2
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F), at + 3
    fourth = np.int64(text[here + np.uint64(3)]) if left > 3 else 0
    if fourth & 0xC0 != 0x80:
        return 0xFFFD, at + 3
    code = (lead & 7) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | (fourth & 0x3F)
    return code if code <= 0x10FFFF else 0xFFFD, at + 4


@jit
def script(pages, page, code):
    return np.int64(pages[where(page, code)]) >> SCRIPT & 3
