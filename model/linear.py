"""Linear models over one TF-IDF: log-odds of every label, and the phrases that they come from.

A text's log-odds are a sum over its n-grams, and each n-gram stands on tokens, so the sum can be
laid back onto the text: every token carries its exact share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from model import index, kernel, lanes, workspace
from model.disguise import DISGUISES
from model.grams import Ranges
from model.kernel import Answers, Weights
from model.phrases import PHRASES
from model.tables import Tables
from model.texts import Texts, pack
from model.workspace import Reader, Rooms

#: A phrase has at most this many tokens. Measured on the marked spans, cross-fitted: with 12 the
#: first phrase meets a mark in 75 % of deceptive ads, with 8 in 72 %; longer ones blur the page.
LONGEST = 12


@dataclass(frozen=True)
class Linear:
    """The weights: `terms` F, their `hashes` (F,), `idf` (F,), `weights` (F, labels) and so on.

    `stop` (F,) marks the terms that are single stop words. The first label is the overall risk.
    """

    labels: tuple[str, ...]
    ranges: Ranges
    tables: Tables
    terms: tuple[str, ...]
    hashes: NDArray[np.uint64]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    stop: NDArray[np.bool_]

    @cached_property
    def _reader(self) -> Reader:
        return workspace.reader(self.tables, index.index_of(self.hashes), self.ranges)

    @cached_property
    def _weights(self) -> Weights:
        width = lanes.padded(len(self.labels))
        weights = np.zeros((len(self.weights), width), np.float32)
        weights[:, : len(self.labels)] = self.weights
        intercepts = np.zeros(width)
        intercepts[: len(self.labels)] = self.intercepts
        return Weights(self.idf, weights.reshape(-1), width, intercepts, self.stop)

    @cached_property
    def _rooms(self) -> Rooms:
        return Rooms(len(self.hashes), len(self.labels), self.ranges)


def explain(
    linear: Linear,
    texts: Sequence[str] | Texts,
    *,
    least: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> Answers:
    """Log-odds and the best phrases of every label for each text; see `Answers`.

    Where a label's log-odds are under its `least` (labels,), its phrases are left out.
    The numbers of a text do not depend on the others, their order, or the number of threads.
    """
    if least is None:
        least = np.full(len(linear.labels), -np.inf)
    packed = texts if isinstance(texts, Texts) else pack(texts)
    answers = _answers(len(packed.ends) - 1, len(linear.labels))

    def work(first: int, last: int) -> None:
        with linear._rooms.borrow(packed.longest) as room:
            kernel.explain(
                linear._reader,
                room.work,
                linear._weights,
                room.shares,
                *packed,
                (first, last),
                LONGEST,
                least,
                answers,
            )

    workspace.share_out(work, packed.ends, threads=threads)
    return answers


@cache
def disguises(bits: int) -> tuple[str, ...]:
    """The names of the disguises undone in a text, in alphabetical order."""
    return tuple(sorted(name for place, name in enumerate(DISGUISES) if bits >> place & 1))


def _answers(texts: int, labels: int) -> Answers:
    shape = (texts, labels, PHRASES)
    return Answers(
        np.empty((texts, labels)),
        np.empty(shape, np.int32),
        np.empty(shape, np.int32),
        np.empty(shape),
        np.empty(shape),
        np.empty(texts, np.int32),
        np.empty(texts, np.int64),
    )
