import io
import json
from hashlib import sha256
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.kept import DecisionOut, HistoryOut, PageOut, QueueOut, StoredListOut, StoredOut
from serving.keys import Keys
from serving.settings import Settings
from serving.store.export import FORMS

TEXTS = ["We keep your passport, pay the ticket back. 🌴", "Cook in Vigo, contract, 40 hours."]


@pytest.fixture
def kept(keeper):
    """Two ads, as the service told of them."""
    sent = [
        {"text": text, "source": "board", "external_id": str(n)} for n, text in enumerate(TEXTS)
    ]
    return keeper.post("/v1/ads", json={"ads": sent}).json()["ads"]


@pytest.fixture
def address(kept):
    """Where the first ad is."""
    return f"/v1/ads/{kept[0]['id']}"


def test_kept_ads_have_the_score_of_the_same_text(keeper, kept):
    assert [each["text"] for each in kept] == TEXTS
    assert [each["sha256"] for each in kept] == [sha256(t.encode()).hexdigest() for t in TEXTS]
    for each in kept:
        assert each["result"] == keeper.post("/v1/score", json={"text": each["text"]}).json()
        assert keeper.get(f"/v1/ads/{each['id']}").json() == each


def test_sending_again_keeps_nothing_twice(keeper, kept):
    sent = [{name: each[name] for name in ("text", "source", "external_id")} for each in kept]
    assert keeper.post("/v1/ads", json={"ads": sent}).json()["ads"] == kept
    assert len(keeper.get("/v1/ads").json()["ads"]) == 2


def test_the_list_is_paged(keeper, kept):
    first = keeper.get("/v1/ads", params={"limit": 1}).json()
    second = keeper.get("/v1/ads", params={"limit": 1, "after": first["next"]}).json()
    assert [*first["ads"], *second["ads"]] == kept[::-1]
    assert second["next"] is None


def test_the_queue_counts_what_it_lists(keeper, kept):
    told = keeper.get("/v1/queue", params={"text": "passport"}).json()
    assert [each["id"] for each in told["ads"]] == [kept[0]["id"]]
    assert told["counts"]["source"] == {"board": 1}
    assert told["counts"]["status"] == {"open": 1}


def test_decide_and_undo(keeper, address):
    marked = [{"start": 0, "end": 21, "indicators": ["document_retention"]}]
    verdict = {"choice": "deceptive", "reasons": ["words"], "note": "n", "marked": marked}
    made = keeper.post(f"{address}/decisions", json=verdict).json()
    assert {name: made[name] for name in verdict} == verdict
    assert keeper.get(address).json()["verdict"] == "deceptive"
    assert keeper.get(f"{address}/decisions").json() == {"decisions": [made]}
    assert keeper.post(f"{address}/undo").json()["undone"]
    assert keeper.get(address).json()["status"] == "open"
    assert keeper.post(f"{address}/undo").status_code == 404


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/ads", PageOut),
        ("/v1/queue", QueueOut),
        ("{ad}", StoredOut),
        ("{ad}/decisions", HistoryOut),
    ],
)
def test_answers_are_what_their_schemas_declare(keeper, address, path, schema):
    keeper.post(f"{address}/decisions", json={"choice": "skip"})
    answer = keeper.get(path.format(ad=address))
    declared = schema.model_validate_json(answer.text).model_dump(mode="json")
    assert same_times(declared) == same_times(answer.json())


def same_times(told):
    return json.loads(json.dumps(told).replace("+00:00", "Z"))


def test_what_is_made_is_what_its_schema_declares(keeper, address):
    made = keeper.post("/v1/ads", json={"ads": [{"text": "Cook"}]})
    StoredListOut.model_validate_json(made.text)
    DecisionOut.model_validate_json(
        keeper.post(f"{address}/decisions", json={"choice": "skip"}).text
    )


@pytest.mark.parametrize("form", FORMS)
def test_exports(keeper, kept, address, form):
    keeper.post(f"{address}/decisions", json={"choice": "legitimate"})
    answer = keeper.get("/v1/exports", params={"format": form, "status": "decided"})
    assert answer.headers["content-type"].startswith(FORMS[form].media)
    assert FORMS[form].name in answer.headers["content-disposition"]
    id, other = [each["id"] for each in kept]
    told = _unzipped(answer.content) if form == "xlsx" else answer.content
    assert (id.encode() in told) == (form != "misp")  # which leaves honest ads out
    assert other.encode() not in told


def _unzipped(content):
    with ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/ads/nowhere", 404),
        ("GET", "/v1/ads/nowhere/decisions", 404),
        ("POST", "/v1/ads/nowhere/undo", 404),
        ("GET", "/v1/ads?band=higher", 422),
        ("GET", "/v1/ads?after=x", 422),
        ("GET", f"/v1/ads?after=1_{1 << 63}", 422),
        ("GET", "/v1/ads?limit=501", 422),
        ("GET", "/v1/ads?language=%00", 422),
        ("GET", "/v1/queue?sort=luck", 422),
        ("GET", "/v1/exports", 422),
        ("GET", "/v1/exports?format=pdf", 422),
    ],
)
def test_what_does_not_fit_is_a_problem(keeper, method, path, status):
    answer = keeper.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("verdict", "location"),
    [
        ({}, "body.choice"),
        ({"choice": "guilty"}, "body.choice"),
        ({"choice": "skip", "reasons": ["because"]}, None),
        ({"choice": "skip", "marked": [{"start": 0, "end": 999, "indicators": ["a"]}]}, None),
        ({"choice": "skip", "extra": 1}, "body.extra"),
    ],
    ids=str,
)
def test_verdicts_that_do_not_fit_are_refused(keeper, address, verdict, location):
    answer = keeper.post(f"{address}/decisions", json=verdict)
    assert answer.status_code == 422
    assert [fault["location"] for fault in answer.json()["errors"]] == [location] * bool(location)
    assert keeper.get(address).json()["status"] == "open"


def test_one_bad_ad_refuses_all(keeper):
    answer = keeper.post("/v1/ads", json={"ads": [{"text": "Cook"}, {"text": " "}]})
    assert answer.json()["errors"][0]["location"] == "body.ads[1].text"
    assert keeper.get("/v1/ads").json()["ads"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8000"}, 200),
        ({"host": "evil.example"}, 421),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
    ids=str,
)
def test_no_other_site_reads_what_is_kept(keeper, headers, status):
    assert keeper.get("/v1/ads", headers=headers).status_code == status


def test_with_keys_the_key_opens(scorer, store):
    client = TestClient(create_app(scorer, Settings(keys=Keys.of(["x" * 16])), store))
    assert client.get("/v1/ads").status_code == 401
    assert client.get("/v1/ads", headers={"X-API-Key": "x" * 16}).status_code == 200


def test_without_a_store_there_are_no_such_routes(client):
    assert client.get("/v1/ads").status_code == 404


def test_scores_are_given_while_the_database_is_away(keeper, store, tmp_path):
    store.close()
    (tmp_path / "ads.db").rename(tmp_path / "elsewhere.db")
    (tmp_path / "ads.db").mkdir()
    answer = keeper.get("/v1/ads")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert keeper.post("/v1/ads", json={"ads": [{"text": "Cook"}]}).status_code == 503
    assert keeper.post("/v1/score", json={"text": "Cook"}).status_code == 200
    (tmp_path / "ads.db").rmdir()
    (tmp_path / "elsewhere.db").rename(tmp_path / "ads.db")
    assert keeper.get("/v1/ads").status_code == 200
