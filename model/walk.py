"""Compiled: walk over the UTF-8 of a text once, and fold and split it into tokens.

The rare cases (several scripts in a word, digits between letters, spaced letters, contacts) cost
only the words that need them. `tests/reference.py` says the same in plain Python.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.contact import CONTACT, FOLDED, PLAIN, TELLING, contact
from model.disguise import HIDDEN_CHARACTERS, SCRIPTS, SPACED_LETTERS, join_spaced, undisguise
from model.folding import BREAK, SIGN, WORD
from model.hashing import WORDS, finish, hash_of, step
from model.mask import hide
from model.points import decode, script, where
from model.tables import (
    CODE,
    DECIMAL,
    HIDDEN,
    IDEOGRAPH,
    KIND,
    LATIN,
    NOTHING,
    SCRIPT,
    SEVERAL,
)

#: A byte of UTF-8 folds to at most this many characters (U+FDFA: three bytes, eighteen letters) and
#: tokens (U+337F: three bytes, four ideographs).
CHARS, TOKENS = 6, 2
#: By these bits a sign that folds to itself is known: of them only its kind is set.
_ITSELF = CODE | 3 << KIND | SEVERAL | NOTHING
SPACE, _FULL_STOP = map(ord, " .")


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
def walk(tables, ascii, text, begin, stop, tokens):
    """Read `text[begin:stop]`; returns the number of tokens and the disguises found, as bits."""
    # Arrays are taken out of their tuples once, so that the loop sees arrays and scalars alone.
    pages, page, starts, parts = tables.pages, tables.page, tables.starts, tables.parts
    chars, firsts, lasts, hashes = tokens.chars, tokens.first, tokens.last, tokens.hash
    begins, ends, bytes_, sentences = tokens.start, tokens.end, tokens.byte, tokens.sentence
    signs = tokens.sign
    count, disguises, sentence, used = 0, 0, 0, 0  # `used` characters of finished tokens
    singles, most = 0, 0  # words of one letter in a row
    size, flags, hidden, state = 0, 0, False, np.uint64(WORDS)  # of the word being read
    at, place, scanned, run = begin, 0, begin, -1
    back = (0, 0, 0, 0, 0)  # how things stood where the run of contact characters began
    while at <= stop:
        # A space after the end ends the last word.
        code: Any = np.int64(text[np.uint64(at)]) if at < stop else SPACE
        after, width, contacted = at + 1, 1, 0
        found: Any = 0  # the entry at hand
        if code < 128:
            plain: Any = np.int64(ascii[np.uint64(code)])
            if plain & CONTACT == 0:
                run = -1
            elif at >= scanned:
                if run < 0:
                    run, back = at, (count, used, sentence, disguises, place)
                # A run that goes on with a word is looked at at once: it could not be taken back.
                if plain & TELLING or (run == at and size):
                    scanned, contacted = contact(ascii, text, run, stop)
            if plain & PLAIN and contacted == 0:
                if size == 0:
                    begins[np.uint64(count)] = place
                elif hidden:
                    disguises |= HIDDEN_CHARACTERS
                hidden, length = False, size
                while True:  # plain letters fly
                    letter = (plain & PLAIN) >> FOLDED
                    chars[np.uint64(used + size)] = letter
                    state = step(state, letter)
                    flags |= plain
                    size += 1
                    if after == stop:
                        break
                    plain = np.int64(ascii[text[np.uint64(after)]])
                    if plain & PLAIN == 0:
                        break
                    after += 1
                at, place = after, place + size - length
                ends[np.uint64(count)], bytes_[np.uint64(count)] = place, at
                continue
            found = np.int64(pages[np.uint64(code)])
        else:
            run = -1
            code, after = decode(text, at, stop)
            found = np.int64(pages[where(page, code)])
            if found & _ITSELF == SIGN << KIND and size == 0:  # ideographs fly too
                _put_sign(tokens, count, used, code, found, place, 1, sentence)
                count, used, at, place, singles = count + 1, used + 1, after, place + 1, 0
                continue
        first, last = 0, 1
        if contacted:
            count, used, sentence, disguises, place = back
            if run < at:
                size, flags, hidden, state = 0, 0, False, np.uint64(WORDS)
            after, width, run = scanned, scanned - run, -1
            found = contacted | SIGN << KIND
        elif found & (SEVERAL | NOTHING):
            last = 0
            if found & SEVERAL:
                first, last = starts[found & CODE], starts[(found & CODE) + 1]
            elif found & HIDDEN and flags & SCRIPTS:
                hidden = hidden or script(pages, page, chars[used + size - 1]) != 0
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
                    disguises |= HIDDEN_CHARACTERS
                chars[used + size] = found & CODE
                state = step(state, found & CODE)
                size, hidden = size + 1, False
                flags |= (1 << (found >> SCRIPT & 3)) >> 1 | found & DECIMAL
                ends[count], bytes_[count] = place + width, after
                continue
            if size:
                if flags & DECIMAL or (flags & LATIN and flags & SCRIPTS != LATIN):
                    disguises |= undisguise(tables, chars, used, used + size, flags)
                    state = hash_of(chars, used, used + size)
                word = np.uint64(count)
                firsts[word], lasts[word], signs[word] = used, used + size, 0
                sentences[word], hashes[word] = sentence, finish(state)
                singles = singles + 1 if size == 1 else 0
                most = max(most, singles)
                count, used, size, flags, hidden = count + 1, used + size, 0, 0, False
                state = np.uint64(WORDS)
            if kind == SIGN:
                _put_sign(tokens, count, used, found & CODE, found, place, width, sentence)
                count, used, singles = count + 1, used + 1, 0
            elif kind == BREAK and (
                found & CODE != _FULL_STOP
                or not _starts_word(pages, page, starts, parts, text, after, stop)
            ):
                sentence += 1
        at, place = after, place + width
    if most >= SPACED_LETTERS:
        count, disguises = join_spaced(tables, text, stop, tokens, count, disguises)
    return hide(tables, tokens, count), disguises


@jit
def _put_sign(tokens, count, used, code, found, place, width, sentence):
    at, here = np.uint64(count), np.uint64(used)
    tokens.chars[here], tokens.sentence[at] = code, sentence
    tokens.first[at], tokens.last[at] = used, used + 1
    tokens.start[at], tokens.end[at] = place, place + width
    tokens.sign[at] = 2 if found & IDEOGRAPH else 1
    tokens.hash[at] = finish(step(np.uint64(WORDS), code))


@jit
def _starts_word(pages, page, starts, parts, text, at, stop):
    """A full stop before a word character (`2.500`, `e.g.`) ends no sentence."""
    if at >= stop:
        return False
    code = decode(text, at, stop)[0]
    found = np.int64(pages[where(page, code)])
    if found & SEVERAL:
        found = np.int64(parts[starts[found & CODE]])
    return found & NOTHING == 0 and found >> KIND & 3 == WORD
