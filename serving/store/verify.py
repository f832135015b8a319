"""Whether the audit log and the decisions are as they were written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, select

from serving.store import decisions
from serving.store.audit import START, seal
from serving.store.engine import Store
from serving.store.tables import audit

MANY = 1_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many entries, the last one's hash, and a sentence for each fault.

    Whoever can write to the database can also write a new log. Keep `head` elsewhere: it says
    later whether this log is still the beginning of that one.
    """

    entries: int
    head: str
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """What the log says there must be."""

    decided: dict[str, tuple[str, str]] = field(default_factory=dict)  # ad and digest, by decision
    undone: set[str] = field(default_factory=set)
    purged: set[str] = field(default_factory=set)


def verify(store: Store, *, head: str | None = None) -> Verified:
    """Read the whole log, and compare the decisions with it; `head` is that of an earlier log.

    Reading ends at the first entry that does not fit: none after it can be trusted.
    """
    told, seq, before = _Told(), 0, START
    lost = head not in (None, START)
    ordered = select(audit).order_by(audit.c.seq).execution_options(yield_per=MANY)
    with store.read() as connection:
        with connection.execute(ordered) as entries:
            for seq, row in enumerate(entries.mappings(), start=1):
                if row["seq"] != seq or row["hash"] != seal(row, before):
                    fault = f"Entry {row['seq']} or the one before it was changed or taken out."
                    return Verified(seq, row["hash"], (fault,))
                before = row["hash"]
                lost = lost and before != head
                _note(told, row)
        faults = list(_compare(connection, told))
    if lost:
        faults.append("The log does not hold the given head: it was cut or written anew.")
    return Verified(seq, before, tuple(faults))


def _note(told: _Told, row: RowMapping) -> None:
    detail = json.loads(row["detail"])
    if row["action"] == "decide":
        told.decided[row["subject"]] = detail["ad"], detail["sha256"]
    elif row["action"] == "undo":
        told.undone.add(row["subject"])
    elif row["action"] == "purge":
        told.purged.add(row["subject"])


def _compare(connection: Connection, told: _Told) -> Iterator[str]:
    missing = {id for id, (ad, _) in told.decided.items() if ad not in told.purged}
    for decision in decisions.every(connection):
        missing.discard(decision.id)
        _, digest = told.decided.get(decision.id, ("", ""))
        if not digest:
            yield f"Decision {decision.id} is not in the log."
        elif digest != decisions.digest(decision):
            yield f"Decision {decision.id} was changed."
        elif (decision.undone is not None) != (decision.id in told.undone):
            yield f"Decision {decision.id} was undone or not, other than the log says."
    yield from (f"Decision {id} was taken out." for id in sorted(missing))
