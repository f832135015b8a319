"""Which texts belong together: twins by their pair, and texts that are nearly the same."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from model.ngrams import NgramVectorizer
from training.data import Corpus

#: From this cosine of their n-grams on, two texts are one text with changes.
NEAR = 0.8
_PART = 500  # rows multiplied at a time, which bounds the memory


def groups(corpus: Corpus) -> NDArray[np.int64]:
    """A number for each record (texts,): the same for whatever pairs or likeness tie together."""
    pairs = np.array(corpus.groups())
    first = np.unique(pairs, return_index=True)[1][pairs]
    left, right = near([record.text for record in corpus.records])
    every = np.arange(len(pairs))
    return _components(np.concatenate([every, left]), np.concatenate([first, right]), len(pairs))


def clusters(texts: Sequence[str]) -> NDArray[np.int64]:
    """A number for each text (texts,): the same for texts that are nearly the same."""
    return _components(*near(texts), len(texts))


def near(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The two indices of each pair of texts whose n-grams, as TF-IDF, have a cosine of `NEAR`."""
    if not texts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows = NgramVectorizer(min_df=1).fit_transform(texts)
    columns = rows.T.tocsc()
    pairs = []
    for start in range(0, len(texts), _PART):
        likeness = (rows[start : start + _PART] @ columns).tocoo()
        close = likeness.data >= NEAR
        pairs.append((likeness.row[close] + start, likeness.col[close]))
    left, right = (np.concatenate(side).astype(np.int64) for side in zip(*pairs, strict=True))
    return left, right


def _components(left: NDArray[np.int64], right: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    edges = coo_array((np.ones(len(left)), (left, right)), shape=(count, count))
    return connected_components(edges, directed=False)[1].astype(np.int64)
