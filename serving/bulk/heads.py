"""Look at the beginning of a table: its encoding, delimiter, columns and first rows."""

import re
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from serving.bulk import charsets, csv_rows, sources
from serving.bulk.errors import BadFile
from serving.bulk.limits import LIMITS, Limits
from serving.bulk.read import rows
from serving.bulk.records import blocks
from serving.bulk.rows import Head, Kind, Reject, Row
from serving.bulk.sources import Source

DELIMITERS = ",;\t|"
_SAMPLE = 256 * 1024
_ROWS = 100
_MAGIC = {
    b"\x1f\x8b": "a gzip file: let its name end in .gz",
    b"\x28\xb5\x2f\xfd": "a Zstandard file: let its name end in .zst",
    b"PK\x03\x04": "an Excel or ZIP file: let its name end in .xlsx, or unpack it",
    b"PAR1": "a Parquet file: let its name end in .parquet",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save it as .xlsx or .csv",
}


def look(source: Source, *, limits: Limits = LIMITS) -> Head:
    """The head of `source`, which is not packed. Raises `BadFile`."""
    if source.form == "parquet":
        from serving.bulk import parquet_in

        return parquet_in.look(source, limits)
    with sources.open(source.url) as stream:
        sample = stream.read(_SAMPLE)
        _check(source, sample)
        encoding, start = charsets.mark(sample) or (charsets.detect(_whole_lines(sample)), 0)
        head = Head(source, (), (), (), start, 1, "", encoding, source.notes)
        if source.form == "csv":
            return _look_csv(stream, head, sample[start:], limits)
        return _look_jsonl(stream, head, limits)


def _check(source: Source, sample: bytes) -> None:
    for magic, kind in _MAGIC.items():
        if sample.startswith(magic):
            raise BadFile(f"{source} is {kind}.")


def _whole_lines(sample: bytes) -> bytes:
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r"))
    return sample if len(sample) < _SAMPLE or end < 0 else sample[: end + 1]


def _look_csv(stream: BinaryIO, head: Head, sample: bytes, limits: Limits) -> Head:
    # Spreadsheets write and obey a first line that names the delimiter.
    declared = re.match(r"sep=(.)(\r\n|\r|\n)", sample.decode(head.encoding, "replace"))
    if declared:
        passed = len(declared[0].encode(head.encoding))
        head = replace(head, first_row_at=head.first_row_at + passed, first_row=2)
        sample = sample[passed:]
    head = replace(head, delimiter=declared[1] if declared else _delimiter(sample, head))
    block = next(blocks(stream, head, head.first_row_at, limits=limits), None)
    record = next(block.records(head.first_row), None) if block else None
    if block is None or record is None:
        raise BadFile(f"{head.source} is empty. Its first row must name the columns.")
    names = None if record.fault else csv_rows.texts(block, record)
    if names is None:
        why = csv_rows.FAULTS.get(record.fault, "is in no encoding that we know")
        raise BadFile(f"{head.source} has no header that can be read: row {record.number} {why}.")
    end = block.at + int(block.found.end[record.number - head.first_row])
    columns = unique(names)
    kinds: list[Kind] = ["text" for _ in columns]
    head = replace(head, columns=columns, kinds=tuple(kinds))
    head = replace(head, first_row_at=end, first_row=record.number + 1)
    return replace(
        head, sample=tuple(r for r in _first(stream, head, limits) if isinstance(r, Row))
    )


def _look_jsonl(stream: BinaryIO, head: Head, limits: Limits) -> Head:
    found = _first(stream, head, limits)
    sample = tuple(row for row in found if isinstance(row, Row))
    if not found:
        raise BadFile(f"{head.source} is empty: it has no rows.")
    if not sample:
        why = next(row.reason for row in found if isinstance(row, Reject))
        raise BadFile(f"{head.source} begins with no JSON object. {why}")
    columns = tuple(dict.fromkeys(name for row in sample for name in row.cells))
    kinds = tuple(_kind(row.cells.get(name) for row in sample) for name in columns)
    return replace(head, columns=columns, kinds=kinds, sample=sample)


def _first(stream: BinaryIO, head: Head, limits: Limits) -> list[Row | Reject]:
    return list(islice(rows(stream, head, limits=limits), _ROWS))


def _delimiter(sample: bytes, head: Head) -> str:
    """The delimiter that cuts most rows into as many cells as the header, and into most cells.

    Nothing if none cuts the header: then a line is a cell.
    """
    possible = DELIMITERS.replace("|", "") if head.encoding in charsets.MULTIBYTE else DELIMITERS
    fits = {each: _fit(sample, replace(head, delimiter=each)) for each in possible}
    best = max(fits, key=lambda each: (fits[each].share, fits[each].width))
    broken = (each for each in fits if fits[each].broken)
    return best if fits[best].share else next(broken, "")


class _Fit(NamedTuple):
    """Cells in the header, if it is not broken, and the share of rows with as many."""

    width: int = 0
    share: float = 0
    broken: bool = False


def _fit(sample: bytes, head: Head) -> _Fit:
    block = next(blocks(BytesIO(sample), head, 0), None)
    records = list(block.records(1)) if block else []
    if not records:
        return _Fit()
    first, *rest = (record.last - record.first for record in records)
    alike = sum(width == first for width in rest) + 1 if first > 1 else 0
    return _Fit(first, alike / len(records), bool(records[0].fault))


def unique(header: list[str]) -> tuple[str, ...]:
    """The column names, a repeated one numbered: `a, a` becomes `a, a.2`."""
    names: dict[str, None] = {}
    for name in header:
        numbered = (f"{name}.{count}" for count in range(2, len(header) + 2))
        names[next(free for free in chain([name], numbered) if free not in names)] = None
    return tuple(names)


def _kind(values: Iterable[object]) -> Kind:
    types = {type(value) for value in values if value is not None}
    kinds: dict[frozenset[type], Kind] = {
        frozenset(): "text",
        frozenset({str}): "text",
        frozenset({bool}): "boolean",
        frozenset({int}): "integer",
        frozenset({float}): "number",
        frozenset({int, float}): "number",
    }
    return kinds.get(frozenset(types), "json")
