"""Write tables, and read them as a run does."""

from pathlib import Path

from serving.bulk import unpack
from serving.bulk.cut import cut
from serving.bulk.heads import look
from serving.bulk.limits import LIMITS, Limits
from serving.bulk.output import Columns, Output, Record
from serving.bulk.read import read
from serving.bulk.rows import Head, Reject, Row
from serving.bulk.sources import find, form_of
from serving.bulk.write import join, part


def head(path: Path, raw: bytes | None = None, *, limits: Limits = LIMITS) -> Head:
    """The head of the file at `path`, which is made of `raw` if that is given."""
    if raw is not None:
        path.write_bytes(raw)
    [source] = find([str(path)])
    if unpack.is_needed(source):
        source = unpack.unpack(source, path.with_name("unpacked"), limits=limits)
    return look(source, limits=limits)


def everything(head: Head, *, size: int = 20_000, limits: Limits = LIMITS) -> list[Row | Reject]:
    """What comes out of the table's units of `size` rows."""
    units = list(cut(head, rows=size, limits=limits))
    assert [unit.number for unit in units] == list(range(len(units)))
    assert [unit.start for unit in units[1:]] == [unit.end for unit in units[:-1]]
    return [row for unit in units for row in read(head, unit, limits=limits)]


def records(head: Head) -> list[dict[str, object]]:
    """The cells of all rows of a table that has no rejects."""
    found = everything(head)
    assert [row for row in found if isinstance(row, Reject)] == []
    return [dict(row.cells) for row in found if isinstance(row, Row)]


def write(path: Path, rows: list[Record], columns: Columns, **style: object) -> list[str]:
    """Write rows as two parts, joined, in the form that the name of `path` tells."""
    output = Output(form_of(path.name)[0], columns, **style)
    parts = [path.with_name(f"{path.name}.{i}") for i in range(2)]
    half = len(rows) // 2
    for place, some in zip(parts, (rows[:half], rows[half:]), strict=True):
        with part(place, output) as out:
            out.write(some)
    with path.open("wb") as out:
        return join(parts, out, output)
