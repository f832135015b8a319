"""Look at an uploaded file: what columns it has, which ones hold the ads, how its rows begin."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from serving.bulk import heads, unpack
from serving.bulk.columns import choose
from serving.bulk.errors import BadColumn
from serving.bulk.output import as_json, plain
from serving.bulk.rows import Head, Row
from serving.bulk.sources import Source
from serving.store.uploads import Seen

ROWS = 5
CHARS = 120


def look(source: Source, folder: Path) -> Seen:
    """What there is to see; `folder` has room for what is packed. Raises `BadFile`."""
    if not unpack.is_needed(source):
        return _seen(heads.look(source))
    with TemporaryDirectory(dir=folder, prefix="look-") as scratch:
        return _seen(heads.look(unpack.unpack(source, Path(scratch) / "plain")))


def _seen(head: Head) -> Seen:
    return Seen(
        columns=tuple(map(plain, head.columns)),
        guess=_guess(head.columns, head.sample),
        rows=tuple(_row(head.columns, row) for row in head.sample[:ROWS]),
        notes=head.notes,
    )


def _guess(columns: Sequence[str], sample: Sequence[Row]) -> tuple[str, ...]:
    try:
        return choose(columns, sample).names
    except BadColumn:
        return ()


def _row(columns: Sequence[str], row: Row) -> tuple[str, ...]:
    return tuple(_short(row.cells.get(name)) for name in columns)


def _short(cell: object) -> str:
    text = cell if isinstance(cell, str) else "" if cell is None else as_json(cell)
    return plain(text if len(text) <= CHARS else f"{text[: CHARS - 1]}…")
