"""Linear models over one TF-IDF: log-odds of every label, and the phrases that they come from.

A text's log-odds are a sum over its n-grams, and each n-gram stands on tokens, so the sum can be
laid back onto the text: every token carries its exact share.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.ngrams import Ranges, occurrences
from model.reading import Reading, read

#: A phrase has at most this many tokens. Measured on the marked spans, cross-fitted: with 12 the
#: first phrase meets a mark in 75 % of deceptive ads, with 8 in 72 %; longer ones blur the page.
LONGEST = 12
#: Phrases kept for each label.
PHRASES = 3


@dataclass(frozen=True)
class Linear:
    """The weights: `terms` F, `idf` (F,), `weights` (F, labels), `intercepts` (labels,).

    `stop` (F,) marks the terms that are single stop words. The first label is the overall risk.
    """

    labels: tuple[str, ...]
    ranges: Ranges
    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    stop: NDArray[np.bool_]

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each term."""
        return {term: row for row, term in enumerate(self.terms)}

    def is_stop(self, word: str) -> bool:
        """Whether the folded word is a stop word, at which no phrase starts or ends."""
        row = self.places.get(word)
        return row is not None and bool(self.stop[row])


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text `raw[start:end]`; its part of `label`'s and of the first label's log-odds."""

    label: int
    start: int
    end: int
    own: float
    risk: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One text: log-odds (labels,), at most `PHRASES` segments for each label, best first."""

    log_odds: NDArray[np.float64]
    segments: tuple[Segment, ...]
    tokens: int
    disguises: frozenset[str]


def explain(linear: Linear, texts: Sequence[str]) -> list[Explained]:
    """Log-odds and phrases of every label for each text."""
    return [_explain(linear, read(raw)) for raw in texts]


def _explain(linear: Linear, reading: Reading) -> Explained:
    shares = token_shares(linear, reading)
    stop = [linear.is_stop(token.text) for token in reading.tokens]
    segments = []
    for label in range(len(linear.labels)):
        runs = [_trim(run, stop) for run in _runs(shares[:, label], reading)]
        found = [(float(shares[run, label].sum()), run) for run in runs if run.start < run.stop]
        for own, run in sorted(found, key=lambda item: (-item[0], item[1].start))[:PHRASES]:
            start, end = reading.tokens[run.start].start, reading.tokens[run.stop - 1].end
            segments.append(Segment(label, start, end, own, float(shares[run, 0].sum())))
    log_odds = shares.sum(axis=0) + linear.intercepts
    return Explained(log_odds, tuple(segments), len(reading.tokens), reading.disguises)


def token_shares(linear: Linear, reading: Reading) -> NDArray[np.float64]:
    """Each token's part of each label's log-odds, shape (tokens, labels).

    They add up to the log-odds less the intercept. An n-gram's weight is split evenly over the
    places it stands in, and over the tokens of each place.
    """
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for found in occurrences(reading.tokens, linear.ranges):
        if (row := linear.places.get(found.term)) is not None:
            places[row].append((found.start, found.end))
    rows = np.fromiter(places, dtype=np.int64, count=len(places))
    counts = np.array([len(spans) for spans in places.values()], dtype=np.float64)
    values = (1 + np.log(counts)) * linear.idf[rows]
    values /= np.linalg.norm(values) or 1.0
    shares = np.zeros((len(reading.tokens), len(linear.labels)))
    for row, value, spans in zip(rows, values, places.values(), strict=True):
        for start, end in spans:
            shares[start:end] += value / len(spans) / (end - start) * linear.weights[row]
    return shares


def _runs(shares: NDArray[np.float64], reading: Reading) -> list[slice]:
    """Runs of tokens that raise the log-odds, none overlapping another.

    A run starts where a token raises, goes on while its sum stays positive, within a sentence and
    `LONGEST` tokens, and ends where the sum was highest; the next run starts after it.
    """
    runs, at = [], 0
    while at < len(shares):
        if shares[at] <= 0:
            at += 1
            continue
        total = best = 0.0
        end = at
        for place in range(at, min(at + LONGEST, len(shares))):
            total += float(shares[place])
            if total <= 0 or reading.tokens[place].sentence != reading.tokens[at].sentence:
                break
            if total > best:
                best, end = total, place + 1
        runs.append(slice(at, end))
        at = end
    return runs


def _trim(run: slice, stop: Sequence[bool]) -> slice:
    start, end = run.start, run.stop
    while start < end and stop[start]:
        start += 1
    while start < end and stop[end - 1]:
        end -= 1
    return slice(start, end)
