"""Read Parquet by ranges of rows. What a damaged row group has lost comes as rejects."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import BinaryIO

import pyarrow as pa
from pyarrow import parquet as pq

from serving.bulk import sources
from serving.bulk.arrow import BadText, is_text, kind_of, longest_of, values
from serving.bulk.errors import BadFile
from serving.bulk.heads import unique
from serving.bulk.limits import MIB, Limits
from serving.bulk.rows import Head, Reject, Row, Unit
from serving.bulk.sources import Source

_SAMPLE = 100
_BATCH = 1024
_BYTES = 64 * MIB
#: A large row group is cut into at most so many units: each of them reads it from its beginning.
_PARTS = 4
FAULTS = (OSError, ValueError, pa.ArrowException)


def look(source: Source, limits: Limits) -> Head:
    """The head of a Parquet file."""
    with sources.open(source.url) as stream:
        file = _open(source, stream, limits)
        schema = file.schema_arrow
        kinds = tuple(kind_of(field.type) for field in schema)
        head = Head(source, unique(schema.names), kinds, (), notes=source.notes)
        found = list(_Table(stream, file, head, limits).rows(0, _SAMPLE))
    return replace(head, sample=tuple(row for row in found if isinstance(row, Row)))


def cut(head: Head, rows: int, limits: Limits) -> Iterator[Unit]:
    """The units of a Parquet file: small row groups together, large ones in parts."""
    with sources.open(head.source.url) as stream:
        bounds = _bounds(_open(head.source, stream, limits))
    ends = []
    for begin, end in pairwise(bounds):
        step = max(rows, -(-(end - begin) // _PARTS))
        ends += [*range(begin + step, end, step), end]
    start = number = 0
    for end, after in pairwise([*ends, bounds[-1] + rows + 1]):
        if start < end and after - start > rows:
            yield Unit(head.source, number, start, end, start + 1)
            start, number = end, number + 1


def read(head: Head, unit: Unit, limits: Limits) -> Iterator[Row | Reject]:
    """The rows from `unit.start` to before `unit.end`, and rejects for those that are lost."""
    with sources.open(unit.source.url) as stream:
        file = _open(unit.source, stream, limits)
        yield from _Table(stream, file, head, limits).rows(unit.start, unit.end)


def _open(source: Source, stream: BinaryIO, limits: Limits) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(stream, buffer_size=MIB, page_checksum_verification=True)
    except FAULTS as error:
        raise BadFile(f"{source} cannot be read as Parquet: {_line(error)}.") from error
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        if group.total_byte_size > limits.group or group.num_rows > limits.group_rows:
            raise BadFile(
                f"Row group {number} of {source} has {group.num_rows:,} rows and "
                f"{group.total_byte_size:,} bytes; {limits.group_rows:,} and {limits.group:,} are "
                "the limits. Write it with smaller row groups."
            )
    return file


def _bounds(file: pq.ParquetFile) -> list[int]:
    """Where each row group begins, and where the last one ends."""
    groups = map(file.metadata.row_group, range(file.num_row_groups))
    return list(accumulate((group.num_rows for group in groups), initial=0))


@dataclass(frozen=True, slots=True)
class _Table:
    stream: BinaryIO
    file: pq.ParquetFile
    head: Head
    limits: Limits

    def rows(self, start: int, end: int) -> Iterator[Row | Reject]:
        """The rows from `start` to before `end`."""
        for group, (first, last) in enumerate(pairwise(_bounds(self.file))):
            if first < end and start < last:
                yield from self._group(group, first, (max(first, start), min(last, end)))

    def _group(self, group: int, at: int, span: tuple[int, int]) -> Iterator[Row | Reject]:
        """The rows in `span` of a row group that begins at row `at`."""
        start, end = span
        why = "it ends too early"
        try:
            size = self._batch_size(group)
            for batch in self.file.iter_batches(size, row_groups=[group], use_threads=False):
                first, last = max(start, at), min(end, at + batch.num_rows)
                if first < last:
                    found = self._batch(batch.slice(first - at, last - first), first)
                    start = last
                    yield from found
                at += batch.num_rows
                if start == end:
                    return
        except FAULTS as error:
            why = _line(error)
        for index in range(start, end):
            reason = f"Row {index + 1} is lost: row group {group} is damaged ({why})."
            yield Reject(index + 1, index, reason, "")

    def _batch(self, batch: pa.RecordBatch, at: int) -> list[Row | Reject]:
        columns = [values(column, longest=self.limits.cell) for column in batch.columns]
        return [
            self._row(index, dict(zip(self.head.columns, cells, strict=True)))
            for index, cells in enumerate(zip(*columns, strict=True), at)
        ]

    def _row(self, index: int, cells: dict[str, object]) -> Row | Reject:
        for name, cell in cells.items():
            if isinstance(cell, BadText):
                raw = cell.raw[: self.limits.raw].decode(errors="backslashreplace")
                return Reject(index + 1, index, f"Row {index + 1}: {name!r} {cell.why}.", raw)
        return Row(index + 1, cells)

    def _batch_size(self, group: int) -> int:
        """How many rows to decode at a time: few, if a text that they may share is long."""
        meta = self.file.metadata.row_group(group)
        texts = [field.name for field in self.file.schema_arrow if is_text(field.type)]
        probe = pq.ParquetFile(self.stream, read_dictionary=texts, buffer_size=MIB)
        first = next(probe.iter_batches(1, row_groups=[group], columns=texts), None)
        shared = [column.dictionary for column in first.columns] if first and texts else []
        longest = [longest_of(column) for column in shared]
        size = max(meta.total_byte_size // max(meta.num_rows, 1), sum(longest), 1)
        return max(1, min(_BATCH, _BYTES // int(size)))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
