import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings


@pytest.fixture(scope="session")
def client(scorer):
    """A client of an open service, to which an error nobody expected is an answer too."""
    return TestClient(create_app(scorer, Settings()), raise_server_exceptions=False)
