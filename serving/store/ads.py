"""Put ads into the store, and find one again."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from serving.store import ids, listed, nuls, signs, tally, ties, words
from serving.store.engine import Store, utc
from serving.store.errors import NotStored
from serving.store.listed import Listed
from serving.store.tables import ads, contacts, texts
from serving.store.values import New, Stored

Row = Mapping[Any, Any]


def add(store: Store, new: Sequence[New]) -> list[Stored]:
    """Store ads, all or none, and give them back in the order given.

    What has the source, the external id and the text of a stored ad *is* that ad, and stays as it
    is: the same call may safely be made again.
    """
    keyed = {_key(each): each for each in new}
    traces = ties.trace([(each.text, each.result["language"]["code"]) for each in keyed.values()])
    at = store.clock()
    with store.write() as connection:
        ties.hold(connection)
        bits = signs.learn(connection, [name for each in new for name in _found(each)])
        rows = [_row(store, key, each, bits) for key, each in keyed.items()]
        if rows:
            seqs = _insert(connection, rows, keyed)
            tied = dict(zip(keyed, traces, strict=True))
            entries = listed.in_force(connection, at)
            ties.tie(connection, {seq: tied[key] for key, seq in seqs.items()}, entries)
            # Decisions too lock ads first and tallies after them.
            tally.change(connection, more=(tally.cell(row) for row in rows if row["key"] in seqs))
        stored = find(connection, ads.c.key.in_(keyed), at)
    of = {(each.source, each.external_id, each.sha256): each for each in stored.values()}
    return [of[each.source, each.external_id, _digest(each.text)] for each in new]


def get(store: Store, id: str) -> Stored:
    """The ad of this id; raises `NotStored`."""
    with store.read() as connection:
        found = find(connection, ads.c.id == id, store.clock())
    for ad in found.values():
        return ad
    raise missing(id)


def find(connection: Connection, which: ColumnElement[bool], at: datetime) -> dict[int, Stored]:
    """The ads whose columns fit a condition, by their `seq`, with what is known of them `at`."""
    bits, entries = signs.known(connection), listed.in_force(connection, at)
    chosen = select(ads, texts.c.text, texts.c.nuls, texts.c.result).join(texts).where(which)
    rows = {row["seq"]: row for row in connection.execute(chosen).mappings()}
    given = _contacts(connection, rows, entries)
    return {seq: _stored(row, bits, entries, given[seq]) for seq, row in rows.items()}


def missing(id: str) -> NotStored:
    """The error for an ad that is not there."""
    return NotStored(f"There is no ad {id[:40]!r}. It may have been purged.")


def _insert(
    connection: Connection, rows: Sequence[Row], new: Mapping[str, New]
) -> Mapping[str, int]:
    """Insert what is not there yet; the `seq` of each ad that was, by its key."""
    # Another process may store the same ad at the same time, so the database says which are new.
    kind = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = kind(ads).on_conflict_do_nothing(index_elements=["key"])
    result = connection.execute(statement.returning(ads.c.seq, ads.c.key), list(rows))
    seqs = {key: seq for seq, key in result}
    if not seqs:
        return {}
    connection.execute(insert(texts), [_text(seq, new[key]) for key, seq in seqs.items()])
    words.add(connection, {seq: new[key].text for key, seq in seqs.items()})
    return seqs


def _row(store: Store, key: str, new: New, bits: Mapping[str, int]) -> Row:
    at, result = store.clock(), new.result
    return {
        "id": ids.new(at),
        "key": key,
        "received": at,
        "source": new.source,
        "external_id": new.external_id,
        "sha256": _digest(new.text),
        "risk": result["risk"],
        "nearness": new.nearness,
        "band": result["band"],
        "language": result["language"]["code"],
        "found": signs.mask(_found(new), bits),
        "model": result["model"],
        "status": "open",
        "assignee": "",
        "size": 1,
    }


def _text(seq: int, new: New) -> Row:
    text, places = nuls.hide(new.text)
    return {"seq": seq, "text": text, "nuls": places, "result": new.result}


def _contacts(
    connection: Connection, seqs: Collection[int], entries: Listed
) -> Mapping[int, Sequence[str]]:
    """The contacts of ads by their keys, if any entry could be about one."""
    given: dict[int, list[str]] = defaultdict(list)
    if entries.entries:
        rows = select(contacts.c.seq, contacts.c.key).where(contacts.c.seq.in_(seqs))
        for seq, key in connection.execute(rows.order_by(contacts.c.key)):
            given[seq].append(key)
    return given


def _stored(row: Row, bits: Mapping[str, int], entries: Listed, given: Sequence[str]) -> Stored:
    same = ("id", "source", "external_id", "sha256", "result", "risk", "band", "language", "model")
    also = ("status", "verdict", "campaign", "size")
    return Stored(
        received=utc(row["received"]),
        text=nuls.show(row["text"], row["nuls"]),
        known=entries.known(row["text"], given),
        found=signs.names(row["found"], bits),
        assignee=row["assignee"] or None,
        **{name: row[name] for name in (*same, *also)},
    )


def _found(new: New) -> list[str]:
    return [name for name, each in new.result["indicators"].items() if each["found"]]


def _key(new: New) -> str:
    return _digest(json.dumps([new.source, new.external_id, _digest(new.text)]))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
