"""Compiled: read the name of a place as one sign, whichever place it is.

Where somebody comes from or goes to is never a sign of a lure, so the model must not see it.
`tests/reference.py` says the same in plain Python.
"""

import numpy as np

from model.compiled import jit
from model.disguise import move
from model.folding import PLACE
from model.hashing import WORDS, finish, mix, step

#: The state of the hash of tokens in a row that are no name, nor begin one.
_NONE = np.uint64(0)
_PLACE = ord(PLACE)


@jit
def begun(hashes, rows):
    """The hash of the first token, of the first two and so on."""
    state = _NONE
    for i in range(rows.shape[0]):
        state = _join(state, hashes[i])
        rows[i] = state


@jit
def fill(tables, rows, whole):
    """Put the hashes of rows of tokens into empty tables; `whole` says which are names."""
    names, sieve, mask = tables.names, tables.sieve, np.uint64(tables.names.shape[0] - 1)
    for i in range(rows.shape[0]):
        place, bit = _sifted(sieve, rows[i])
        sieve[place] |= bit
        at = rows[i] >> np.uint64(1) & mask
        while names[at]:
            at = (at + np.uint64(1)) & mask
        names[at], tables.ends[at] = rows[i], whole[i]


@jit
def hide(tables, tokens, count):
    """Make each longest name of a place among the tokens one sign; returns how many are left."""
    sieve, hashes = tables.sieve, tokens.hash
    kept = at = 0
    while at < count:
        place, bit = _sifted(sieve, _join(_NONE, hashes[at]))
        end = _end(tables, tokens, at, count) if sieve[place] & bit else at
        if end > at:
            last = end - 1
            tokens.end[at], tokens.byte[at] = tokens.end[last], tokens.byte[last]
            tokens.chars[tokens.first[at]] = _PLACE
            tokens.last[at], tokens.sign[at] = tokens.first[at] + 1, 1
            tokens.hash[at] = finish(step(np.uint64(WORDS), _PLACE))
        if kept != at:
            move(tokens, at, kept)
        kept, at = kept + 1, max(end, at + 1)
    return kept


@jit
def _end(tables, tokens, at, count):
    """The token after the longest name that begins at one, or that one where none does."""
    names, ends, mask = tables.names, tables.ends, np.uint64(tables.names.shape[0] - 1)
    end, state = at, _NONE
    for here in range(at, count):
        if tokens.sentence[here] != tokens.sentence[at]:
            break
        state = _join(state, tokens.hash[here])
        slot = state >> np.uint64(1) & mask
        while names[slot] and names[slot] != state:
            slot = (slot + np.uint64(1)) & mask
        if names[slot] == 0:
            break
        if ends[slot]:
            end = here + 1
    return end


@jit
def _join(state, token):
    """The hash of a row of tokens that goes on with one more, by their hashes."""
    return mix(state * np.uint64(0xD1342543DE82EF95), token) | np.uint64(1)


@jit
def _sifted(sieve, row):
    """Where the bit of a row of tokens stands, and the bit."""
    place = row >> np.uint64(8) & np.uint64(sieve.shape[0] - 1)
    return place, np.uint64(1) << (row >> np.uint64(1) & np.uint64(63))
