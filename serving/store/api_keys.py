"""Keys for programs: 256 bits, shown once, kept as hashes, each with a role of its own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.exc import IntegrityError

from serving.roles import ROLES, Role
from serving.store import audit, ids
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store, utc
from serving.store.errors import BadQuestion, NotStored
from serving.store.people import check_name
from serving.store.sessions import digest
from serving.store.tables import api_keys

START = "lw_"  # so that scanners of source code know one
A_MINUTE, MOST_A_MINUTE = 600, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret: for which program, and how many requests it may make a minute."""

    id: str
    name: str
    role: Role
    a_minute: int
    added: datetime
    by: str


def add(
    store: Store, name: str, role: Role, *, a_minute: int = A_MINUTE, by: str = LOCAL
) -> tuple[ApiKey, str]:
    """Make a key; gives it and its secret, which nobody can tell again. Raises `BadQuestion`."""
    check_name(name)
    if role not in ROLES:
        raise BadQuestion(f"The role is {role[:40]!r}. Use one of {', '.join(ROLES)}.")
    if not 1 <= a_minute <= MOST_A_MINUTE:
        raise BadQuestion(f"{a_minute:,} requests a minute cannot be. Use 1 to {MOST_A_MINUTE:,}.")
    secret, at = START + token_urlsafe(32), store.clock()
    made = ApiKey(id=ids.new(at), name=name, role=role, a_minute=a_minute, added=at, by=by)
    with store.write() as connection:
        try:
            connection.execute(insert(api_keys).values(**asdict(made), digest=digest(secret)))
        except IntegrityError:
            raise BadQuestion(f"There is a key called {name} already. Revoke it first.") from None
        audit.append(connection, at, Entry(by, "key", made.id, {"name": name, "role": role}))
    return made, secret


def revoke(store: Store, id: str, *, by: str = LOCAL) -> ApiKey:
    """Let a key open nothing any longer; raises `NotStored`."""
    with store.write() as connection:
        gone = delete(api_keys).where(api_keys.c.id == id).returning(api_keys)
        row = connection.execute(gone).first()
        if row is None:
            raise NotStored(f"There is no key {id[:40]!r}.")
        audit.append(connection, store.clock(), Entry(by, "revoke", id, {"name": row.name}))
    return _key(row)


def of(store: Store, secret: str) -> ApiKey | None:
    """The key with this secret; None if there is none."""
    with store.read() as connection:
        which = select(api_keys).where(api_keys.c.digest == digest(secret))
        row = connection.execute(which).first()
    return _key(row) if row else None


def every(store: Store) -> Sequence[ApiKey]:
    """All of them, by name."""
    with store.read() as connection:
        return [_key(row) for row in connection.execute(select(api_keys).order_by("name"))]


def named(store: Store, name: str) -> ApiKey:
    """The key of this name; raises `NotStored`."""
    found = [each for each in every(store) if each.name == name]
    if not found:
        raise NotStored(f"There is no key called {name[:40]!r}.")
    return found[0]


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        role=row.role,
        a_minute=row.a_minute,
        added=utc(row.added),
        by=row.by,
    )
