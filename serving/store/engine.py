"""Where ads are kept: a SQLite file, or PostgreSQL where several processes work together."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from serving.store import schema
from serving.store.errors import BadQuestion, BadStore, StoreAway

Clock = Callable[[], datetime]

_JSON = {"json_serializer": lambda value: to_json(value).decode(), "json_deserializer": from_json}
SECONDS = 10  # to wait for a lock or an answer


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def utc(at: datetime) -> datetime:
    """A time out of the database, in UTC: SQLite keeps no zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """An open database, with the clock that its entries are dated by."""

    engine: Engine
    clock: Clock = now

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state; raises `StoreAway` if the database does not answer."""
        with _answering(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, kept if the block ends well; raises `StoreAway` as `read` does."""
        with (
            _answering(),
            self.engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    @property
    def name(self) -> str:
        """Its address, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()


def open(url: str, *, clock: Clock = now) -> Store:
    """The store at an address of SQLAlchemy's form, its tables made or brought up to date.

    Raises `BadStore` for what is no such address, and for a database that cannot be used.
    """
    store = Store(_engine(_parse(url)), clock)
    try:
        with store.write() as connection:
            schema.upgrade(connection)
    except StoreAway as error:
        store.close()
        raise BadStore(
            f"The database {store.name} cannot be opened: {error.__cause__}. "
            "Start it, or name another in LUREWATCH_DATABASE_URL."
        ) from error
    except BadStore:
        store.close()
        raise
    return store


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    kind = parsed.get_backend_name() if parsed else ""
    if parsed is None or kind not in ("sqlite", "postgresql"):
        raise BadStore(
            f"LUREWATCH_DATABASE_URL names {kind or 'no'!r} database. Write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME."
        )
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, **_JSON, connect_args={"timeout": SECONDS, "isolation_level": None}
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return create_engine(
            url,
            **_JSON,
            pool_pre_ping=True,  # a database that was started again is found again
            pool_timeout=SECONDS,
            connect_args={
                "connect_timeout": 3,
                "options": f"-c statement_timeout={SECONDS}s -c timezone=UTC",
            },
        )
    except ImportError as error:
        raise BadStore(
            f"PostgreSQL needs psycopg: {error}. Install it: pip install 'lurewatch[postgresql]'."
        ) from error


def _prepare(connection: Any, _: object) -> None:
    _switch_to_wal(connection)
    for pragma in (
        "synchronous = FULL",  # what was acknowledged outlives a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # what is purged is overwritten
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # While another process does the same to a new file, SQLite refuses at once, whatever `timeout`.
    until = monotonic() + SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or monotonic() > until:
                raise
            sleep(0.02)


def _begin(connection: Connection) -> None:
    # A reader that turns into a writer is refused if another wrote meanwhile: say it at once.
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreAway("The database is busy. Try again in a moment.") from error
    except DataError as error:
        raise BadQuestion("A value cannot be kept or looked for: U+0000 is in it.") from error.orig
    except DBAPIError as error:
        if not _is_away(error):
            raise
        # The driver's message may hold what was being written, so it is not repeated.
        raise StoreAway("The database does not answer. Try again in a moment.") from error.orig


def _is_away(error: DBAPIError) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # SQLite calls faults in our own statements operational too.
    return getattr(error.orig, "sqlite_errorname", "") != "SQLITE_ERROR"
