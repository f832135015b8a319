"""Every address with every role: who is let in is what the one table says."""

import re
from collections import deque

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.roles import NEEDS, OF_PEOPLE, RIGHTS, ROLES
from serving.store import api_keys, people, sessions

OPEN = {"GET /healthz", "GET /readyz"}  # tell nothing
HOST = "desk.example"
SECRET = "four words that differ"


def addresses(app):
    """Each method and address of the app, but for the document and the desk's files."""
    found, left = set(), deque([("", app.router.routes)])
    while left:
        before, routes = left.popleft()
        for route in routes:
            if isinstance(route, APIRoute):
                found |= {f"{method} {before}{route.path}" for method in route.methods}
            elif hasattr(route, "original_router"):
                prefix = route.include_context.prefix
                left.append((before + prefix, route.original_router.routes))
    return found


@pytest.fixture
def app(scorer, store, settings):
    return create_app(scorer, settings, store)


@pytest.fixture
def guarded(scorer, store, settings):
    """A client that nobody knows, of a service where people have passwords."""
    people.add(store, "boss", SECRET, "admin")
    app = create_app(scorer, settings, store)
    return TestClient(
        app, base_url=f"http://{HOST}", raise_server_exceptions=False, follow_redirects=False
    )


def test_every_address_is_in_the_table(app):
    assert addresses(app) - OPEN == set(NEEDS)


@pytest.mark.parametrize("role", ROLES)
def test_a_key_opens_what_its_role_may(guarded, store, role):
    _, secret = api_keys.add(store, "crawler", role)
    for name, right in NEEDS.items():
        method, path = name.split()
        if not path.startswith(("/v1", "/metrics")):
            continue
        answer = ask(guarded, method, path, {"Authorization": f"Bearer {secret}"})
        assert (answer.status_code != 403) == (right in RIGHTS[role]), name
        assert answer.status_code != 401
        assert ask(guarded, method, path).status_code == 401


@pytest.mark.parametrize("role", OF_PEOPLE)
def test_somebody_logged_in_sees_what_their_role_may(guarded, store, role):
    person = people.add(store, "ana", SECRET, role)
    for name, right in NEEDS.items():
        method, path = name.split()
        if path.startswith(("/v1", "/metrics")) or right is None:
            continue
        cookie = {"Cookie": f"lurewatch_session={sessions.begin(store, person)}"}
        answer = ask(guarded, method, path, cookie)
        # A form without its token is refused too, with other words.
        refused = answer.status_code == 403 and "has no right" in answer.text
        assert refused == (right not in RIGHTS[role]), name
        stranger = ask(guarded, method, path)
        assert stranger.status_code == (303 if method == "GET" else 401), name
        if method == "GET":
            assert stranger.headers["location"].startswith("/login?to=%2F")


def test_a_session_opens_no_v1(guarded, store):
    cookie = {"Cookie": f"lurewatch_session={sessions.begin(store, people.named(store, 'boss'))}"}
    assert ask(guarded, "GET", "/v1/ads", cookie).status_code == 401


def test_a_key_opens_no_page(guarded, store):
    _, secret = api_keys.add(store, "crawler", "admin")
    answer = ask(guarded, "GET", "/queue", {"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 303


def test_an_address_that_is_not_listed_is_refused(guarded, store, monkeypatch):
    _, secret = api_keys.add(store, "crawler", "admin")
    monkeypatch.delitem(NEEDS, "GET /v1/queue")
    answer = ask(guarded, "GET", "/v1/queue", {"X-API-Key": secret})
    assert answer.status_code == 403


def ask(client, method, path, headers=None):
    address = re.sub("{.*?}", "result", path)
    return client.request(method, address, headers=headers)
