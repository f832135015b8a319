"""What analysts decide about ads. Nothing is overwritten: to undo is noted too."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from model.marks import Span
from serving.store import audit, ids, marked, tally
from serving.store.ads import find, missing
from serving.store.audit import Entry
from serving.store.engine import Store, utc
from serving.store.errors import BadQuestion, NotStored
from serving.store.tables import ads, decisions
from serving.store.values import Choice, Decision, Verdict

MOST_TOGETHER = 500  # ads that are decided at once
LOCAL = "local"  # the one analyst of a service that only this machine reaches

Row = Mapping[Any, Any]


def decide(store: Store, id: str, verdict: Verdict, *, by: str = LOCAL) -> Decision:
    """Give a verdict on an ad, whatever was decided before.

    Raises `NotStored`, and `BadQuestion` for marks that do not fit the text.
    """
    at = store.clock()
    made = Decision(id=ids.new(at), ad=id, at=at, by=by, verdict=verdict)
    with store.write() as connection:
        ad = _lock(connection, id)
        marked.check(find(connection, ads.c.id == id, at)[ad["seq"]].text, verdict.marked)
        _give(connection, ad, made)
        audit.append(connection, at, _told(made))
    return made


def decide_all(
    store: Store,
    these: Sequence[str],
    verdict: Verdict,
    *,
    by: str = LOCAL,
    at: datetime | None = None,
) -> list[Decision]:
    """Give one verdict on those of some ads that are open, all or none; the decisions.

    All have the same moment, that of another decision or this one, by which `undo_all` finds them.
    Raises `BadQuestion` for too many ads,
    and for a verdict that speaks of the places of one text.
    """
    if len(these) > MOST_TOGETHER:
        raise BadQuestion(f"{len(these):,} ads are too many. Choose {MOST_TOGETHER:,} at most.")
    if verdict.marked or verdict.unmarked or verdict.indicators is not None:
        raise BadQuestion("Marks and signs are of one text. Leave them out, or decide one by one.")
    at, made = at or store.clock(), list[Decision]()
    with store.write() as connection:
        chosen = select(ads).where(ads.c.id.in_(these), ads.c.status == "open")
        for ad in connection.execute(chosen.order_by(ads.c.seq).with_for_update()).mappings().all():
            each = Decision(id=ids.new(at), ad=ad["id"], at=at, by=by, verdict=verdict)
            _give(connection, ad, each)
            made.append(each)
        if made:
            audit.append(connection, at, *map(_told, made))
    return made


def together(store: Store, these: Sequence[str], at: datetime, *, by: str) -> list[Decision]:
    """The decisions on some ads that somebody gave at one moment and that stand."""
    with store.read() as connection:
        return _together(connection, these, at, by)


def undo_all(store: Store, these: Sequence[str], at: datetime, *, by: str = LOCAL) -> int:
    """Take back what somebody decided at one moment about some ads; about how many.

    An ad that was decided again since stays as it is.
    """
    now, undone = store.clock(), 0
    with store.write() as connection:
        for each in _together(connection, these, at, by):
            ad = _lock(connection, each.ad)
            standing = [one for one in of(connection, [each.ad]) if one.undone is None]
            if standing and standing[-1].id == each.id:
                _take_back(connection, ad, standing, now)
                audit.append(connection, now, Entry(by, "undo", each.id, {"ad": each.ad}))
                undone += 1
    return undone


def undo(store: Store, id: str, *, by: str = LOCAL) -> Decision:
    """Take back the last decision on an ad that stands; raises `NotStored` if there is none."""
    with store.write() as connection:
        ad = _lock(connection, id)
        standing = [each for each in of(connection, [id]) if each.undone is None]
        if not standing:
            raise NotStored(f"Nothing has been decided about the ad {id}, so nothing is undone.")
        now, last = store.clock(), standing[-1]
        _take_back(connection, ad, standing, now)
        audit.append(connection, now, Entry(by, "undo", last.id, {"ad": id}))
    return replace(last, undone=now)


def history(store: Store, id: str) -> tuple[Decision, ...]:
    """All decisions on an ad, the first one first; raises `NotStored` if there is no such ad."""
    with store.read() as connection:
        if connection.execute(select(ads.c.seq).where(ads.c.id == id)).first() is None:
            raise missing(id)
        return tuple(of(connection, [id]))


def of(connection: Connection, ads: Collection[str]) -> list[Decision]:
    """The decisions on some ads, in the order in which they were given."""
    which = select(decisions).where(decisions.c.ad.in_(ads)).order_by(decisions.c.seq)
    return [_decision(row) for row in connection.execute(which).mappings()]


def every(connection: Connection) -> Iterator[Decision]:
    """All decisions, in no order, a few at a time."""
    rows = connection.execute(select(decisions).execution_options(yield_per=1_000)).mappings()
    return map(_decision, rows)


def digest(decision: Decision) -> str:
    """A hash over all that was decided, for the audit log."""
    told = {**_row(decision), "at": decision.at.isoformat(timespec="microseconds")}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _give(connection: Connection, ad: Row, made: Decision) -> None:
    connection.execute(insert(decisions).values(_row(made)))
    _settle(connection, ad, made.verdict.choice)


def _take_back(
    connection: Connection, ad: Row, standing: Sequence[Decision], now: datetime
) -> None:
    """Undo the last decision on an ad of those that stand."""
    *before, last = standing
    connection.execute(update(decisions).where(decisions.c.id == last.id).values(undone=now))
    _settle(connection, ad, before[-1].verdict.choice if before else None)


def _told(made: Decision) -> Entry:
    return Entry(made.by, "decide", made.id, {"ad": made.ad, "sha256": digest(made)})


def _together(
    connection: Connection, these: Sequence[str], at: datetime, by: str
) -> list[Decision]:
    made = of(connection, these)
    return [each for each in made if each.at == at and each.by == by and each.undone is None]


def _lock(connection: Connection, id: str) -> Row:
    """The ad's row, which nobody else changes until the transaction ends."""
    row = connection.execute(select(ads).where(ads.c.id == id).with_for_update()).mappings().first()
    if row is None:
        raise missing(id)
    return row


