"""Compiled: from the UTF-8 of many texts to log-odds and phrases, or to rows of TF-IDF.

Texts lie one after the other in one buffer, as in Arrow: text `i` is `text[ends[i]:ends[i + 1]]`.
Each text is walked once; nothing is allocated for it. See docs/kernel.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.counting import count_again, count_all
from model.grams import forget, gather
from model.lanes import LANES, fetch, load, padded, plus, single, spread, store
from model.memory import FROM, KINDS, LISTED, TO, TOKENS, WORDS
from model.phrases import PHRASES, begin, phrases
from model.rows import write
from model.walk import walk

#: Counts up to this have their logarithm at hand.
LOGS = 64


class Weights(NamedTuple):
    """`idf` (terms,), `weights` of all terms in rows of `width`, `intercepts` (width,), `stop`."""

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    width: int
    intercepts: NDArray[np.float64]
    stop: NDArray[np.bool_]


class Shares(NamedTuple):
    """Room for one text.

    `logs` are 1 + log of small counts. `value` is the TF-IDF of the distinct n-grams, `more` what
    it has beyond their idf, both with `scale`, by which the row has length 1. `words` and `tokens`
    are rows of shares, one after the other, `total` is their sum. `begins[label * count:]` are the
    `begun[label]` tokens at which a phrase of the label may begin. `stop` and `limit` (tokens,) say
    whether a token is a stop word, and where a run from it on must end; `best` (phrases, 2) are
    first and last tokens.
    """

    logs: NDArray[np.float64]
    value: NDArray[np.float64]
    more: NDArray[np.float64]
    scale: NDArray[np.float64]
    total: NDArray[np.float64]
    words: NDArray[np.float32]
    tokens: NDArray[np.float32]
    begins: NDArray[np.uint32]
    begun: NDArray[np.int64]
    stop: NDArray[np.bool_]
    limit: NDArray[np.int32]
    best: NDArray[np.int64]


def shares(kinds: int, tokens: int, labels: int) -> Shares:
    """Room for texts of that many tokens."""
    return Shares(
        logs=logarithms(),
        value=np.empty(kinds),
        more=np.empty(kinds),
        scale=np.empty(1),
        total=np.empty(padded(labels)),
        words=np.empty(tokens * padded(labels), np.float32),
        tokens=np.empty(tokens * padded(labels), np.float32),
        begins=np.empty(labels * tokens + 1, np.uint32),
        begun=np.empty(labels, np.int64),
        stop=np.empty(tokens, np.bool_),
        limit=np.empty(tokens, np.int32),
        best=np.empty((PHRASES, 2), np.int64),
    )


def logarithms() -> NDArray[np.float64]:
    """1 + log of the counts under `LOGS`."""
    return 1 + np.log(np.maximum(1, np.arange(LOGS)))


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
def explain(reader, work, weights, shares, text, ends, part, longest, least, answers):
    """Score and explain the texts of `part`, a range; see `Answers`.

    A label whose log-odds are under its `least` (labels,) gets no phrases.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    for i in range(part[0], part[1]):
        count, disguises = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        gather(index, cache, ranges, tokens, count, found, False)
        count_again(cache, found)
        _fetch(found, weights)
        _weigh(weights.idf, found, shares, _squares(cache, found, weights))
        _share_words(cache, found, weights, shares)
        _share_tokens(found, weights, shares)
        begin(count, weights.width, least, shares)
        phrases(cache, tokens, found, weights, shares, longest, answers, i)
        answers.tokens[i], answers.disguises[i] = count, disguises
        for label in range(answers.log_odds.shape[1]):
            answers.log_odds[i, label] = shares.total[label]


@jit
def counts(reader, work, text, ends, part, lengths, ids, values):
    """Count the n-grams of the texts of `part`: row `i` is the next `lengths[i]` ids and values.

    Returns the first text that there was no room for.
    """
    tables, ascii, index, ranges = reader
    cache, tokens, found = work
    at = 0
    for i in range(part[0], part[1]):
        count, _ = walk(tables, ascii, text, ends[i], ends[i + 1], tokens)
        gather(index, cache, ranges, tokens, count, found, False)
        count_all(cache, found)
        end = write(found, at, ids, values)
        if end < 0:
            return i
        lengths[i], at = end - at, end
    return part[1]


@jit
def weigh(idf, logs, part, starts, ids, values):
    """TF-IDF in place of the counts in the rows of `part`; row `i` is `starts[i]:starts[i + 1]`."""
    for i in range(part[0], part[1]):
        squares = 0.0
        for k in range(starts[i], starts[i + 1]):
            weight = _weight(np.float64(idf[ids[k]]), np.int64(values[k]), logs)
            squares += weight * weight
        scale = 1 / np.sqrt(squares) if squares > 0 else 0.0
        for k in range(starts[i], starts[i + 1]):
            times = np.int64(values[k])
            weight = _weight(np.float64(idf[ids[k]]), times, logs)
            values[k] = weight / times * scale * times


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
        count_all(cache, found)
        for k in range(found.size[KINDS]):
            frequency[found.distinct[k]] += 1
        forget(found)
    return part[1]


