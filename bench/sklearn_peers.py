"""scikit-learn's own vectorisers: scores only, and scores with phrases in competent Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from bench import labelled, names
from bench.labelled import Labelled, Weights
from bench.rounds import Contestant, timed
from training import plan

TOP = 3
TOKEN = re.compile(r"(?u)\b\w\w+\b")
RANGES = plan.load().ngrams.ranges  # the same n-grams for everybody
WORDS = {"ngram_range": (1, RANGES.words)}
CHARS = {"analyzer": "char_wb", "ngram_range": RANGES.chars}
NGRAMS = f"word 1-{RANGES.words} + char_wb {RANGES.chars[0]}-{RANGES.chars[1]}"
SETTINGS = "sublinear, min_df 3, a batch a call"

Phrase = tuple[int, int, float]  # start, end, contribution


def words(*, min_df: int = 3) -> TfidfVectorizer:
    """TF-IDF of word 1-2-grams, with scikit-learn's own pattern of a word."""
    return TfidfVectorizer(**WORDS, sublinear_tf=True, min_df=min_df)


def words_and_chars(*, min_df: int = 3) -> FeatureUnion:
    """The same, and character n-grams inside words."""
    chars = TfidfVectorizer(**CHARS, sublinear_tf=True, min_df=min_df)
    return FeatureUnion([("words", words(min_df=min_df)), ("chars", chars)])


@dataclass(frozen=True)
class Pipeline:
    """A fitted vectoriser and the weights of all labels, as one matrix."""

    vectorizer: Any
    terms: NDArray[np.object_]
    weights: Weights

    @classmethod
    def fit(cls, vectorizer: Any, texts: Labelled) -> "Pipeline":
        """Fit both on labelled texts."""
        rows = vectorizer.fit_transform(texts.texts)
        terms = vectorizer.get_feature_names_out()
        return cls(vectorizer, terms, labelled.fit(rows, texts.values))

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Log-odds (texts, labels)."""
        rows = self.vectorizer.transform(texts)
        return np.asarray(rows @ self.weights.matrix + self.weights.intercepts)

    def phrases(self, texts: Sequence[str]) -> list[tuple[NDArray[Any], list[list[Phrase]]]]:
        """Log-odds of every text, and the n-grams of every label that raise them most."""
        rows = self.vectorizer.transform(texts)
        log_odds = rows @ self.weights.matrix + self.weights.intercepts
        found = []
        for number, text in enumerate(texts):
            part = slice(rows.indptr[number], rows.indptr[number + 1])
            shares = rows.data[part, None] * self.weights.matrix[rows.indices[part]]
            top = best(shares)
            spans = places(text)
            terms = self.terms[rows.indices[part][top]]
            phrases = [
                [(*spans[term], share) for term, share in zip(*pair, strict=True)]
                for pair in zip(
                    terms.T.tolist(),
                    np.take_along_axis(shares, top, axis=0).T.tolist(),
                    strict=True,
                )
            ]
            found.append((log_odds[number], phrases))
        return found


def best(shares: NDArray[Any]) -> NDArray[np.intp]:
    """The rows of the highest `TOP` shares of each column, in no order."""
    if len(shares) <= TOP:
        return np.tile(np.arange(len(shares))[:, None], (1, shares.shape[1]))
    return np.argpartition(shares, -TOP, axis=0)[-TOP:]


def places(text: str) -> dict[str, tuple[int, int]]:
    """Where each word and pair of words stands, the last time that it occurs."""
    found = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text.lower())]
    spans = {word: (start, end) for word, start, end in found}
    spans |= {f"{one} {two}": (start, end) for (one, start, _), (two, _, end) in pairwise(found)}
    return spans


def contestants(full: Pipeline, plain: Pipeline) -> list[Contestant]:
    """Scores only with words and characters, and with words; words with phrases."""
    both = f"scores of {full.weights.matrix.shape[1]} labels; {NGRAMS}, {SETTINGS}"
    return [
        Contestant(names.SKLEARN, both, timed(full.scores)),
        Contestant(
            names.SKLEARN_WORDS, f"the same, word 1-2 only, {SETTINGS}", timed(plain.scores)
        ),
        Contestant(
            names.PHRASES_WORDS,
            f"scores and top {TOP} of every label with places; batch transform, one regex pass, "
            f"argpartition; word 1-2, {SETTINGS}",
            timed(plain.phrases),
        ),
    ]