def _settle(connection: Connection, ad: Row, choice: Choice | None) -> None:
    status = {None: "open", "skip": "skipped"}.get(choice, "decided")
    verdict = None if choice == "skip" else choice
    connection.execute(
        update(ads).where(ads.c.seq == ad["seq"]).values(status=status, verdict=verdict)
    )
    now = {**ad, "status": status}
    tally.change(connection, more=[tally.cell(now)], less=[tally.cell(ad)])


def _row(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    return {
        "id": decision.id,
        "ad": decision.ad,
        "at": decision.at,
        "by": decision.by,
        "verdict": verdict.choice,
        "reasons": list(verdict.reasons),
        "note": verdict.note,
        "indicators": None if verdict.indicators is None else list(verdict.indicators),
        "marked": [[span.start, span.end, *span.indicators] for span in verdict.marked],
        "unmarked": [[span.start, span.end, *span.indicators] for span in verdict.unmarked],
    }


def _decision(row: Row) -> Decision:
    told = row["indicators"]
    verdict = Verdict(
        choice=row["verdict"],
        reasons=tuple(row["reasons"]),
        note=row["note"],
        indicators=None if told is None else tuple(told),
        marked=_spans(row["marked"]),
        unmarked=_spans(row["unmarked"]),
    )
    undone = row["undone"] and utc(row["undone"])
    return Decision(
        id=row["id"], ad=row["ad"], at=utc(row["at"]), by=row["by"], verdict=verdict, undone=undone
    )


def _spans(rows: Sequence[Sequence[Any]]) -> tuple[Span, ...]:
    return tuple(Span(start, end, tuple(names)) for start, end, *names in rows)