@jit
def _squares(cache, found, weights):
    """The sum of the squared idf of the n-grams inside words that stand in the text but once.

    On the way the words that are new to the cache get their rows.
    """
    slots, slot_of, squares, idf, total = cache.slots, found.slot, cache.squares, weights.idf, 0.0
    listed, words = found.listed, found.size[WORDS]
    for word in range(words):
        slot = slots[slot_of[word]]
        if squares[slot.own] < 0:
            _know(cache, slot, weights)
        total += squares[slot.own]
    for i in range(found.size[LISTED]):
        total -= np.float64(idf[listed[i]]) ** 2
    return total


@jit
def _know(cache, slot, weights):
    """Fill the row of a word: the weights of all n-grams inside, as if each stood there once."""
    idf, weight, width, squares = weights.idf, weights.weights, weights.width, 0.0
    for block in range(0, width, LANES):
        row, squares = spread(0.0), 0.0
        for i in range(slot.first, slot.last):
            gram = np.int64(cache.pool[i])
            each = np.float64(idf[gram])
            row = plus(row, load(weight, gram * width + block), each)
            squares += each * each
        store(cache.rows, np.int64(slot.own) * width + block, row)
    cache.squares[slot.own] = squares


@jit
def _fetch(found, weights):
    """Ask for the rows of weights that will be used."""
    for k in range(found.size[KINDS]):
        for block in range(0, weights.width, LANES):
            fetch(weights.weights, np.int64(found.distinct[k]) * weights.width + block)


@jit
def _weigh(idf, found, shares, squares):
    """TF-IDF of each n-gram that was counted, in one of the places it stands in.

    The row, which has the sum of `squares` besides, is of length 1 after multiplication with
    `scale`; `more` is the difference to the idf, before it.
    """
    tally, distinct, kind, logs = found.tally, found.distinct, found.kind, shares.logs
    value, more = shares.value, shares.more
    for k in range(found.size[KINDS]):
        gram, times = distinct[k], tally[k]
        kind[gram] = 0
        each = np.float64(idf[gram])
        weight = _weight(each, times, logs)
        squares += weight * weight
        value[k] = weight / times
        more[k] = value[k] - each
    scale = 1 / np.sqrt(squares) if squares > 0 else 0.0
    for k in range(found.size[KINDS]):
        value[k] *= scale
        more[k] *= scale
    shares.scale[0] = scale


@jit
def _weight(idf, times, logs):
    """Sublinear TF-IDF, before the row has length 1."""
    if times == 1:
        return idf
    return idf * (logs[times] if times < logs.shape[0] else 1 + np.log(times))


@jit
def _share_words(cache, found, weights, shares):
    """A word's share, by label: that of all n-grams inside it, in one of the places it stands."""
    slots, slot_of, rows, inside = cache.slots, found.slot, cache.rows, found.inside
    weight, width, words, total = weights.weights, weights.width, shares.words, shares.total
    listed, until, times, more = found.listed, found.until, found.times, shares.more
    first, scale = np.int64(0), shares.scale[0]
    for block in range(0, width, LANES):
        store(total, block, load(weights.intercepts, block))
    for word in range(found.size[WORDS]):
        own, last = np.int64(slots[slot_of[word]].own) * width, max(first, np.int64(until[word]))
        for block in range(0, width, LANES):
            here = plus(spread(0.0), load(rows, own + block), scale)
            for i in range(first, last):
                row = np.int64(listed[i]) * width + block
                here = plus(here, load(weight, row), more[inside[i]])
            store(total, block, plus(load(total, block), here, np.float64(times[word])))
            store(words, word * width + block, single(here))
        first = last


@jit
def _share_tokens(found, weights, shares):
    """Lay the n-grams' weights back onto the tokens they stand on, evenly, and add them up.

    What is laid back for display only may be of single precision.
    """
    width, words, tokens, value = weights.width, shares.words, shares.tokens, shares.value
    grams, begins, lengths, distinct = found.gram, found.begin, found.length, found.distinct
    weight, total, word_of = weights.weights, shares.total, found.token
    for token in range(found.size[TOKENS]):
        word = np.int64(word_of[token])
        for block in range(0, width, LANES):
            store(tokens, token * width + block, load(words, word * width + block))
    for k in range(np.uint64(found.size[FROM]), np.uint64(found.size[TO])):
        kind, begin, length = grams[k], np.int64(begins[k]), np.int64(lengths[k])
        whole = value[kind]
        part, row = np.float32(whole / length), np.int64(distinct[kind]) * width
        for block in range(0, width, LANES):
            here = load(weight, row + block)
            store(total, block, plus(load(total, block), here, whole))
            for token in range(begin, begin + length):
                at = token * width + block
                store(tokens, at, plus(load(tokens, at), here, part))
