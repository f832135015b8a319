"""Counts of ads by all that a filter asks for, kept up to date with each change."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from serving.store.tables import tallies

KEYS = ("status", "band", "language", "source", "assignee", "found")

Cell = tuple[Any, ...]


def cell(row: Mapping[Any, Any]) -> Cell:
    """Where an ad is counted."""
    return tuple(row[key] for key in KEYS)


def by_status(connection: Connection) -> Mapping[str, int]:
    """How many ads have each status."""
    counted = select(tallies.c.status, func.sum(tallies.c.n)).group_by(tallies.c.status)
    return {status: int(n) for status, n in connection.execute(counted)}


def change(connection: Connection, *, more: Iterable[Cell] = (), less: Iterable[Cell] = ()) -> None:
    """Count ads in and out."""
    counts = Counter(more)
    counts.subtract(less)
    # Always in one order, so that two writers cannot wait for each other.
    rows = [dict(zip((*KEYS, "n"), (*at, n), strict=True)) for at, n in sorted(counts.items()) if n]
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    add = insert(tallies)
    add = add.on_conflict_do_update(index_elements=KEYS, set_={"n": tallies.c.n + add.excluded.n})
    connection.execute(add, rows)
    if any(row["n"] < 0 for row in rows):
        connection.execute(delete(tallies).where(tallies.c.n == 0))
