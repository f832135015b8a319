"""Compiled: from the UTF-8 of many texts to log-odds and phrases, or to rows of TF-IDF.

Texts lie one after the other in one buffer, as in Arrow: text `i` is `text[ends[i]:ends[i + 1]]`.
Each text is walked once; nothing is allocated for it. See docs/kernel.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.grams import MISSING, forget, gather
from model.walk import walk

#: A phrase begins at a token that raises the log-odds by this or more. Measured on the marked
#: spans, cross-fitted: beginning at any rise finds no more of them, and takes five times as long.
START = 0.05
#: Counts up to this have their logarithm at hand.
LOGS = 64
#: Phrases kept for each label.
PHRASES = 3


class Weights(NamedTuple):
    """`idf` (terms,), `weights` (terms, labels), `intercepts` (labels,), `stop` (terms,)."""

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    stop: NDArray[np.bool_]


class Shares(NamedTuple):
    """Room for one text.

    `logs` are 1 + log of small counts, `value` (terms,) is TF-IDF, `words` and `tokens`
    (tokens, labels) are shares; `begins[label * count:]` are the `begun[label]` tokens at which a
    phrase of the label may begin. `stop` and `limit` (tokens,) say whether a token is a stop word,
    and where a run from it on must end; `best` (phrases, 2) are first and last tokens.
    """

    logs: NDArray[np.float64]
    value: NDArray[np.float64]
    words: NDArray[np.float64]
    tokens: NDArray[np.float32]
    begins: NDArray[np.uint32]
    begun: NDArray[np.int64]
    stop: NDArray[np.bool_]
    limit: NDArray[np.int32]
    best: NDArray[np.int64]


def shares(ids: int, tokens: int, labels: int) -> Shares:
    """Room for texts of that many tokens."""
    return Shares(
        logs=1 + np.log(np.maximum(1, np.arange(LOGS))),
        value=np.empty(ids),
        words=np.empty((tokens, labels)),
        tokens=np.empty((tokens, labels), np.float32),
        begins=np.empty(labels * tokens, np.uint32),
        begun=np.empty(labels, np.int64),
        stop=np.empty(tokens, np.bool_),
        limit=np.empty(tokens, np.int32),
        best=np.empty((PHRASES, 2), np.int64),
    )


class Answers(NamedTuple):
    """What comes out, for texts T, labels L and K phrases of each, best first.

    `log_odds` (T, L); `start`, `end` (T, L, K) in code points, end 0 where there is no phrase;
    `own`, `risk` (T, L, K) a phrase's part of its label's and of the first label's log-odds;
    `tokens` and `disguises` (T,).
    """

    log_odds: NDArray[np.float64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    own: NDArray[np.float64]
    risk: NDArray[np.float64]
    tokens: NDArray[np.int32]
    disguises: NDArray[np.int64]


@jit
def explain(reader, work, weights, shares, text, ends, part, longest, answers):
    """Score and explain the texts of `part`, a range; see `Answers`."""
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(part[0], part[1]):
        count, disguises = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        gather(index, cache, ranges, tokens, count, found, False)
        _weigh(weights.idf, found, shares.logs, shares.value)
        _share_words(
            cache.first, cache.last, cache.pool, found.slot, found.size[1],
            shares.value, weights.weights, shares.words,
        )  # fmt: skip
        _total(found, weights, shares, answers.log_odds[i])
        _share_tokens(found, weights.weights, shares)
        _begin(count, shares.tokens, shares.begins, shares.begun)
        _phrases(cache, tokens, found, weights, shares, longest, answers, i)
        answers.tokens[i], answers.disguises[i] = count, disguises


@jit
def lengths(reader, work, text, ends, part, counts):
    """Count the different n-grams of the texts of `part`."""
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(part[0], part[1]):
        count, _ = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        gather(index, cache, ranges, tokens, count, found, False)
        counts[i] = found.size[3]
        forget(found)


@jit
def rows(reader, work, idf, shares, text, ends, part, starts, ids, values):
    """TF-IDF rows of the texts of `part`: that of text `i` goes to `starts[i]:starts[i + 1]`."""
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    logs, value = shares.logs, shares.value
    for i in range(part[0], part[1]):
        count, _ = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        gather(index, cache, ranges, tokens, count, found, False)
        for k in range(found.size[3]):
            values[starts[i] + k] = found.tally[found.distinct[k]]
        _weigh(idf, found, logs, value)
        for k in range(found.size[3]):
            gram = found.distinct[k]
            ids[starts[i] + k] = gram
            values[starts[i] + k] *= value[gram]


@jit
def learn(reader, work, frequency, text, ends, part):
    """Add the n-grams of the texts of `part` to the index, counting the texts that hold each.

    Returns the first text that there was no room for in the index.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(part[0], part[1]):
        count, _ = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        if not gather(index, cache, ranges, tokens, count, found, True):
            return i
        for k in range(found.size[3]):
            frequency[found.distinct[k]] += 1
        forget(found)
    return part[1]


