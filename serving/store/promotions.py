"""Which model was put in use when: an entry of the audit log for each change."""

from sqlalchemy import select

from serving.store.audit import Entry, append
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.tables import audit


def note(store: Store, version: str) -> None:
    """Tell the audit log of the model in use, unless it is the one that the log told of last."""
    told = select(audit.c.subject).where(audit.c.action == "promote")
    with store.write() as connection:
        if connection.scalar(told.order_by(audit.c.seq.desc()).limit(1)) != version:
            append(connection, store.clock(), Entry(LOCAL, "promote", version))
