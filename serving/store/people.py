"""People who may use the service, each with a role and a password."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from serving.roles import OF_PEOPLE, Role
from serving.store import audit, ids, passwords
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store, utc
from serving.store.errors import BadQuestion, NotStored
from serving.store.tables import people, sessions

#: ASCII, so that no two names look alike.
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may log in; `by` is who added them."""

    id: str
    name: str
    role: Role
    added: datetime
    by: str


def add(store: Store, name: str, password: str, role: Role, *, by: str = LOCAL) -> Person:
    """Let somebody in; raises `BadQuestion` for a name, password or role that cannot be.

    The first must be an admin: from then on nobody is let in without a password.
    """
    check_name(name)
    _check_role(role)
    hashed = passwords.digest(password, name)
    at = store.clock()
    made = Person(id=ids.new(at), name=name, role=role, added=at, by=by)
    with store.write() as connection:
        if role != "admin" and not _count(connection):
            raise BadQuestion("The first person must be an admin, who can let in the others.")
        try:
            connection.execute(insert(people).values(**asdict(made), password=hashed))
        except IntegrityError:
            raise BadQuestion(f"There is somebody called {name} already.") from None
        audit.append(connection, at, Entry(by, "person", made.id, {"name": name, "role": role}))
    return made


def change_role(store: Store, id: str, role: Role, *, by: str = LOCAL) -> Person:
    """Give somebody another role; raises `NotStored`, and `BadQuestion` for the last admin."""
    _check_role(role)
    with store.write() as connection:
        person = _dispensable(connection, id) if role != "admin" else find(connection, id)
        connection.execute(update(people).where(people.c.id == id).values(role=role))
        told = {"name": person.name, "role": role}
        audit.append(connection, store.clock(), Entry(by, "role", id, told))
        return find(connection, id)


def change_password(store: Store, id: str, password: str, *, by: str = LOCAL) -> None:
    """Give somebody another password, and log them out; raises `NotStored`, `BadQuestion`."""
    with store.read() as connection:
        person = find(connection, id)
    hashed = passwords.digest(password, person.name)
    with store.write() as connection:
        person = find(connection, id)
        connection.execute(update(people).where(people.c.id == id).values(password=hashed))
        connection.execute(delete(sessions).where(sessions.c.person == id))
        audit.append(connection, store.clock(), Entry(by, "password", id, {"name": person.name}))


def remove(store: Store, id: str, *, by: str = LOCAL) -> None:
    """Let somebody in no longer; what they did stays. Raises as `change_role` does."""
    with store.write() as connection:
        person = _dispensable(connection, id)
        connection.execute(delete(people).where(people.c.id == id))
        audit.append(connection, store.clock(), Entry(by, "unperson", id, {"name": person.name}))


def check(store: Store, name: str, password: str) -> Person | None:
    """Who has this name and password; None if nobody has. Takes as long either way."""
    with store.read() as connection:
        row = connection.execute(select(people).where(people.c.name == name)).first()
    # Outside the transaction, since it takes long.
    right = passwords.fits(password, row.password if row else None)
    return person_of(row) if row and right else None


def every(store: Store) -> Sequence[Person]:
    """All of them, by name."""
    with store.read() as connection:
        return [person_of(row) for row in connection.execute(select(people).order_by("name"))]


def named(store: Store, name: str) -> Person:
    """Who has this name; raises `NotStored`."""
    found = [each for each in every(store) if each.name == name]
    if not found:
        raise NotStored(f"There is nobody called {name[:40]!r}.")
    return found[0]


def there_are(store: Store) -> bool:
    """Whether there is anybody. Until then whoever reaches the service may do everything."""
    with store.read() as connection:
        return connection.execute(select(people.c.id).limit(1)).first() is not None


def find(connection: Connection, id: str) -> Person:
    """The person of this id, whom nobody else changes meanwhile; raises `NotStored`."""
    which = select(people).where(people.c.id == id).with_for_update()
    row = connection.execute(which).first()
    if row is None:
        raise NotStored(f"There is no person {id[:40]!r}.")
    return person_of(row)


def person_of(row: Row[tuple[object, ...]]) -> Person:
    """The person that a row of `people` tells of."""
    return Person(id=row.id, name=row.name, role=row.role, added=utc(row.added), by=row.by)


def check_name(name: str) -> None:
    """Raise `BadQuestion` for what is no name of a person or key."""
    if not NAME.fullmatch(name) or name == LOCAL:
        raise BadQuestion(
            f"The name {name[:40]!r} cannot be. Use 2 to 64 of a-z, 0-9 and . _ - @, such as "
            "ana.perez or ana@ngo.example."
        )


def _check_role(role: str) -> None:
    if role not in OF_PEOPLE:
        raise BadQuestion(f"The role is {role[:40]!r}. Use one of {', '.join(OF_PEOPLE)}.")


def _dispensable(connection: Connection, id: str) -> Person:
    """The person of this id; raises `NotStored`, and `BadQuestion` for the last admin."""
    # All admins are locked first, in one order: two may remove each other at the same moment.
    admins = select(people.c.id).where(people.c.role == "admin").order_by(people.c.id)
    left = connection.scalars(admins.with_for_update()).all()
    person = find(connection, id)
    if left == [person.id]:
        raise BadQuestion(f"{person.name} is the last admin. Make somebody else one first.")
    return person


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(people)) or 0