@jit
def _weigh(idf, found, logs, value):
    """Each n-gram's TF-IDF, for one of the places it stands in; the row has length 1."""
    tally, distinct, squares = found.tally, found.distinct, 0.0
    for k in range(found.size[3]):
        gram = distinct[k]
        times = tally[gram]
        weight = np.float64(idf[gram])
        if times > 1:
            weight *= logs[times] if times < logs.shape[0] else 1 + np.log(times)
            value[gram] = weight / times
        else:
            value[gram] = weight
        squares += weight * weight
        tally[gram] = 0
    scale = 1 / np.sqrt(squares) if squares else 0.0
    for k in range(found.size[3]):
        value[distinct[k]] *= scale


@jit
def _share_words(first, last, pool, slots, count, value, weight, words):
    """A word's share, by label: that of all n-grams inside it, in one of the places it stands."""
    for word in range(count):
        slot = slots[word]
        words[word] = 0
        for i in range(first[slot], last[slot]):
            gram = pool[i]
            part = value[gram]
            for label in range(weight.shape[1]):
                words[word, label] += part * weight[gram, label]


@jit
def _total(found, weights, shares, log_odds):
    """Add up words and n-grams of several tokens."""
    labels, words, times = weights.intercepts.shape[0], shares.words, found.times
    value, weight, grams = shares.value, weights.weights, found.gram
    for label in range(labels):
        log_odds[label] = weights.intercepts[label]
    for word in range(found.size[1]):
        here = np.float64(times[word])
        for label in range(labels):
            log_odds[label] += here * words[word, label]
    for k in range(found.size[2]):
        gram = grams[k]
        part = value[gram]
        for label in range(labels):
            log_odds[label] += part * weight[gram, label]


@jit
def _share_tokens(found, weight, shares):
    """Lay the n-grams' weights back onto the tokens they stand on, evenly.

    What is summed for display only may be of single precision.
    """
    labels, words, tokens, value = weight.shape[1], shares.words, shares.tokens, shares.value
    word_of, grams, begins, lengths = found.token, found.gram, found.begin, found.length
    for token in range(found.size[0]):
        word = word_of[token]
        for label in range(labels):
            tokens[token, label] = words[word, label]
    for k in range(found.size[2]):
        gram, begin, length = grams[k], begins[k], lengths[k]
        part = np.float32(value[gram] / length)
        for token in range(begin, begin + length):
            for label in range(labels):
                tokens[token, label] += part * weight[gram, label]


@jit
def _begin(count, tokens, begins, begun):
    """Find the tokens that raise a label's log-odds enough to begin a phrase."""
    labels = tokens.shape[1]
    for label in range(labels):
        begun[label] = 0
    start = np.float32(START)
    for token in range(count):
        high = 0
        for label in range(labels):
            high += tokens[token, label] >= start
        if high:
            for label in range(labels):
                if tokens[token, label] >= start:
                    begins[label * count + begun[label]] = token
                    begun[label] += 1


@jit
def _phrases(cache, tokens, found, weights, shares, longest, answers, i):
    """The best runs of each label, stop words at their edges left out, none overlapping another."""
    count, stop, limit, sentence = found.size[0], shares.stop, shares.limit, tokens.sentence
    stops, words, slots, token_words = weights.stop, cache.word, found.slot, found.token
    end = count
    for token in range(count - 1, -1, -1):
        word = words[slots[token_words[token]]]
        stop[token] = word != MISSING and stops[word]
        if token + 1 < count and sentence[token] != sentence[token + 1]:
            end = token + 1
        limit[token] = min(end, token + longest)
    for label in range(weights.intercepts.shape[0]):
        best, owns = shares.best, answers.own[i, label]
        begins = shares.begins[label * count : label * count + shares.begun[label]]
        kept = _best(shares.tokens, label, begins, stop, limit, best, owns)
        _note(answers, i, label, kept, tokens, shares.tokens, best)


@jit
def _best(shares, label, begins, stop, limit, best, owns):
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
        total = most = float(shares[begin, label])
        for place in range(last, limit[begin]):
            total += shares[place, label]
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
                own += shares[token, label]
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
def _note(answers, i, label, kept, tokens, shares, best):
    """Write down where a label's best runs stand and what they are to the first label."""
    for k in range(answers.own.shape[2]):
        start = end = 0
        part = 0.0
        if k < kept:
            first, last = best[k, 0], best[k, 1]
            start, end = tokens.start[first], tokens.end[last - 1]
            for token in range(first, last):
                part += shares[token, 0]
        else:
            answers.own[i, label, k] = 0
        answers.start[i, label, k], answers.end[i, label, k] = start, end
        answers.risk[i, label, k] = part
