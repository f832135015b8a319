"""Who is logged in. The browser holds a secret of 256 bits, the store only its hash."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, insert, select

from serving.store import audit
from serving.store.audit import Entry
from serving.store.engine import Store
from serving.store.people import Person, find, person_of
from serving.store.tables import people, sessions

LASTS = timedelta(hours=12)  # a day of work: nobody stays logged in overnight


def begin(store: Store, person: Person) -> str:
    """Log somebody in; gives the secret. Raises `NotStored` if they are let in no longer."""
    secret, at = token_urlsafe(32), store.clock()
    with store.write() as connection:
        find(connection, person.id)
        connection.execute(delete(sessions).where(sessions.c.until < at))
        made = {"digest": digest(secret), "person": person.id, "until": at + LASTS}
        connection.execute(insert(sessions).values(made))
        audit.append(connection, at, Entry(person.name, "login", person.id))
    return secret


def of(store: Store, secret: str) -> Person | None:
    """Who is logged in with this secret; None if nobody is."""
    which = select(people).join(sessions, sessions.c.person == people.c.id)
    held = (sessions.c.digest == digest(secret)) & (sessions.c.until >= store.clock())
    with store.read() as connection:
        row = connection.execute(which.where(held)).first()
    return person_of(row) if row else None


def end(store: Store, secret: str) -> None:
    """Log out whoever holds this secret."""
    with store.write() as connection:
        which = delete(sessions).where(sessions.c.digest == digest(secret))
        id = connection.scalar(which.returning(sessions.c.person))
        if id is not None:
            person = find(connection, id)
            audit.append(connection, store.clock(), Entry(person.name, "logout", id))


def digest(secret: str) -> str:
    """The hash under which a secret is kept: it is too long to be guessed, so a fast one does."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
