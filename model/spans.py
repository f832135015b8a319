"""Compiled: the phrases to show of a text, out of the best ones of each label."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiled import jit
from model.kernel import Answers

#: An indicator's phrase is shown where it weighs this much in the indicator's log-odds, and this
#: share of the indicator's best. Without these bounds fewer of the names agree with a mark that a
#: person set (18 of 100 instead of 23), though more marks are named; measured with the first model.
LEAST, SHARE = 0.5, 0.75


class Spans(NamedTuple):
    """Of text `i` the first `counts[i]` along the second axis, highest `risk` first.

    `start` and `end` count code points; bit `l` of `shown` says that label `l` is shown there.
    """

    counts: NDArray[np.int64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    risk: NDArray[np.float64]
    shown: NDArray[np.int64]


def spans(answers: Answers, found: NDArray[np.bool_]) -> Spans:
    """The risk's own phrases, and those of the labels `found` (texts, labels), none overlapping.

    An indicator's phrase that meets one already there lends it its name.
    """
    texts, labels, phrases = answers.start.shape
    shape = texts, labels * phrases
    made = Spans(
        np.zeros(texts, np.int64),
        np.empty(shape, np.int32),
        np.empty(shape, np.int32),
        np.empty(shape),
        np.empty(shape, np.int64),
    )
    _merge(answers.start, answers.end, answers.own, answers.risk, found, made)
    return made


@jit
def _merge(start, end, own, risk, found, made):
    for text in range(found.shape[0]):
        count = 0
        for k in range(start.shape[2]):
            if end[text, 0, k]:
                count = _add(made, text, count, start, end, risk, 0, k)
        for label in range(1, found.shape[1]):
            if found[text, label]:
                count = _merge_label(start, end, own, risk, made, text, label, count)
        made.counts[text] = count


@jit
def _merge_label(start, end, own, risk, made, text, label, count):
    best = -1.0
    for k in range(start.shape[2]):
        if not end[text, label, k]:
            continue
        if best < 0:
            best = own[text, label, k]
        if own[text, label, k] < max(LEAST, SHARE * best):
            continue
        met = False
        for at in range(count):
            if (
                start[text, label, k] < made.end[text, at]
                and made.start[text, at] < end[text, label, k]
            ):
                made.shown[text, at] |= 1 << label
                met = True
        if not met:
            count = _add(made, text, count, start, end, risk, label, k)
    return count


@jit
def _add(made, text, count, start, end, risk, label, k):
    """Put a span among those of its text, which are in order."""
    at = count
    while at > 0 and (
        made.risk[text, at - 1] < risk[text, label, k]
        or (
            made.risk[text, at - 1] == risk[text, label, k]
            and made.start[text, at - 1] > start[text, label, k]
        )
    ):
        made.start[text, at] = made.start[text, at - 1]
        made.end[text, at] = made.end[text, at - 1]
        made.risk[text, at] = made.risk[text, at - 1]
        made.shown[text, at] = made.shown[text, at - 1]
        at -= 1
    made.start[text, at] = start[text, label, k]
    made.end[text, at] = end[text, label, k]
    made.risk[text, at] = risk[text, label, k]
    made.shown[text, at] = 1 << label if label else 0
    return count + 1
