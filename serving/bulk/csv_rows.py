"""Rows and rejects from the records of a CSV table."""

from collections.abc import Iterator

import numpy as np

from serving.bulk import charsets, scan
from serving.bulk.records import Block, Record
from serving.bulk.rows import Head, Reject, Row

FAULTS = {
    scan.OPEN: "is not readable CSV: a quote opens a cell that does not close",
    scan.STRAY: "is not readable CSV: a quoted cell goes on after its closing quote",
    scan.SWALLOWED: "is not readable CSV: a quoted cell holds what looks like other rows",
    scan.LONG: "is longer than the limit, or a cell of it is",
    scan.CROWDED: "has more cells than the limit",
}


def rows(block: Block, head: Head, number: int) -> Iterator[Row | Reject]:
    """The rows of `block`, whose first record has this number; a blank line is none."""
    every = _all_texts(block)
    if every is not None and _is_even(block, len(head.columns)):
        yield from _even(every, head.columns, number)
        return
    for record in block.records(number):
        if record.fault:
            yield block.reject(record, FAULTS[record.fault])
            continue
        cells = every[record.first : record.last] if every else texts(block, record)
        if cells is None:
            yield block.no_text(record)
        elif len(cells) == len(head.columns):
            yield Row(record.number, dict(zip(head.columns, cells, strict=True)))
        else:
            yield _ragged(block, record, head.columns, cells)


def _is_even(block: Block, width: int) -> bool:
    """Whether no record has a fault, is blank, or has another number of cells."""
    found, count = block.found, block.count
    cells = np.diff(found.first[: count + 1])
    whole = (found.begin[:count] < found.stop[:count]) & (found.fault[:count] == 0)
    return bool((whole & (cells == width)).all())


def _even(every: list[str], columns: tuple[str, ...], number: int) -> Iterator[Row]:
    width = len(columns)
    for first in range(0, len(every), width):
        yield Row(number, dict(zip(columns, every[first : first + width], strict=True)))
        number += 1


def _ragged(
    block: Block, record: Record, columns: tuple[str, ...], cells: list[str]
) -> Row | Reject:
    found = f"has {len(cells)} cells where the header has {len(columns)}"
    if any(cells[len(columns) :]):
        return block.reject(record, found)
    # Spreadsheets leave out empty cells at the end of a row, or write some too many.
    missing = [None] * (len(columns) - len(cells))
    note = f"Row {record.number} {found}." if missing else ""
    return Row(record.number, dict(zip(columns, [*cells, *missing], strict=False)), note)


def _all_texts(block: Block) -> list[str] | None:
    """Every cell in `block`, or None if not all are UTF-8."""
    if block.encoding != charsets.UTF_8:
        return None
    try:
        return _decoded(block, 0, int(block.found.first[block.count]), block.encoding)
    except UnicodeDecodeError:
        return None


def texts(block: Block, record: Record) -> list[str] | None:
    """The cells of a record that may be in another encoding; None if it is in no one."""
    raw = block.raw[record.begin : record.stop]
    encoding = charsets.of_row(raw, block.encoding)
    return _decoded(block, record.first, record.last, encoding) if encoding else None


def _decoded(block: Block, first: int, last: int, encoding: str) -> list[str]:
    raw, found = block.raw, block.found
    start, stop = found.cell_start[first:last].tolist(), found.cell_stop[first:last].tolist()
    texts = [raw[i:j].decode(encoding) for i, j in zip(start, stop, strict=True)]
    for i in np.flatnonzero(found.doubled[first:last]):
        texts[i] = texts[i].replace('""', '"')
    return texts
