"""Compiled: walk over the UTF-8 of a text once, and fold and split it into tokens.

The rare cases (several scripts in a word, digits between letters, spaced letters, contacts) cost
only the words that need them. `tests/reference.py` says the same in plain Python.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.contact import CONTACT, contact
from model.folding import BREAK, SIGN, WORD
from model.tables import (
    CODE,
    CYRILLIC,
    DECIMAL,
    HIDDEN,
    IDEOGRAPH,
    KIND,
    LATIN,
    NOTHING,
    SCRIPT,
    SEVERAL,
)

#: Shortest run of single letters with one separator between them that is read as one word.
SPACED_LETTERS = 4
#: A byte of UTF-8 folds to at most this many characters (U+FDFA: three bytes, eighteen letters) and
#: tokens (U+337F: three bytes, four ideographs).
CHARS, TOKENS = 6, 2
#: Disguises that were undone, as bits.
DISGUISES = ("hidden_characters", "look_alike_letters", "leetspeak", "spaced_letters")
_HIDDEN, _LOOK_ALIKE, _LEET, _SPACED = (1 << bit for bit in range(len(DISGUISES)))

_SCRIPTS = 7  # bits of a word's flags: Latin, Cyrillic, Greek; beside them stands DECIMAL
_WORDS = 0x243F6A8885A308D3  # where the hash of a word begins
_FULL_STOP, _ZERO = ord("."), ord("0")


class Tokens(NamedTuple):
    """The tokens of one text, in arrays that are used again for the next.

    Token `i` is `chars[first[i]:last[i]]` folded, `start[i]:end[i]` in code points and up to
    `byte[i]` in bytes of the text; `sign[i]` is 0 for a word, 1 for a sign, 2 for an ideograph.
    """

    chars: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    byte: NDArray[np.int64]
    sentence: NDArray[np.int32]
    sign: NDArray[np.uint8]
    hash: NDArray[np.uint64]


def room(size: int) -> Tokens:
    """Arrays with room for the tokens of a text of `size` bytes."""
    tokens = TOKENS * size + 1
    return Tokens(
        chars=np.empty(CHARS * size + 1, np.int32),
        first=np.empty(tokens, np.int32),
        last=np.empty(tokens, np.int32),
        start=np.empty(tokens, np.int32),
        end=np.empty(tokens, np.int32),
        byte=np.empty(tokens, np.int64),
        sentence=np.empty(tokens, np.int32),
        sign=np.empty(tokens, np.uint8),
        hash=np.empty(tokens, np.uint64),
    )


@jit
def entry(tables, code):
    """The entry of a code point, its own code filled in."""
    found = tables.pages[(np.int64(tables.page[code >> 8]) << 8) | (code & 255)]
    if found & (SEVERAL | NOTHING | CODE) == 0 and found:
        return np.int64(found) | code
    return np.int64(found)


@jit
def decode(text, at, stop):
    """The code point at a byte, and the byte after it; U+FFFD for what is not UTF-8."""
    lead = np.int64(text[at])
    if lead < 0x80:
        return lead, at + 1
    left = stop - at
    second = np.int64(text[at + 1]) if left > 1 else 0
    if second & 0xC0 != 0x80 or lead < 0xC2 or lead > 0xF4:
        return 0xFFFD, at + 1
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | (second & 0x3F), at + 2
    third = np.int64(text[at + 2]) if left > 2 else 0
    if third & 0xC0 != 0x80:
        return 0xFFFD, at + 2
    if lead < 0xF0:
        return (lead & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F), at + 3
    fourth = np.int64(text[at + 3]) if left > 3 else 0
    if fourth & 0xC0 != 0x80:
        return 0xFFFD, at + 3
    code = (lead & 7) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | (fourth & 0x3F)
    return code if code <= 0x10FFFF else 0xFFFD, at + 4


@jit
def mix(state, value):
    """One step of the 64-bit hash: a bijection of the state for each value."""
    state = (state ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
    return state ^ (state >> np.uint64(29))


@jit
def walk(tables, ascii, text, begin, stop, tokens):
    """Read `text[begin:stop]`; returns the number of tokens and the disguises found, as bits."""
    # Arrays are taken out of their tuples once, so that the loop sees arrays and scalars alone.
    pages, page, starts, parts = tables.pages, tables.page, tables.starts, tables.parts
    chars, firsts, lasts, hashes = tokens.chars, tokens.first, tokens.last, tokens.hash
    begins, ends, bytes_, sentences = tokens.start, tokens.end, tokens.byte, tokens.sentence
    signs = tokens.sign
    count, disguises, sentence, used = 0, 0, 0, 0  # `used` characters of finished tokens
    size, flags, hidden = 0, 0, False  # of the word being read
    found: Any = 0  # the entry at hand
    at, place, scanned = begin, 0, begin
    while at < stop:
        code = np.int64(text[at])
        after, width, contacted = at + 1, 1, 0
        if code < 128:
            if at >= scanned and ascii[code] & CONTACT:
                scanned, contacted = contact(ascii, text, at, stop)
            found = np.int64(pages[code])
        else:
            code, after = decode(text, at, stop)
            found = np.int64(pages[(np.int64(page[code >> 8]) << 8) | (code & 255)])
        first, last = 0, 1
        if contacted:
            after, width = scanned, scanned - at
            found = contacted | SIGN << KIND
        elif found & (SEVERAL | NOTHING):
            last = 0
            if found & SEVERAL:
                first, last = starts[found & CODE], starts[(found & CODE) + 1]
            elif found & HIDDEN and flags & _SCRIPTS:
                hidden = hidden or _script(pages, page, chars[used + size - 1]) != 0
        elif found & CODE == 0:
            found |= code
        for part in range(first, last):
            if last > 1:
                found = np.int64(parts[part])
            kind = found >> KIND & 3
            if kind == WORD:
                if size == 0:
                    begins[count] = place
                elif hidden:
                    disguises |= _HIDDEN
                chars[used + size] = found & CODE
                size, hidden = size + 1, False
                flags |= (1 << (found >> SCRIPT & 3)) >> 1 | found & DECIMAL
                while code < 128 and after < stop and text[after] < 128:  # plain letters fly
                    found = np.int64(pages[text[after]])
                    if found >> KIND & 3 != WORD:
                        break
                    chars[used + size] = found & CODE or text[after]
                    flags |= (1 << (found >> SCRIPT & 3)) >> 1 | found & DECIMAL
                    size, after, width = size + 1, after + 1, width + 1
                ends[count], bytes_[count] = place + width, after
                continue
            if size:
                if flags & DECIMAL or (flags & LATIN and flags & _SCRIPTS != LATIN):
                    disguises |= _undisguise(tables, chars, used, used + size, flags)
                firsts[count], lasts[count], signs[count] = used, used + size, 0
                sentences[count], hashes[count] = sentence, _hash(chars, used, used + size)
                count, used, size, flags, hidden = count + 1, used + size, 0, 0, False
            if kind == SIGN:
                chars[used] = found & CODE
                firsts[count], lasts[count] = used, used + 1
                begins[count], ends[count] = place, place + width
                signs[count] = 2 if found & IDEOGRAPH else 1
                sentences[count], hashes[count] = sentence, _hash(chars, used, used + 1)
                count, used = count + 1, used + 1
            elif kind == BREAK and (
                found & CODE != _FULL_STOP
                or not _starts_word(pages, page, starts, parts, text, after, stop)
            ):
                sentence += 1
        at, place = after, place + width
    if size:
        if flags & DECIMAL or (flags & LATIN and flags & _SCRIPTS != LATIN):
            disguises |= _undisguise(tables, chars, used, used + size, flags)
        firsts[count], lasts[count], signs[count] = used, used + size, 0
        sentences[count], hashes[count] = sentence, _hash(chars, used, used + size)
        count += 1
    return _join_spaced(tables, text, stop, tokens, count, disguises)


@jit
def _starts_word(pages, page, starts, parts, text, at, stop):
    """A full stop before a word character (`2.500`, `e.g.`) ends no sentence."""
    if at >= stop:
        return False
    code = decode(text, at, stop)[0]
    found = np.int64(pages[(np.int64(page[code >> 8]) << 8) | (code & 255)])
    if found & SEVERAL:
        found = np.int64(parts[starts[found & CODE]])
    return found & NOTHING == 0 and found >> KIND & 3 == WORD


@jit
def _undisguise(tables, chars, first, last, flags):
    disguises = 0
    if flags & LATIN and flags & _SCRIPTS != LATIN:
        disguises |= _one_script(tables, chars, first, last)
    if flags & DECIMAL:
        if last - first >= 4:
            disguises |= _no_leet(tables, chars, first, last)
        for i in range(first, last):
            if entry(tables, np.int64(chars[i])) & DECIMAL:
                chars[i] = _ZERO
    return disguises


@jit
def _hash(chars, first, last):
    state = np.uint64(_WORDS)
    for i in range(first, last):
        state = mix(state, chars[i])
    return state | np.uint64(1)  # never 0, which means free


@jit
def _script(pages, page, code):
    return np.int64(pages[(np.int64(page[code >> 8]) << 8) | (code & 255)]) >> SCRIPT & 3


@jit
def _one_script(tables, chars, first, last):
    latin = other = latin_only = other_only = 0
    for i in range(first, last):
        script = _script(tables.pages, tables.page, chars[i])
        if script == LATIN:
            latin += 1
            latin_only += tables.to_cyrillic[chars[i]] == 0
        elif script:
            other += 1
            other_only += tables.to_latin[chars[i]] == 0
    to_latin = latin >= other if (latin_only > 0) == (other_only > 0) else latin_only > 0
    twins = tables.to_latin if to_latin else tables.to_cyrillic
    changed = 0
    for i in range(first, last):
        if chars[i] < twins.shape[0] and twins[chars[i]]:
            chars[i] = twins[chars[i]]
            changed = _LOOK_ALIKE
    return changed


@jit
def _no_leet(tables, chars, first, last):
    letters = kind = 0
    for i in range(first, last):
        script = _script(tables.pages, tables.page, chars[i])
        if script:
            letters += 1
            kind = kind or script
    if letters < 3:
        return 0
    twins = tables.leet_cyrillic if kind == CYRILLIC else tables.leet_latin
    changed = 0
    lettered = False  # whether what stands before the digits is a letter of the word as it was
    i = first
    while i < last:
        if entry(tables, np.int64(chars[i])) & DECIMAL == 0:
            lettered = _script(tables.pages, tables.page, chars[i]) != 0
            i += 1
            continue
        end = i
        while end < last and entry(tables, np.int64(chars[end])) & DECIMAL:
            end += 1
        if lettered and end < last and _script(tables.pages, tables.page, chars[end]):
            for digit in range(i, end):
                if chars[digit] < twins.shape[0] and twins[chars[digit]]:
                    chars[digit] = twins[chars[digit]]
                    changed = _LEET
        i = end
    return changed


@jit
def _join_spaced(tables, text, stop, tokens, count, disguises):
    """Make one word of each run of single letters with the same one character between them."""
    singles, most = 0, 0
    for i in range(count):
        singles = singles + 1 if tokens.last[i] - tokens.first[i] == 1 and not tokens.sign[i] else 0
        most = max(most, singles)
    if most < SPACED_LETTERS:
        return count, disguises
    kept = at = 0
    while at < count:
        end = at
        while end < count and _joins(tables, text, stop, tokens, at, end):
            end += 1
        if end - at < SPACED_LETTERS:
            end = at + 1
        else:
            disguises |= _SPACED
            tokens.last[at] = tokens.first[at] + end - at
            for i in range(at, end):
                tokens.chars[tokens.first[at] + i - at] = tokens.chars[tokens.first[i]]
            tokens.end[at] = tokens.end[end - 1]
            tokens.hash[at] = _hash(tokens.chars, tokens.first[at], tokens.last[at])
        if kept != at:
            _move(tokens, at, kept)
        kept, at = kept + 1, end
    return kept, disguises


@jit
def _joins(tables, text, stop, tokens, at, i):
    if tokens.last[i] - tokens.first[i] != 1 or tokens.sign[i]:
        return False
    if not _script(tables.pages, tables.page, tokens.chars[tokens.first[i]]):
        return False
    if i == at:
        return True
    return (
        tokens.start[i] - tokens.end[i - 1] == 1
        and decode(text, tokens.byte[i - 1], stop)[0] == decode(text, tokens.byte[at], stop)[0]
    )


@jit
def _move(tokens, old, new):
    tokens.first[new], tokens.last[new] = tokens.first[old], tokens.last[old]
    tokens.start[new], tokens.end[new] = tokens.start[old], tokens.end[old]
    tokens.sentence[new], tokens.sign[new] = tokens.sentence[old], tokens.sign[old]
    tokens.byte[new], tokens.hash[new] = tokens.byte[old], tokens.hash[old]
