"""Read a table: every record comes out as a row or as a reject, in order."""

from collections.abc import Iterator
from typing import BinaryIO

from serving.bulk import csv_rows, json_rows, sources
from serving.bulk.limits import LIMITS, Limits
from serving.bulk.records import blocks
from serving.bulk.rows import Head, Reject, Row, Unit


def read(head: Head, unit: Unit, *, limits: Limits = LIMITS) -> Iterator[Row | Reject]:
    """The rows of `unit`, streaming; blank lines are no rows. Raises `BadFile`."""
    if unit.source.form == "parquet":
        from serving.bulk import parquet_in

        yield from parquet_in.read(head, unit, limits)
        return
    with sources.open(unit.source.url) as stream:
        yield from rows(stream, head, unit, limits=limits)


def rows(
    stream: BinaryIO, head: Head, unit: Unit | None = None, *, limits: Limits = LIMITS
) -> Iterator[Row | Reject]:
    """The rows of `unit` of an opened text table, or all."""
    number = unit.row if unit else head.first_row
    start, end = (unit.start, unit.end) if unit else (head.first_row_at, None)
    for block in blocks(stream, head, start, end, limits=limits):
        if head.source.form == "csv":
            yield from csv_rows.rows(block, head, number)
        else:
            yield from json_rows.rows(block, number)
        number += block.count
