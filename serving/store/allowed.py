"""Keep the allow list: employers, phone numbers and domains that somebody answers for."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select

from serving.store import audit, ids, listed, ties
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.errors import BadQuestion, NotStored
from serving.store.tables import allowed, contacts
from serving.store.values import Allowed, Vouch

MOST = 1_000
_MAILS = 100  # of a domain's mail addresses so many tie nothing from the same moment on


def add(store: Store, new: Vouch, *, by: str = LOCAL) -> Allowed:
    """Put an entry on the list; what its contact tied is taken apart.

    Raises `BadQuestion` for one that is there already, that says too little or is over already,
    and for one too many.
    """
    at = store.clock()
    made = Allowed(
        **asdict(new), id=ids.new(at), key=listed.key(new.kind, new.value), added=at, by=by
    )
    if listed.is_over(made, at.date()):
        raise BadQuestion(f"The last day is {made.until}, which is over. Give one to come.")
    with store.write() as connection:
        ties.hold(connection)
        _check(connection, made)
        connection.execute(insert(allowed).values(asdict(made)))
        ties.loosen(connection, _contacts(connection, made), listed.in_force(connection, at))
        audit.append(connection, at, _told(made, by, "allow"))
    return made


def remove(store: Store, id: str, *, by: str = LOCAL) -> Allowed:
    """Take an entry off the list; raises `NotStored`. Ads that come later are tied again."""
    with store.write() as connection:
        gone = connection.execute(delete(allowed).where(allowed.c.id == id).returning(allowed))
        row = gone.mappings().first()
        if row is None:
            raise NotStored(f"There is no entry {id[:40]!r} on the allow list.")
        made = listed.entry(row)
        audit.append(connection, store.clock(), _told(made, by, "disallow"))
    return made


def every(store: Store) -> Sequence[Allowed]:
    """The whole list, the newest first, with entries that are over."""
    with store.read() as connection:
        rows = connection.execute(select(allowed).order_by(allowed.c.id.desc())).mappings()
        return [listed.entry(row) for row in rows]


def _check(connection: Connection, made: Allowed) -> None:
    same = (allowed.c.kind == made.kind) & (allowed.c.key == made.key)
    there = connection.execute(select(allowed.c.until).where(same)).first()
    if there:
        raise BadQuestion(
            f"The {made.kind} is on the list already, until {there.until}. Remove that entry first."
        )
    if (connection.scalar(select(func.count()).select_from(allowed)) or 0) >= MOST:
        raise BadQuestion(f"The list holds {MOST:,} entries. Remove what is over first.")


def _contacts(connection: Connection, made: Allowed) -> list[str]:
    """The contacts, as `Contact.key`, that an entry is about."""
    if made.kind == "phone":
        return [f"phone:{made.key}"]
    if made.kind == "employer":
        return []
    mails = contacts.c.key.startswith("mail:") & (
        contacts.c.key.endswith(f"@{made.key}", autoescape=True)
        | contacts.c.key.endswith(f".{made.key}", autoescape=True)
    )
    found = connection.scalars(select(contacts.c.key).where(mails).distinct().limit(_MAILS))
    return [f"link:{made.key}", *found]


def _told(made: Allowed, by: str, action: audit.Action) -> Entry:
    # The log must not hold a name or number, yet tell whether an entry was about a given one.
    hidden = sha256(made.key.encode()).hexdigest()
    detail = {"kind": made.kind, "sha256": hidden, "until": made.until.isoformat()}
    return Entry(by, action, made.id, detail)
