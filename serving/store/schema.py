"""Bring a database's tables to what this version expects."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from serving.store.errors import BadStore

LOCK = 7_105_427  # any number that is nobody else's, for PostgreSQL's advisory locks


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the caller's transaction.

    Processes that start together wait for each other. Raises `BadStore` for a database that a
    newer version has migrated.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    config = Config()
    config.set_main_option("script_location", "serving.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise BadStore(
            f"The database was made by another version of Lurewatch ({error}). Install that one."
        ) from error
