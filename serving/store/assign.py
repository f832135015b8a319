"""Who has taken an ad, so that two people do not read the same one."""

from sqlalchemy import select, update

from serving.store import audit, people, tally
from serving.store.ads import missing
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.errors import BadQuestion
from serving.store.tables import ads


def assign(store: Store, id: str, to: str | None, *, by: str = LOCAL) -> None:
    """Give an ad to somebody, or to nobody (None).

    Raises `NotStored`, and `BadQuestion` for somebody whom the store does not know.
    """
    if to not in (None, by) and to not in [each.name for each in people.every(store)]:
        raise BadQuestion(
            f"There is nobody called {to[:40]!r}." if to else "Say whose it shall be."
        )
    with store.write() as connection:
        row = connection.execute(select(ads).where(ads.c.id == id).with_for_update()).mappings()
        ad = row.first()
        if ad is None:
            raise missing(id)
        connection.execute(update(ads).where(ads.c.id == id).values(assignee=to or ""))
        tally.change(
            connection, more=[tally.cell({**ad, "assignee": to or ""})], less=[tally.cell(ad)]
        )
        audit.append(connection, store.clock(), Entry(by, "assign", id, {"to": to}))
