import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings
from serving.store import engine


@pytest.fixture(scope="session")
def client(scorer):
    """A client of an open service, to which an error nobody expected is an answer too."""
    return TestClient(create_app(scorer, Settings()), raise_server_exceptions=False)


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    opened = engine.open(f"sqlite:///{tmp_path}/ads.db")
    yield opened
    opened.close()


@pytest.fixture
def keeper(scorer, store):
    """A client of a service on this machine that keeps ads."""
    app = create_app(scorer, Settings(), store)
    return TestClient(app, raise_server_exceptions=False, base_url="http://127.0.0.1:8000")
