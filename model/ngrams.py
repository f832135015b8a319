"""The n-grams of texts as rows of TF-IDF, in scikit-learn's manner, on the compiled kernel.

Terms are written as `visa free` for words, `签 证` for ideographs and `~ vis` for characters inside
a word, whose edges count as spaces. No n-gram crosses a sentence break.
"""

from collections.abc import Sequence
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin

from model import index, kernel, learning, places, rows, workspace
from model.grams import DEFAULT, Ranges
from model.rows import Piece
from model.texts import Texts, pack
from model.workspace import Rooms


class NgramVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF of a text's n-grams: sublinear counts, smoothed idf, rows of length 1.

    The numbers are those of scikit-learn's `TfidfVectorizer(analyzer=terms, sublinear_tf=True)`,
    if its idf is taken to `idf_power` and multiplied by `chars_weight` for n-grams inside words,
    and by `several_weight` for n-grams of several tokens. Terms in fewer than `min_df` texts are
    dropped, so a model never holds a passage of one text.
    `dtype` is the rows' type; of single precision they take two thirds of the room.
    `threads` of None means as many as there are processors; the result does not depend on it.

    Fitted: `terms_`, `hashes_` and `idf_`, all (terms,), the commonest term first; and `tables_`.
    """

    def __init__(
        self,
        *,
        ranges: Ranges = DEFAULT,
        min_df: int = 3,
        idf_power: float = 1.0,
        chars_weight: float = 1.0,
        several_weight: float = 1.0,
        dtype: type[np.floating] = np.float64,
        threads: int | None = None,
    ) -> None:
        self.ranges = ranges
        self.min_df = min_df
        self.idf_power = idf_power
        self.chars_weight = chars_weight
        self.several_weight = several_weight
        self.dtype = dtype
        self.threads = threads

    def fit(self, texts: Sequence[str] | Texts, y: object = None) -> Self:
        """Learn the terms of the texts and their idf."""
        del y
        self._learn(_packed(texts))
        return self

    def fit_transform(
        self, texts: Sequence[str] | Texts, y: object = None, **_: object
    ) -> csr_array:
        """Learn the terms and return the texts' rows, shape (texts, terms)."""
        del y
        return self._weighed(*self._learn(_packed(texts)))

    def transform(self, texts: Sequence[str] | Texts) -> csr_array:
        """The texts' rows, shape (texts, terms)."""
        packed = _packed(texts)
        reader = workspace.reader(self.tables_, index.index_of(self.hashes_), self.ranges)
        rooms = Rooms(len(self.hashes_), 0, self.ranges)
        lengths = np.zeros(len(packed.ends) - 1, np.int64)

        def work(first: int, last: int) -> list[Piece]:
            with rooms.borrow(packed.longest) as room:
                write = partial(kernel.counts, reader, room.work, *packed)
                return rows.pieces(write, (first, last), room.work[2], lengths, self.dtype)

        pieces = workspace.share_out(work, packed.ends, threads=self._threads)
        return self._weighed(pieces, lengths)

    def get_feature_names_out(self, _: object = None) -> NDArray[np.object_]:
        """The terms, as scikit-learn's tools ask for them."""
        return np.array(self.terms_, dtype=object)

    @property
    def _threads(self) -> int:
        return self.threads or workspace.cores()

    def _learn(self, texts: Texts) -> tuple[list[list[Piece]], NDArray[np.int64]]:
        """Learn the terms and idf; returns how often each stands in each text, as `spell` does."""
        self.tables_ = places.tables()
        how = self.tables_, self.ranges
        hashes, frequency = learning.learn(texts, *how, threads=self._threads)
        kept = frequency >= self.min_df
        hashes, frequency = hashes[kept], frequency[kept]
        # The commonest first, which people who look into a model want to see; hashes settle ties.
        order = np.lexsort((hashes, -frequency))
        self.hashes_ = hashes[order]
        terms, pieces, lengths = learning.spell(
            texts, *how, self.hashes_, dtype=self.dtype, threads=self._threads
        )
        self.terms_ = tuple(terms)
        count = len(texts.ends) - 1
        idf = np.log((1 + count) / (1 + frequency[order])) + 1
        self.idf_ = (idf**self.idf_power * self._weights()).astype(np.float32)
        return pieces, lengths

    def _weights(self) -> NDArray[np.float64]:
        """How much each term counts by its kind (terms,)."""
        inside = np.array([term.startswith("~") for term in self.terms_], dtype=np.bool_)
        several = np.array([" " in term for term in self.terms_], dtype=np.bool_) & ~inside
        weights = np.where(several, self.several_weight, 1.0)
        return np.where(inside, self.chars_weight, weights)

    def _weighed(self, pieces: Sequence[list[Piece]], lengths: NDArray[np.int64]) -> csr_array:
        """The rows of TF-IDF, of those of counts."""
        made = rows.join(pieces, lengths, len(self.terms_), self.dtype)
        logs, places = kernel.logarithms(), (made.indptr, made.indices, made.data)

        def work(first: int, last: int) -> None:
            kernel.weigh(self.idf_, logs, (first, last), *places)

        workspace.share_out(work, made.indptr, threads=self._threads)
        return made


def _packed(texts: Sequence[str] | Texts) -> Texts:
    return texts if isinstance(texts, Texts) else pack(texts)
