from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings
from serving.store import engine
from serving.store.engine import Store
from tests.serving.store import postgres
from tests.serving.store.postgres import Server


@pytest.fixture(scope="session")
def client(scorer):
    """A client of an open service, to which an error nobody expected is an answer too."""
    return TestClient(create_app(scorer, Settings()), raise_server_exceptions=False)


@pytest.fixture
def store(request, tmp_path) -> Iterator[Store]:
    """An empty store in SQLite, or in PostgreSQL where a test asks for it."""
    url = f"sqlite:///{tmp_path}/ads.db"
    if getattr(request, "param", "sqlite") == "postgresql":
        url = request.getfixturevalue("server").new_url()
    opened = engine.open(url)
    yield opened
    opened.close()


@pytest.fixture
def keeper(scorer, store):
    """A client of a service on this machine that keeps ads."""
    app = create_app(scorer, Settings(), store)
    return TestClient(app, raise_server_exceptions=False, base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.running() as running:
        yield running
