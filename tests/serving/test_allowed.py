import pytest

from serving.kept import StoredOut
from serving.vouched import AllowedOut, AllowListOut

VOUCH = {
    "kind": "employer",
    "value": "Hotel Lago Verde",
    "owner": "Ana",
    "reason": "Visited.",
    "until": "2099-12-31",
}


def test_add_list_and_remove(keeper):
    made = keeper.post("/v1/allowed", json=VOUCH).json()
    AllowedOut.model_validate(made)
    assert {name: made[name] for name in VOUCH} == VOUCH
    assert made["by"] == "local"
    assert keeper.get("/v1/allowed").json() == {"allowed": [made]}
    AllowListOut.model_validate_json(keeper.get("/v1/allowed").text)
    assert keeper.delete(f"/v1/allowed/{made['id']}").json() == made
    assert keeper.get("/v1/allowed").json() == {"allowed": []}
    assert keeper.delete(f"/v1/allowed/{made['id']}").status_code == 404


def test_ads_say_what_they_name(keeper):
    keeper.post("/v1/allowed", json=VOUCH)
    text = "Cook for HOTEL LAGO VERDE, contract, 40 hours."
    [ad] = keeper.post("/v1/ads", json={"ads": [{"text": text}]}).json()["ads"]
    StoredOut.model_validate(ad)
    assert ad["known"] == [{"kind": "employer", "value": "Hotel Lago Verde"}]
    assert keeper.get(f"/v1/ads/{ad['id']}").json() == ad
    assert keeper.get("/v1/queue").json()["ads"] == [ad]
    assert ad["result"] == keeper.post("/v1/score", json={"text": text}).json()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "person"},
        {"kind": "phone", "value": "555"},
        {"until": "2020-01-01"},
        {"until": "soon"},
        {"owner": ""},
        {"owner": " "},
        {"more": 1},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(keeper, changes):
    assert keeper.post("/v1/allowed", json={**VOUCH, **changes}).status_code == 422
    assert keeper.get("/v1/allowed").json() == {"allowed": []}
