from collections.abc import Iterator
from threading import Event, Thread
from typing import get_args

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings
from serving.store import engine
from serving.store.engine import Store
from serving.store.uploads import Kind
from serving.uploads import worker
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
def settings(store, models, tmp_path) -> Settings:
    """The settings of a service with the store and the small model, on any free port."""
    url = store.engine.url.render_as_string(hide_password=False)
    return Settings(port=0, database=url, data=tmp_path / "data", model=models)


@pytest.fixture
def keeper(scorer, store, settings):
    """A client of a service on this machine that keeps ads."""
    app = create_app(scorer, settings, store)
    return TestClient(app, raise_server_exceptions=False, base_url="http://127.0.0.1:8000")


@pytest.fixture
def workers(store, settings) -> Iterator[None]:
    """What looks at uploads and scores them, on threads of their own."""
    ended = Event()
    threads = [
        Thread(target=worker.work, args=(kind, f"the {kind} of a test", settings, store, ended))
        for kind in get_args(Kind)
    ]
    for thread in threads:
        thread.start()
    yield
    ended.set()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.running() as running:
        yield running
