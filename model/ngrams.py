"""N-grams of a text with the tokens they stand on, and the vectoriser that weighs them.

Terms are written as `visa free` for words, `签 证` for ideographs and `~ vis` for characters inside
a word, whose edges count as spaces. No n-gram crosses a sentence break.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from model import folding
from model.reading import Token, read


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which n-grams count: words up to `words`, ideographs up to `signs`, characters from-to."""

    words: int = 2
    signs: int = 4
    chars: tuple[int, int] = (3, 5)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term and the tokens `start` to `end` (not included) that it covers."""

    term: str
    start: int
    end: int


def occurrences(tokens: Sequence[Token], ranges: Ranges) -> Iterator[Occurrence]:
    """Every n-gram of the tokens, once for each place it stands in."""
    for at, token in enumerate(tokens):
        yield from _token_grams(tokens, at, ranges)
        if folding.kind(token.text[0]) == folding.WORD:
            padded = f" {token.text} "
            for size in range(ranges.chars[0], ranges.chars[1] + 1):
                for start in range(len(padded) - size + 1):
                    yield Occurrence(f"~{padded[start : start + size]}", at, at + 1)


def terms(raw: str, ranges: Ranges) -> list[str]:
    """The terms of a text, as often as they occur: an analyser for scikit-learn."""
    return [found.term for found in occurrences(read(raw).tokens, ranges)]


def _token_grams(tokens: Sequence[Token], at: int, ranges: Ranges) -> Iterator[Occurrence]:
    term, ideographs = "", True
    for end in range(at, min(at + max(ranges.words, ranges.signs), len(tokens))):
        token = tokens[end]
        ideographs = ideographs and folding.is_ideograph(token.text[0])
        allowed = ranges.signs if ideographs else ranges.words
        if token.sentence != tokens[at].sentence or end - at >= allowed:
            return
        term = f"{term} {token.text}" if term else token.text
        yield Occurrence(term, at, end + 1)


class NgramVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF of a text's n-grams: sublinear counts, smoothed idf, rows of length 1.

    The numbers are those of scikit-learn's `TfidfVectorizer(analyzer=terms, sublinear_tf=True)`.
    Terms in fewer than `min_df` texts are dropped, so a model never holds a passage of one text.
    """

    def __init__(self, *, ranges: Ranges = Ranges(), min_df: int = 3) -> None:
        self.ranges = ranges
        self.min_df = min_df

    def fit(self, texts: Sequence[str], y: object = None) -> Self:
        """Learn the terms of the texts and their idf."""
        self.fit_transform(texts, y)
        return self

    def fit_transform(self, texts: Sequence[str], y: object = None, **_: object) -> csr_array:
        """Learn the terms and return the texts' rows, shape (texts, terms)."""
        del y
        self.tfidf_ = TfidfVectorizer(
            analyzer=partial(terms, ranges=self.ranges),
            sublinear_tf=True,
            min_df=self.min_df,
            dtype=np.float64,
        )
        rows = csr_array(self.tfidf_.fit_transform(texts))
        self.terms_ = tuple(self.tfidf_.get_feature_names_out())
        self.idf_ = self.tfidf_.idf_
        return rows

    def transform(self, texts: Sequence[str]) -> csr_array:
        """The texts' rows, shape (texts, terms)."""
        return csr_array(self.tfidf_.transform(texts))
