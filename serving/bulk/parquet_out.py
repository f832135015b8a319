"""Write Parquet, with checksums, so that damage is found out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet as pq

from serving.bulk.errors import BadFile
from serving.bulk.limits import MIB
from serving.bulk.output import Columns, Output, Record, as_json, plain
from serving.bulk.rows import Kind

_PHRASE = {
    "text": pa.string(),
    "start": pa.int64(),
    "end": pa.int64(),
    "indicators": pa.list_(pa.string()),
    "contribution": pa.float64(),
}
_TYPES: Mapping[Kind, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "json": pa.string(),
    "texts": pa.list_(pa.string()),
    "scores": pa.map_(pa.string(), pa.float64()),
    "phrases": pa.list_(pa.struct(list(_PHRASE.items()))),
}
_GROUP = 32 * MIB


class Writer:
    """Gathers records, and writes them in row groups."""

    def __init__(self, file: pq.ParquetWriter, columns: Columns) -> None:
        self._file = file
        self._columns = columns
        self._tables: list[pa.Table] = []

    def write(self, records: Iterable[Record]) -> None:
        """Append `records`."""
        rows = [_fitted(record, self._columns) for record in records]
        try:
            table = pa.Table.from_pylist(rows, schema=self._file.schema)
        except UnicodeEncodeError:
            table = pa.Table.from_pylist(list(map(_plain, rows)), schema=self._file.schema)
        self._tables.append(table)
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
    with path.open("wb") as out, _file(out, output.columns) as file:
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


def _file(out: BinaryIO, columns: Columns) -> pq.ParquetWriter:
    fields = zip(columns.names, (_TYPES[kind] for kind in columns.kinds), strict=True)
    schema = pa.schema([(plain(name), kind) for name, kind in fields])
    return pq.ParquetWriter(out, schema, compression="zstd", write_page_checksum=True)


def _fitted(record: Record, columns: Columns) -> dict[str, object]:
    """The record's cells as their columns take them; what does not fit is put to the others."""
    cells: dict[str, object] = {}
    others: dict[str, object] = {}
    for name, kind in zip(columns.names, columns.kinds, strict=True):
        value = record.get(name)
        if value is None:
            continue
        if kind == "json":
            cells[plain(name)] = as_json(value)
        elif kind == "scores" and isinstance(value, Mapping):
            cells[plain(name)] = list(value.items())
        elif _fits(value, kind):
            cells[plain(name)] = value
        else:
            others[name] = value
    if others:
        cells |= _others(others, record, columns)
    return cells


def _others(others: Record, record: Record, columns: Columns) -> dict[str, object]:
    """The cell for what does not fit, beside what may stand in it already."""
    if columns.others is None:
        name, value = next(iter(others.items()))
        raise BadFile(f"Column {name!r} cannot hold {value!r} in Parquet. Write CSV or JSON lines.")
    known = record.get(columns.others)
    known = json.loads(known) if isinstance(known, str) else {}
    return {plain(columns.others): as_json({**known, **others})}


def _fits(value: object, kind: Kind) -> bool:
    if kind == "integer":
        return type(value) is int and -(1 << 63) <= value < 1 << 63
    if kind == "number":
        return type(value) is float or (type(value) is int and abs(value) <= 1 << 53)
    if kind == "boolean":
        return type(value) is bool
    return isinstance(value, str if kind == "text" else list)


def _plain(value: Any) -> Any:
    """`value` with no half of a surrogate pair anywhere in it."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
