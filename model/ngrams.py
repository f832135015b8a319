"""The n-grams of texts as rows of TF-IDF, in scikit-learn's manner, on the compiled kernel.

Terms are written as `visa free` for words, `签 证` for ideographs and `~ vis` for characters inside
a word, whose edges count as spaces. No n-gram crosses a sentence break.
"""

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from sklearn.base import BaseEstimator, TransformerMixin

from model import grams, kernel, learning, tables, workspace
from model.grams import DEFAULT, Ranges
from model.texts import Texts, pack
from model.workspace import Reader, Room, Rooms

#: Entries of a matrix that are made at a time.
PIECE = 1 << 20


class NgramVectorizer(TransformerMixin, BaseEstimator):
    """TF-IDF of a text's n-grams: sublinear counts, smoothed idf, rows of length 1.

    The numbers are those of scikit-learn's `TfidfVectorizer(analyzer=terms, sublinear_tf=True)`.
    Terms in fewer than `min_df` texts are dropped, so a model never holds a passage of one text.
    `threads` of None means as many as there are processors; the result does not depend on it.

    Fitted: `terms_`, `hashes_` and `idf_`, all (terms,), the commonest term first; and `tables_`.
    """

    def __init__(
        self, *, ranges: Ranges = DEFAULT, min_df: int = 3, threads: int | None = None
    ) -> None:
        self.ranges = ranges
        self.min_df = min_df
        self.threads = threads

    def fit(self, texts: Sequence[str] | Texts, y: object = None) -> Self:
        """Learn the terms of the texts and their idf."""
        del y
        packed = _packed(texts)
        self.tables_ = tables.build()
        threads = self._threads()
        hashes, frequency = learning.learn(packed, self.tables_, self.ranges, threads=threads)
        kept = frequency >= self.min_df
        hashes, frequency = hashes[kept], frequency[kept]
        terms = learning.spell(packed, self.tables_, self.ranges, hashes)
        # The commonest first: what most texts need then lies close together in memory.
        order = sorted(range(len(terms)), key=lambda i: (-frequency[i], terms[i]))
        self.terms_ = tuple(terms[i] for i in order)
        self.hashes_ = hashes[order]
        count = len(packed.ends) - 1
        self.idf_ = (np.log((1 + count) / (1 + frequency[order])) + 1).astype(np.float32)
        return self

    def fit_transform(
        self, texts: Sequence[str] | Texts, y: object = None, **_: object
    ) -> csr_array:
        """Learn the terms and return the texts' rows, shape (texts, terms)."""
        packed = _packed(texts)
        return self.fit(packed, y).transform(packed)

    def transform(self, texts: Sequence[str] | Texts) -> csr_array:
        """The texts' rows, shape (texts, terms)."""
        packed = _packed(texts)
        index = grams.index_of(self.hashes_)
        reader = workspace.reader(self.tables_, index, self.ranges)
        rooms = Rooms(len(self.hashes_), 0, self.ranges)

        def work(first: int, last: int) -> list[csr_array]:
            with rooms.borrow(packed.longest) as room:
                return list(_rows(reader, room, self.idf_, packed, first, last))

        parts = workspace.share_out(work, packed, threads=self._threads())
        return _stack([part for each in parts for part in each], len(self.hashes_))

    def get_feature_names_out(self, _: object = None) -> NDArray[np.object_]:
        """The terms, as scikit-learn's tools ask for them."""
        return np.array(self.terms_, dtype=object)

    def _threads(self) -> int:
        return self.threads or workspace.cores()


def _packed(texts: Sequence[str] | Texts) -> Texts:
    return texts if isinstance(texts, Texts) else pack(texts)


def _rows(
    reader: Reader, room: Room, idf: NDArray[np.float32], texts: Texts, first: int, last: int
) -> Iterator[csr_array]:
    """The rows of a part of the texts, in pieces of as many as there is room for."""
    ids, values = np.empty(PIECE, np.int32), np.empty(PIECE)
    while first < last:
        lengths = np.zeros(last - first, np.int32)
        done = kernel.rows(
            reader, room.work, idf, room.shares, *texts, (first, last), lengths, ids, values
        )
        if done == first:
            # One text has more terms than a piece holds.
            ids, values = np.empty(2 * len(ids), np.int32), np.empty(2 * len(ids))
            continue
        starts = np.concatenate([[0], np.cumsum(lengths[: done - first], dtype=np.int64)])
        used = int(starts[-1])
        shape = (done - first, len(idf))
        yield csr_array((values[:used].copy(), ids[:used].copy(), starts), shape=shape)
        first = done


def _stack(parts: list[csr_array], terms: int) -> csr_array:
    rows = csr_array(vstack(parts, format="csr") if parts else (0, terms))
    rows.sort_indices()
    if rows.nnz < np.iinfo(np.int32).max:  # scikit-learn's solvers take no longer indices
        rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    return rows
