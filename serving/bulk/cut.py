"""Cut a table into units of work, cheaply, where the reader sees a row begin."""

from collections.abc import Iterator

from serving.bulk import sources
from serving.bulk.limits import LIMITS, Limits
from serving.bulk.records import blocks
from serving.bulk.rows import Head, Unit

ROWS = 20_000


def cut(head: Head, *, rows: int = ROWS, limits: Limits = LIMITS) -> Iterator[Unit]:
    """The units of a table, in order and without gaps, of so many records each but the last.

    Blank lines count as records. Raises `BadFile`.
    """
    if head.source.form == "parquet":
        from serving.bulk import parquet_in

        yield from parquet_in.cut(head, rows, limits)
        return
    source, start, first, number = head.source, head.first_row_at, head.first_row, 0
    with sources.open(source.url) as stream:
        row = first
        for block in blocks(stream, head, start, limits=limits):
            ends = block.at + block.found.end[: block.count]
            for full in range(rows - (row - first) - 1, block.count, rows):
                end = int(ends[full])
                yield Unit(source, number, start, end, first)
                start, first, number = end, row + full + 1, number + 1
            row += block.count
            last = int(ends[-1])
    if row > first:
        yield Unit(source, number, start, last, first)
