"""Stores on both databases, and ads to put into them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, text

from serving.store import engine
from serving.store.engine import Store
from serving.store.tables import metadata
from serving.store.values import New
from tests.serving.store.postgres import Server

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def empty(request, tmp_path_factory) -> Callable[[], str]:
    """A function that makes an empty database without tables, and gives its address."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('store')}/ads.db"
    server: Server = request.getfixturevalue("server")
    return server.new_url


@pytest.fixture(scope="module")
def opened(empty) -> Iterator[Store]:
    """A store for the tests of a module; its clock moves on a minute with each look."""
    store = engine.open(empty(), clock=ticking())
    yield store
    store.close()


@pytest.fixture
def store(opened) -> Store:
    """The module's store, emptied."""
    with opened.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        clear = "INSERT INTO words (words) VALUES ('delete-all')"
        if connection.dialect.name == "postgresql":
            clear = "DELETE FROM words"
        connection.execute(text(clear))
    return opened


def ticking() -> Callable[[], datetime]:
    """A clock that moves on a minute with each look."""
    minutes = count()
    return lambda: START + timedelta(minutes=next(minutes))


def new(text="We keep your passport", **changes) -> New:
    """An ad to store, with a result as a scorer gives it."""
    told = {"risk": 0.7, "language": "en", "found": ("document_retention",), "source": "board"}
    told |= changes
    risk = told["risk"]
    end = min(len(text), 7)
    phrase = {"text": text[:end], "start": 0, "end": end, "utf16_start": 0, "utf16_end": end}
    return New(
        text=text,
        source=told["source"],
        external_id=told.get("external_id"),
        nearness=-abs(risk - 0.5),
        result={
            "risk": risk,
            "band": "high" if risk > 0.8 else "review" if risk >= 0.5 else "low",
            "language": {"code": told["language"], "known": True},
            "model": "test",
            "indicators": {
                name: {"score": 0.9, "strength": "strong", "found": True} for name in told["found"]
            },
            "phrases": [{**phrase, "indicators": list(told["found"]), "contribution": 1.0}],
            "facts": [],
            "log_odds": 0.0,
            "intercept": 0.0,
            "rest": -1.0,
        },
    )
