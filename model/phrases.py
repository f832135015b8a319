"""Compiled: the runs of tokens that raise each label's log-odds most."""

from typing import Any

import numpy as np

from model.compiled import jit
from model.index import MISSING
from model.lanes import LANES, above, load, lowest
from model.memory import TOKENS

#: A phrase begins at a token that raises the log-odds by this or more. Measured on the marked
#: spans, cross-fitted: beginning at any rise finds no more of them, and takes five times as long.
START = 0.05
#: Phrases kept for each label.
PHRASES = 3


@jit
def begin(count, width, least, shares):
    """Find the tokens at which a phrase may begin: those that raise a label by `START`."""
    tokens, begins, begun, start = shares.tokens, shares.begins, shares.begun, np.float32(START)
    begun[:] = 0
    for block in range(0, width, LANES):
        wanted: Any = 0
        for label in range(block, min(block + LANES, least.shape[0])):
            wanted |= np.int64(shares.total[label] >= least[label]) << (label - block)
        for token in range(count if wanted else 0):
            high = above(load(tokens, token * width + block), start) & wanted
            while high:
                raised = np.uint64(block + lowest(high))
                begins[np.uint64(raised * count + begun[raised])] = token
                begun[raised] += 1
                high &= high - 1


@jit
def phrases(cache, tokens, found, weights, shares, longest, answers, i):
    """The best runs of each label, stop words at their edges left out, none overlapping another."""
    count, stop, limit, sentence = found.size[TOKENS], shares.stop, shares.limit, tokens.sentence
    stops, slots, words, token_words = weights.stop, cache.slots, found.slot, found.token
    end = count
    for token in range(count - 1, -1, -1):
        word = slots[words[token_words[token]]].word
        stop[token] = word != MISSING and stops[word]
        if token + 1 < count and sentence[token] != sentence[token + 1]:
            end = token + 1
        limit[token] = min(end, token + longest)
    for label in range(answers.own.shape[1]):
        best, owns = shares.best, answers.own[i, label]
        begins = shares.begins[label * count : label * count + shares.begun[label]]
        kept = _best(shares.tokens, weights.width, label, begins, stop, limit, best, owns)
        _note(answers, i, label, kept, tokens, shares.tokens, weights.width, best)


@jit
def _best(shares, width, label, begins, stop, limit, best, owns):
    """The best runs of one label: their number, with sums in `owns` and places in `best`.

    A run begins where a token raises the log-odds by `START`, goes on to its `limit` while its sum
    stays positive, and ends where the sum was highest; the next run begins after it.
    """
    at = kept = 0
    least = 0.0  # what a run must exceed to be kept
    for begin in begins:
        if begin < at:
            continue
        first, last = int(begin), int(begin) + 1
        total = most = float(shares[begin * width + label])
        for place in range(last, limit[begin]):
            total += shares[place * width + label]
            if total <= 0:
                break
            if total > most:
                most, last = total, place + 1
        at = last
        # Leaving out words at the edges can only lower the sum.
        if most > least:
            while first < last and stop[first]:
                first += 1
            while first < last and stop[last - 1]:
                last -= 1
            own = 0.0
            for token in range(first, last):
                own += shares[token * width + label]
            if own > least:
                kept = _keep(owns, best, own, first, last, kept)
                least = owns[kept - 1] if kept == owns.shape[0] else 0.0
    return kept


@jit
def _keep(owns, best, own, first, last, kept):
    """Put a run among the `kept` best so far; of equals the earlier stays ahead."""
    place = kept
    while place and own > owns[place - 1]:
        place -= 1
    if place == owns.shape[0]:
        return kept
    kept = min(kept + 1, owns.shape[0])
    for k in range(kept - 1, place, -1):
        owns[k], best[k, 0], best[k, 1] = owns[k - 1], best[k - 1, 0], best[k - 1, 1]
    owns[place], best[place, 0], best[place, 1] = own, first, last
    return kept


@jit
def _note(answers, i, label, kept, tokens, shares, width, best):
    """Write down where a label's best runs stand and what they are to the first label."""
    for k in range(answers.own.shape[2]):
        start = end = 0
        part = 0.0
        if k < kept:
            first, last = best[k, 0], best[k, 1]
            start, end = tokens.start[first], tokens.end[last - 1]
            for token in range(first, last):
                part += shares[token * width]
        else:
            answers.own[i, label, k] = 0
        answers.start[i, label, k], answers.end[i, label, k] = start, end
        answers.risk[i, label, k] = part
