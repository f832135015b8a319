"""What was done, by whom and when: entries that are only ever added, each sealed by a hash.

The hash of an entry covers the hash before it, so that nothing can be changed, taken out or put
in between without every later hash being wrong.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, text

from serving.store.tables import audit

Action = Literal[
    "decide",
    "undo",
    "export",
    "purge",
    "allow",
    "disallow",
    "upload",
    "start",
    "cancel",
    "download",
    "delete",
    "login",
    "logout",
    "person",
    "unperson",
    "role",
    "password",
    "key",
    "revoke",
    "promote",
    "assign",
    "merge",
    "split",
]

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing; `detail` is what else must be known of it, never a text."""

    by: str
    action: Action
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


def append(connection: Connection, at: datetime, *entries: Entry) -> None:
    """Add entries in the caller's transaction: after what they tell of, and last of all.

    Nobody else adds one until that transaction ends.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    last = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    count, before = connection.execute(last).first() or (0, START)
    rows = []
    for seq, entry in enumerate(entries, start=count + 1):
        row = {**_row(entry, at), "seq": seq}
        before = seal(row, before)
        rows.append({**row, "hash": before})
    connection.execute(insert(audit), rows)


def seal(entry: Mapping[Any, Any], before: str) -> str:
    """The hash of an entry that comes after the one with the hash `before`."""
    told = [entry[key] for key in ("seq", "at", "by", "action", "subject", "detail")]
    return sha256(json.dumps([*told, before]).encode()).hexdigest()


def _row(entry: Entry, at: datetime) -> dict[str, Any]:
    return {
        "at": at.isoformat(timespec="microseconds"),
        "by": entry.by,
        "action": entry.action,
        "subject": entry.subject,
        "detail": json.dumps(entry.detail, sort_keys=True),
    }
