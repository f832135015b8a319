import json
import logging
from types import MappingProxyType

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.problems import MAX_FAULTS, MAX_NAME
from serving.settings import Settings

SECRET = "marker-of-the-text"


class Failing:
    """A scorer whose errors repeat the text, as those of libraries do."""

    version = "1"
    indicators = ()
    card = MappingProxyType({"version": 1})

    def score(self, ads):
        raise ValueError(f"cannot read {ads[0].text}")


@pytest.fixture(scope="module")
def failing():
    return TestClient(create_app(Failing(), Settings()), raise_server_exceptions=False)


def check(answer, status):
    """The problem in an answer, found to have its one shape."""
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"].endswith(".")
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("POST", "/v1/score/", 404),
        ("GET", "/v1/%00%ff\N{SNOWMAN}", 404),
        ("GET", "/v1/score", 405),
        ("DELETE", "/v1/model", 405),
        ("POST", "/healthz", 405),
    ],
)
def test_wrong_addresses_and_methods_are_problems(client, method, path, status):
    answer = client.request(method, path)
    assert check(answer, status)["errors"] == []
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        pytest.param({}, {"body.text": "Field required"}, id="missing"),
        pytest.param(["a"], {"body": "Input should be an object"}, id="not an object"),
        pytest.param(
            {"text": "a", "txt": SECRET},
            {"body.txt": "This field is unknown; leave it out."},
            id="unknown",
        ),
        pytest.param(
            {"text": "a", "\x1b[31m\N{SNOWMAN}": SECRET},
            {"body.\\x1b[31m\\u2603": "This field is unknown; leave it out."},
            id="unknown and not plain",
        ),
        pytest.param(
            {"text": "a", "n" * 99: 1},
            {"body." + "n" * MAX_NAME + "...": "This field is unknown; leave it out."},
            id="unknown and long",
        ),
    ],
)
def test_faults_name_their_place(client, body, faults):
    answer = client.post("/v1/score", json=body)
    found = check(answer, 422)["errors"]
    assert {each["location"]: each["message"] for each in found} == faults
    assert SECRET not in answer.text


def test_only_the_first_faults_are_listed(client):
    body = {"text": "a"} | {str(number): 1 for number in range(2_000)}
    problem = check(client.post("/v1/score", json=body), 422)
    assert len(problem["errors"]) == MAX_FAULTS
    assert "2,000 places" in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/score", "/v1/model"])
def test_what_nobody_expected_is_told_to_the_log_without_the_text(failing, path, caplog):
    method = "GET" if path == "/v1/model" else "POST"
    body = json.dumps({"text": SECRET})
    with caplog.at_level(logging.DEBUG):
        answer = failing.request(
            method, path, content=body, headers={"content-type": "application/json"}
        )
    check(answer, 500)
    assert SECRET not in answer.text
    ours = [record for record in caplog.records if record.name.startswith("serving")]
    failed, request = ours
    assert failed.getMessage().endswith("Error was raised")
    assert "routes" in failed.trace
    assert (request.route, request.status) == (path, 500)
    assert SECRET not in "".join(str(vars(record)) for record in caplog.records)
