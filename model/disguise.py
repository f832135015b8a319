"""Compiled: undo what hides a word: letters of another script, digits for letters, spaces between.

`tests/reference.py` says the same in plain Python.
"""

import numpy as np

from model.compiled import jit
from model.hashing import finish, hash_of
from model.points import decode, entry, script
from model.tables import CYRILLIC, DECIMAL, LATIN

#: Shortest run of single letters with one separator between them that is read as one word.
SPACED_LETTERS = 4
#: Disguises that were undone, as bits.
DISGUISES = ("hidden_characters", "look_alike_letters", "leetspeak", "spaced_letters")
HIDDEN_CHARACTERS, _LOOK_ALIKE, _LEET, _SPACED = (1 << bit for bit in range(len(DISGUISES)))
#: Bits of a word's flags: Latin, Cyrillic, Greek; beside them stands DECIMAL.
SCRIPTS = 7
_ZERO = ord("0")


@jit
def undisguise(tables, chars, first, last, flags):
    disguises = 0
    if flags & LATIN and flags & SCRIPTS != LATIN:
        disguises |= _one_script(tables, chars, first, last)
    if flags & DECIMAL:
        if last - first >= 4:
            disguises |= _no_leet(tables, chars, first, last)
        for i in range(first, last):
            if entry(tables, np.int64(chars[i])) & DECIMAL:
                chars[i] = _ZERO
    return disguises


@jit
def _one_script(tables, chars, first, last):
    latin = other = latin_only = other_only = 0
    for i in range(first, last):
        found = script(tables.pages, tables.page, chars[i])
        if found == LATIN:
            latin += 1
            latin_only += tables.to_cyrillic[chars[i]] == 0
        elif found:
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
        found = script(tables.pages, tables.page, chars[i])
        if found:
            letters += 1
            kind = kind or found
    if letters < 3:
        return 0
    twins = tables.leet_cyrillic if kind == CYRILLIC else tables.leet_latin
    changed = 0
    lettered = False  # whether what stands before the digits is a letter of the word as it was
    i = first
    while i < last:
        if entry(tables, np.int64(chars[i])) & DECIMAL == 0:
            lettered = script(tables.pages, tables.page, chars[i]) != 0
            i += 1
            continue
        end = i
        while end < last and entry(tables, np.int64(chars[end])) & DECIMAL:
            end += 1
        if lettered and end < last and script(tables.pages, tables.page, chars[end]):
            for digit in range(i, end):
                if chars[digit] < twins.shape[0] and twins[chars[digit]]:
                    chars[digit] = twins[chars[digit]]
                    changed = _LEET
        i = end
    return changed


@jit
def join_spaced(tables, text, stop, tokens, count, disguises):
    """Make one word of each run of single letters with the same one character between them."""
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
            state = hash_of(tokens.chars, tokens.first[at], tokens.last[at])
            tokens.hash[at] = finish(state)
        if kept != at:
            move(tokens, at, kept)
        kept, at = kept + 1, end
    return kept, disguises


@jit
def _joins(tables, text, stop, tokens, at, i):
    if tokens.last[i] - tokens.first[i] != 1 or tokens.sign[i]:
        return False
    if not script(tables.pages, tables.page, tokens.chars[tokens.first[i]]):
        return False
    if i == at:
        return True
    return (
        tokens.start[i] - tokens.end[i - 1] == 1
        and decode(text, tokens.byte[i - 1], stop)[0] == decode(text, tokens.byte[at], stop)[0]
    )


@jit
def move(tokens, old, new):
    """Put a token in the place of another."""
    tokens.first[new], tokens.last[new] = tokens.first[old], tokens.last[old]
    tokens.start[new], tokens.end[new] = tokens.start[old], tokens.end[old]
    tokens.sentence[new], tokens.sign[new] = tokens.sentence[old], tokens.sign[old]
    tokens.byte[new], tokens.hash[new] = tokens.byte[old], tokens.hash[old]
