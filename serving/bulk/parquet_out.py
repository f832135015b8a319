"""Write Parquet, with checksums, so that damage is found out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import NoneType
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet as pq

from serving.arrays import PHRASE
from serving.bulk.errors import BadFile
from serving.bulk.limits import MIB
from serving.bulk.output import Columns, Output, Record, Rows, Table, as_json, plain
from serving.bulk.rows import Kind

_TYPES: Mapping[Kind, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "json": pa.string(),
    "texts": pa.list_(pa.string()),
    "scores": pa.map_(pa.string(), pa.float64()),
    "phrases": pa.list_(pa.struct(list(PHRASE.items()))),
}
_PYTHON: Mapping[Kind, type] = {
    "text": str,
    "number": float,
    "boolean": bool,
    "texts": list,
    "scores": dict,
    "phrases": list,
}
_GROUP = 32 * MIB


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes records to `out`, each time as a batch of its own."""

    out: pa.ipc.RecordBatchStreamWriter
    columns: Columns
    schema: pa.Schema

    def write(self, rows: Rows) -> None:
        """Append rows."""
        table = Table.of(rows, self.columns.names)
        self.out.write_table(_table(table, self.columns, self.schema))


@contextmanager
def part(path: Path, output: Output) -> Iterator[Writer]:
    """A part to write to."""
    # As Arrow has it in memory: Parquet's own encoding took a tenth of a row's time, and comes when
    # the parts are joined.
    schema, packed = _schema(output.columns), pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, schema, options=packed) as out:
        yield Writer(out, output.columns, schema)


def join(parts: Iterable[Path], out: BinaryIO, output: Output) -> list[str]:
    """Write the parts' batches in row groups, the next of which is read while one is written."""
    schema, groups = _schema(output.columns), _groups(parts)
    with (
        pq.ParquetWriter(out, schema, compression="zstd", write_page_checksum=True) as file,
        ThreadPoolExecutor(1) as reader,
    ):
        coming = reader.submit(next, groups, None)
        while (group := coming.result()) is not None:
            coming = reader.submit(next, groups, None)
            file.write_table(group)
    return []


def _groups(parts: Iterable[Path]) -> Iterator[pa.Table]:
    """The batches of the parts, put together to row groups; a part's last one is its own."""
    for path in parts:
        with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as batches:
            for held in _gathered(batches):
                yield pa.Table.from_batches(held).combine_chunks()


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= _GROUP:
            yield held
            held, size = [], 0
    if held:
        yield held


def _schema(columns: Columns) -> pa.Schema:
    fields = zip(columns.names, (_TYPES[kind] for kind in columns.kinds), strict=True)
    return pa.schema([(plain(name), kind) for name, kind in fields])


def _table(table: Table, columns: Columns, schema: pa.Schema) -> pa.Table:
    kinds = dict(zip(columns.names, columns.kinds, strict=True))
    made = {name: each for name, each in table.columns.items() if isinstance(each, pa.Array)}
    cells = {name: list(table.columns[name]) for name in columns.names if name not in made}
    others: dict[int, dict[str, object]] = {}
    for name in cells:
        for i, value in _misfits(cells[name], kinds[name]):
            others.setdefault(i, {})[name] = value
            cells[name][i] = None
    for i, values in others.items():
        _put_to_others(cells, i, values, columns.others)
    made |= {name: _array(each, kinds[name]) for name, each in cells.items()}
    return pa.Table.from_arrays([made[name] for name in columns.names], schema=schema)


def _misfits(cells: Sequence[object], kind: Kind) -> list[tuple[int, object]]:
    """What is not of a column's kind, with its place."""
    if kind == "json" or set(map(type, cells)) <= {_PYTHON.get(kind), NoneType}:
        return []
    return [(i, value) for i, value in enumerate(cells) if not _fits(value, kind)]


def _put_to_others(
    cells: dict[str, list[object]], row: int, values: Record, name: str | None
) -> None:
    """Put what does not fit its column beside what may stand in the others' column already."""
    if name is None:
        column, value = next(iter(values.items()))
        raise BadFile(
            f"Column {column!r} cannot hold {value!r} in Parquet. Write CSV or JSON lines."
        )
    known = cells[name][row]
    known = json.loads(known) if isinstance(known, str) else {}
    cells[name][row] = as_json({**known, **values})


def _array(cells: list[Any], kind: Kind) -> pa.Array:
    if kind == "json":
        cells = [None if cell is None else as_json(cell) for cell in cells]
    try:
        return _made(cells, kind)
    except UnicodeEncodeError:
        return _made(_plain(cells), kind)


def _made(cells: list[Any], kind: Kind) -> pa.Array:
    if kind == "scores":
        return _scores(cells)
    return _phrases(cells) if kind == "phrases" else pa.array(cells, _TYPES[kind])


def _scores(cells: list[dict[str, float] | None]) -> pa.Array:
    # Arrow would look into each pair by itself, which took ten times as long.
    held = [cell or {} for cell in cells]
    names = pa.array([name for cell in held for name in cell], pa.string())
    values = pa.array([value for cell in held for value in cell.values()], pa.float64())
    return pa.MapArray.from_arrays(_offsets(cells), names, values)


def _phrases(cells: list[list[dict[str, Any]] | None]) -> pa.Array:
    held = [phrase for cell in cells for phrase in cell or ()]
    columns = [pa.array([each[name] for each in held], kind) for name, kind in PHRASE.items()]
    structs = pa.StructArray.from_arrays(columns, [*PHRASE])
    return pa.ListArray.from_arrays(_offsets(cells), structs)


def _offsets(cells: Sequence[Sized | None]) -> pa.Array:
    """Where each cell's values begin, nothing where there is no cell, and where the last ends."""
    ends = list(accumulate((len(cell or ()) for cell in cells), initial=0))
    begins = [None if cell is None else begin for cell, begin in zip(cells, ends, strict=False)]
    return pa.array([*begins, ends[-1]], pa.int32())


def _fits(value: object, kind: Kind) -> bool:
    if value is None or kind == "json":
        return True
    if kind == "integer":
        return type(value) is int and -(1 << 63) <= value < 1 << 63
    if kind == "number":
        return type(value) is float or (type(value) is int and abs(value) <= 1 << 53)
    return isinstance(value, _PYTHON[kind])


def _plain(value: Any) -> Any:
    """`value` with no half of a surrogate pair anywhere in it."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
