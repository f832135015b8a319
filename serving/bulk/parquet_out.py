"""Write Parquet, with checksums, so that damage is found out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
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


class Writer:
    """Gathers records, and writes them in row groups."""

    def __init__(self, file: pq.ParquetWriter, columns: Columns) -> None:
        self._file = file
        self._columns = columns
        self._tables: list[pa.Table] = []

    def write(self, rows: Rows) -> None:
        """Append rows."""
        table = Table.of(rows, self._columns.names)
        self._tables.append(_table(table, self._columns, self._file.schema))
        if sum(table.nbytes for table in self._tables) >= _GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered as a row group."""
        if self._tables:
            self._file.write_table(pa.concat_tables(self._tables).combine_chunks())
        self._tables = []


@contextmanager
def part(path: Path, output: Output) -> Iterator[Writer]:
    """A part to write to."""
    # It is read again soon and packed better then; zstd took a tenth of a row's time.
    with path.open("wb") as out, _file(out, output.columns, packed="lz4") as file:
        writer = Writer(file, output.columns)
        yield writer
        writer.flush()


def join(parts: Iterable[Path], out: BinaryIO, output: Output) -> list[str]:
    """Copy the parts' row groups."""
    with _file(out, output.columns) as file:
        for path in parts:
            with pq.ParquetFile(path, page_checksum_verification=True) as finished:
                for number in range(finished.num_row_groups):
                    file.write_table(finished.read_row_group(number))
    return []


def _file(out: BinaryIO, columns: Columns, *, packed: str = "zstd") -> pq.ParquetWriter:
    fields = zip(columns.names, (_TYPES[kind] for kind in columns.kinds), strict=True)
    schema = pa.schema([(plain(name), kind) for name, kind in fields])
    return pq.ParquetWriter(out, schema, compression=packed, write_page_checksum=True)


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
