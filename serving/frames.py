"""Score texts and Arrow tables from Python: in notebooks, `datasets`, Spark and other pipelines."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import pyarrow as pa

from model import artifact
from model.scorer import Scorer
from serving import flat, outcomes
from serving.flat import Result

BATCH = 500


@cache
def load(folder: str | Path) -> Scorer:
    """The scorer in a model's folder, loaded and checked once in each process that asks for it.

    Pipelines send functions to their workers; one that calls this sends no model along.
    Raises `BadArtifact`.
    """
    return artifact.load(Path(folder))


def score_texts(
    scorer: Scorer, texts: Iterable[str | None], *, threads: int = 1
) -> Iterator[Result]:
    """One result for each text, in order: its `Score`, or a sentence that says why it has none.

    Texts are taken as they come, some hundreds at a time, so there may be any number of them.
    """
    for made in _scored(scorer, texts, threads):
        yield from made.results()


def score_table(
    scorer: Scorer,
    table: pa.Table | pa.RecordBatch,
    column: str = "text",
    *,
    threads: int = 1,
) -> pa.Table:
    """The table with the columns of `schema` after its own, a row for each row.

    Raises `KeyError` if there is no such column, `TypeError` if it does not hold text.
    """
    table = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else table
    cells = table.column(column)
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        raise TypeError(f"Column {column!r} holds {cells.type}, not text. Cast it to string.")
    columns: flat.Columns = {name: [] for name in flat.FIELDS}
    for made in _scored(scorer, cells.to_pylist(), threads):
        for name, values in made.columns(flat.nested).items():
            columns[name] += values
    added = schema(scorer, table.column_names)
    for field, name in zip(added, flat.FIELDS, strict=True):
        table = table.append_column(field, pa.array(columns[name], field.type))
    return table


def schema(scorer: Scorer, taken: Sequence[str] = ()) -> pa.Schema:
    """The columns that are added; they begin with `lurewatch_` if one of our names is `taken`."""
    phrase = {
        "text": pa.string(),
        "start": pa.int64(),
        "end": pa.int64(),
        "indicators": pa.list_(pa.string()),
        "contribution": pa.float64(),
    }
    types = {
        "risk": pa.float64(),
        "indicators": pa.struct([(each.name, pa.float64()) for each in scorer.indicators]),
        "phrases": pa.list_(pa.struct(list(phrase.items()))),
        "facts": pa.list_(pa.string()),
    }
    prefix = flat.prefix(taken)
    return pa.schema([(prefix + name, types.get(name, pa.string())) for name in flat.FIELDS])


def _scored(
    scorer: Scorer, texts: Iterable[str | None], threads: int
) -> Iterator[outcomes.Outcomes]:
    rest = iter(texts)
    while batch := list(islice(rest, BATCH)):
        ads = [outcomes.ad(text or "") for text in batch]
        yield outcomes.score(scorer, ads, threads=threads)
