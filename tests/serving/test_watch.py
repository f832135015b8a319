"""What a service tells of itself: figures, and a log without a word of any ad."""

import json
import logging
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from logging.config import dictConfig
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Route

from model.ad import Ad
from serving import logs
from serving.app import create_app
from serving.keys import Keys
from serving.settings import Settings
from serving.watch import template

PHONE = "+1 202-555-0162"
AD = f"Cook wanted in a hotel by the lake, room and meals paid. Call {PHONE} and ask for Rosa."
KEY = "a-key-of-sixteen-or-more"


def figures(client, **headers):
    """Each figure by its name and labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_and_scores_are_counted(keeper, scorer):
    keeper.post("/v1/score", json={"text": AD})
    keeper.post("/v1/score/batch", json={"ads": [{"text": AD}] * 3})
    keeper.post("/v1/score", json={})
    keeper.get("/v1/ads/some-name")
    keeper.get("/nothing/here")
    keeper.request("INVENTED", "/v1/score")
    told = figures(keeper)
    count = "lurewatch_requests_total"
    assert told[count, "POST", "/v1/score", "200"] == 1
    assert told[count, "POST", "/v1/score/batch", "200"] == 1
    assert told[count, "POST", "/v1/score", "422"] == 1
    assert told[count, "GET", "/v1/ads/{id}", "404"] == 1
    assert told[count, "GET", "", "404"] == 1
    assert told[count, "other", "/v1/score", "405"] == 1
    assert told["lurewatch_request_seconds_count", "/v1/score"] == 3
    [score] = scorer.score([Ad(AD)])
    assert told["lurewatch_scored_ads_total", score.band] == 4
    assert told["lurewatch_model_info", scorer.version] == 1


def test_the_queue_is_told_by_status(keeper):
    sent = [{"text": f"{AD} {n}"} for n in range(3)]
    kept = keeper.post("/v1/ads", json={"ads": sent}).json()["ads"]
    keeper.post(f"/v1/ads/{kept[0]['id']}/decisions", json={"choice": "unsure"})
    told = figures(keeper)
    assert [told["lurewatch_ads", each] for each in ("open", "decided", "skipped")] == [2, 1, 0]
    assert told["lurewatch_database_up",] == 1


def test_a_database_that_is_away_is_a_figure(keeper, store, tmp_path):
    store.close()
    for file in tmp_path.glob("ads.db*"):
        file.unlink()
    (tmp_path / "ads.db").mkdir()
    told = figures(keeper)
    assert told["lurewatch_database_up",] == 0
    assert not [name for name in told if name[0] == "lurewatch_ads"]


@pytest.mark.parametrize(
    ("keys", "headers", "status"),
    [
        ([], {}, 200),
        ([], {"host": "elsewhere.example"}, 421),
        ([], {"sec-fetch-site": "cross-site"}, 403),
        ([KEY], {}, 401),
        ([KEY], {"x-api-key": KEY, "host": "elsewhere.example"}, 200),
    ],
)
def test_figures_are_for_who_may(scorer, keys, headers, status):
    app = create_app(scorer, Settings(keys=Keys.of(keys)))
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ({"path": "/secret", "root_path": ""}, ""),
        ({"path": "/desk/desk.css", "root_path": "/desk"}, "/desk"),
        ({"path": "/ads/x", "route": Route("/ads/{id}", print)}, "/ads/{id}"),
        ({"path": "/ads/ads/ads", "route": Route("/ads/{a}/ads", print)}, "/ads/{a}/ads"),
        ({"path": "/v1/v1/v1", "route": Route("/{x}/{y}", print)}, "/v1/{x}/{y}"),
        ({"path": "/v1/score", "route": Route("/score", print)}, "/v1/score"),
        ({"path": "/", "route": Route("/", print)}, "/"),
    ],
)
def test_addresses_are_told_by_template(scope, told):
    assert template(scope) == told


def test_a_caller_is_told_by_the_place_of_its_key(scorer, caplog):
    client = TestClient(create_app(scorer, Settings(keys=Keys.of(["x" * 16, KEY]))))
    with caplog.at_level(logging.INFO, "serving"):
        client.get("/v1/model", headers={"X-API-Key": KEY})
        client.get("/v1/model", headers={"X-API-Key": "wrong"})
    assert [(each.status, each.caller) for each in caplog.records] == [(200, "key 2"), (401, None)]


@pytest.fixture
def served(models, tmp_path):
    """A service in a process of its own: its port, its process and its log so far."""
    command = [Path(sys.executable).parent / "lurewatch", "serve", "--model", models, "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stderr.readline()]
        while "Listening on" not in lines[-1]:
            lines.append(process.stderr.readline())
        del lines[:-1]  # where the scorer took long to prepare, a word about it comes first
        port = int(json.loads(lines[-1])["event"].rpartition(":")[2])
        yield port, process, lines
        process.kill()


def send(port, method, path, body=None):
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, path, body and json.dumps(body), headers)
        return connection.getresponse().status


def test_nothing_of_an_ad_is_in_the_log(served, tmp_path):
    port, process, lines = served
    kept = {"ads": [{"text": AD, "source": "board", "external_id": PHONE}]}
    statuses = [
        send(port, "POST", "/v1/score", {"text": AD}),
        send(port, "POST", "/v1/ads", kept),
        send(port, "GET", "/v1/queue?text=2025550162"),
        send(port, "GET", "/v1/ads/+12025550162"),
        send(port, "GET", "/+12025550162"),
        send(port, "POST", "/v1/score", {"+12025550162": AD}),
    ]
    # The database's error will quote what was to be written.
    with closing(sqlite3.connect(tmp_path / "lurewatch.db")) as connection:
        connection.execute("DROP TABLE texts")
    again = {"ads": [{"text": f"{AD} Again.", "source": PHONE}]}
    statuses += [send(port, "POST", "/v1/ads", again), send(port, "GET", "/v1/queue")]
    process.terminate()
    said = [json.loads(line) for line in [*lines, *process.stderr.readlines()]]
    assert statuses == [200, 200, 200, 404, 404, 422, 500, 500]
    requests = [each for each in said if each["event"] == "request"]
    assert [each["status"] for each in requests] == statuses
    assert requests[3]["route"] == "/v1/ads/{id}"
    errors = [each for each in said if each["level"] == "error"]
    assert [each["event"] for each in errors] == ["OperationalError was raised"] * 2
    assert all("serving/store/ads.py" in each["trace"] for each in errors)
    assert "2025550162" not in "".join(char for char in str(said) if char.isalnum())
    assert "Rosa" not in str(said)


def test_every_figure_is_documented(keeper):
    text = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    parts = re.compile("_(bucket|count|sum|created)$")
    names = {parts.sub("", name) for name, *_ in figures(keeper) if "_created" not in name}
    assert [name for name in names if f"| `{name}` |" not in text] == []


def test_what_libraries_say_is_not_repeated(capsys):
    dictConfig(logs.config())
    try:
        raise ValueError(AD)
    except ValueError:
        logging.getLogger("asyncio").exception("Task failed: %s", AD)
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [each["logger"] for each in said] == ["asyncio", "uvicorn.error"]
    assert all("ValueError\n" in each["trace"] for each in said)
    assert AD not in str(said)
