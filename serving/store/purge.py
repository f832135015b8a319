"""Delete ads for good, with all that was decided about them."""

from datetime import datetime

from sqlalchemy import delete, select

from serving.store import audit, tally, ties, words
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.tables import ads, texts
from serving.store.values import Status

BATCH = 500


def purge(store: Store, *, before: datetime, status: Status | None = None, by: str = LOCAL) -> int:
    """Delete the ads received before a time, of one status or of any; gives how many.

    The audit log keeps that they were deleted. A purge that is cut off has deleted whole ads, and
    the same call deletes the rest.
    """
    total = 0
    while gone := _batch(store, before, status, by):
        total += gone
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            # What was deleted still stands in the journal.
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return total


def _batch(store: Store, before: datetime, status: Status | None, by: str) -> int:
    which = select(ads, texts.c.text).join(texts).where(ads.c.received < before)
    if status is not None:
        which = which.where(ads.c.status == status)
    with store.write() as connection:
        ties.hold(connection)
        rows = (
            connection.execute(which.order_by(ads.c.seq).limit(BATCH).with_for_update(of=ads))
            .mappings()
            .all()
        )
        if rows:
            words.remove(connection, {row["seq"]: row["text"] for row in rows})
            connection.execute(delete(ads).where(ads.c.seq.in_([row["seq"] for row in rows])))
            campaigns = {row["campaign"] for row in rows if row["campaign"]}
            ties.release(connection, (row["text"] for row in rows), campaigns)
            tally.change(connection, less=map(tally.cell, rows))
            gone = (Entry(by, "purge", row["id"]) for row in rows)
            audit.append(connection, store.clock(), *gone)
    return len(rows)
