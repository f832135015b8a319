import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.keys import Keys
from serving.settings import Settings

KEY = "ключ-long-enough-to-use"
OTHER = "other-key-long-enough"
LOCKED = ["/v1/indicators", "/v1/model"]


@pytest.fixture(scope="module")
def locked(scorer):
    settings = Settings(keys=Keys.of([OTHER, KEY]))
    return TestClient(create_app(scorer, settings), raise_server_exceptions=False)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Authorization": f"Bearer {KEY}"}, id="bearer"),
        pytest.param({"authorization": f"bearer {OTHER}"}, id="bearer in small letters"),
        pytest.param({"X-API-Key": KEY}, id="own header"),
        pytest.param({"Authorization": "Bearer wrong", "X-API-Key": OTHER}, id="one of two"),
    ],
)
def test_a_key_opens(locked, headers):
    sent = {name: value.encode() for name, value in headers.items()}
    assert locked.post("/v1/score", json={"text": "Cook wanted"}, headers=sent).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer "}, id="empty bearer"),
        pytest.param({"Authorization": f"Bearer {OTHER}x"}, id="wrong bearer"),
        pytest.param({"Authorization": f"Basic {OTHER}"}, id="other scheme"),
        pytest.param({"Authorization": OTHER}, id="no scheme"),
        pytest.param({"X-API-Key": ""}, id="empty own header"),
        pytest.param({"X-API-Key": OTHER[:-1]}, id="key cut short"),
        pytest.param({"X-API-Key": f"{OTHER},{KEY}"}, id="the whole list"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch", *LOCKED])
def test_without_a_key_nothing_opens(locked, path, headers):
    sent = {name: value.encode() for name, value in headers.items()}
    answer = locked.request("GET" if path in LOCKED else "POST", path, headers=sent)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_key_is_asked_for_before_the_body_is_read(locked):
    assert locked.post("/v1/score", content=b"[" * 2_000_000).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
def test_health_and_the_document_stay_open(locked, path):
    assert locked.get(path).status_code == 200


def test_the_document_tells_of_the_keys_only_if_there_are_any(locked, client):
    for path, method in [("/v1/score", "post"), ("/v1/model", "get")]:
        asked = locked.get("/openapi.json").json()["paths"][path][method]
        assert asked["security"] == [{"HTTPBearer": []}, {"APIKeyHeader": []}]
        assert "401" in asked["responses"]
        unasked = client.get("/openapi.json").json()["paths"][path][method]
        assert "security" not in unasked
        assert "401" not in unasked["responses"]


def test_no_keys_admit_nobody():
    assert not Keys().admit("")
