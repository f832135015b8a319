"""Compiled: the 64-bit hashes of words, and of what is made of them."""

import numpy as np

from model.compiled import jit

WORDS = 0x243F6A8885A308D3  # where the hash of a word begins


@jit
def mix(state, value):
    """One step of the 64-bit hash: a bijection of the state for each value."""
    state = (state ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
    return state ^ (state >> np.uint64(29))


@jit
def step(state, char):
    """Take one more character into the hash of a word."""
    return (state ^ np.uint64(char)) * np.uint64(0x9E3779B97F4A7C15)


@jit
def finish(state):
    """The hash of a word, from the state after its characters; never 0, which means free."""
    return state ^ (state >> np.uint64(29)) | np.uint64(1)


@jit
def hash_of(chars, first, last):
    """The state after some characters."""
    state = np.uint64(WORDS)
    for i in range(first, last):
        state = step(state, chars[i])
    return state
