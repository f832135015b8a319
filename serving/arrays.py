"""Nested columns of scores as Arrow arrays, without an object for each phrase.

They hold what `flat.nested` gives: `indicators` is a map, `phrases` a list of structs.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.scored import Scored
from serving.flat import SCALE
from serving.outcomes import Outcomes

PHRASE: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "start": pa.int64(),
    "end": pa.int64(),
    "indicators": pa.list_(pa.string()),
    "contribution": pa.float64(),
}


def nested(outcomes: Outcomes) -> dict[str, pa.Array]:
    """The columns `indicators` and `phrases`; where there is no score, nothing is in them.

    Raises `UnicodeEncodeError` if a text holds half of a surrogate pair.
    """
    scored = outcomes.scored
    return {
        "indicators": pa.MapArray.from_arrays(
            _offsets(outcomes, np.full(len(scored), len(scored.places))), *_indicators(scored)
        ),
        "phrases": pa.ListArray.from_arrays(
            _offsets(outcomes, scored.spans.counts),
            pa.StructArray.from_arrays(list(_phrases(scored)), [*PHRASE]),
        ),
    }


def _indicators(scored: Scored) -> tuple[pa.Array, pa.Array]:
    """The names of all indicators for each text, and their scores."""
    names = pa.array([name for name, _ in scored.places], pa.string())
    untrained = np.array([place is None for _, place in scored.places], np.bool_)
    places = [place or 0 for _, place in scored.places]
    values = np.rint(scored.chances[:, places] * SCALE) / SCALE
    gone = np.broadcast_to(untrained, values.shape).ravel()
    every = np.tile(np.arange(len(places)), len(scored))
    return names.take(pa.array(every)), pa.array(values.ravel(), pa.float64(), mask=gone)


def _phrases(scored: Scored) -> list[pa.Array]:
    spans = scored.spans
    kept = np.arange(spans.start.shape[1]) < spans.counts[:, None]
    start, end, shown = spans.start[kept], spans.end[kept], spans.shown[kept]
    of = np.repeat(np.arange(len(scored)), spans.counts).tolist()
    places = zip(of, start.tolist(), end.tolist(), strict=True)
    names = [scored.names(bits) for bits in shown.tolist()]
    ends = np.concatenate([[0], np.cumsum([len(each) for each in names], dtype=np.int64)])
    columns = {
        "text": pa.array([scored.texts[i][a:b] for i, a, b in places], pa.string()),
        "start": pa.array(start.astype(np.int64)),
        "end": pa.array(end.astype(np.int64)),
        "indicators": pa.ListArray.from_arrays(
            pa.array(ends, pa.int32()),
            pa.array([name for each in names for name in each], pa.string()),
        ),
        "contribution": pa.array(np.rint(spans.risk[kept] * SCALE) / SCALE),
    }
    return [columns[name] for name in PHRASE]


def _offsets(outcomes: Outcomes, counts: NDArray[np.int64]) -> pa.Array:
    """Where the values of each text begin, and where the last ends."""
    sizes = np.zeros(len(outcomes), np.int64)
    has = np.ones(len(outcomes), np.bool_)
    has[list(outcomes.faults)] = False
    sizes[has] = counts
    return pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
