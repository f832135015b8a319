"""What was done, by whom and when: entries that are only ever added, each sealed by a hash.

The hash of an entry covers the hash before it, so that nothing can be changed, taken out or put
in between without every later hash being wrong.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text

from serving.store.engine import Store
from serving.store.tables import audit

START = "0" * 64


def append(
    connection: Connection, store: Store, *, by: str, action: str, subject: str, **detail: object
) -> None:
    """Add an entry in the caller's transaction: after what it tells of, and last of all.

    Nobody else adds one until that transaction ends.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    last = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    seq, before = connection.execute(last).first() or (0, START)
    entry = {
        "seq": seq + 1,
        "at": store.clock().isoformat(timespec="microseconds"),
        "by": by,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail, sort_keys=True),
    }
    connection.execute(insert(audit).values(**entry, hash=seal(entry, before)))


def seal(entry: Mapping[str, Any], before: str) -> str:
    """The hash of an entry that comes after the one with the hash `before`."""
    told = [entry[key] for key in ("seq", "at", "by", "action", "subject", "detail")]
    return sha256(json.dumps([*told, before]).encode()).hexdigest()
