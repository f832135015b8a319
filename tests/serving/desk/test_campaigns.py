"""Campaign pages, one verdict for near-copies, and who has taken an ad, without scripts."""

import pytest

from model.ad import Ad
from serving.app import create_app
from serving.store import ads, campaigns, decisions, intake, people, queue
from serving.store.intake import Received
from serving.store.values import Filter
from tests.serving.desk.conftest import Client

AD = "Hotel cleaners wanted in {}, 1,200 EUR a month, room and meals paid. Ask for Rosa."
CALL = " Call +1 202-555-0162"
OTHER = "Welders for a shipyard in the north, paid by the hour, tools and boots given."
SECRET = "four words that differ"


@pytest.fixture
def tied(store, scorer):
    """Three near-copies and an ad with the same number, in one campaign, and a stranger."""
    texts = [*(AD.format(place) + CALL for place in ("Malta", "Cyprus", "Crete")), OTHER + CALL]
    texts.append("Bakers for a village in the hills, nights, two days free, a room over the shop.")
    kept = [intake.take(store, scorer, [Received(Ad(each))])[0] for each in texts]
    return [ads.get(store, each.id) for each in kept]


def open_ads(store):
    return queue.counts(store, Filter())["status"].get("open", 0)


def test_the_list_shows_the_largest_first(desk, tied):
    assert "No two ads belong together yet." not in desk.get("/campaigns").text
    assert f'href="/campaigns/{tied[0].campaign}"' in desk.get("/campaigns").text


def test_an_empty_store_has_no_campaign(desk):
    assert "No two ads belong together yet." in desk.get("/campaigns").text
    assert desk.get("/campaigns/none").status_code == 404


def test_a_campaign_shows_what_differs_and_what_is_shared(desk, tied, store):
    name = campaigns.split(store, tied[0].campaign, [each.id for each in tied[:3]])
    page = desk.get(f"/campaigns/{name}").text
    assert '<mark class="slot">Crete<sup>1</sup></mark>' in page
    assert all(f'<mark class="slot">{place}</mark>' in page for place in ("Malta", "Cyprus"))
    assert "+12025550162" in page
    assert "in 3 ads" in page
    assert "Kept apart by hand from" in page


def test_one_verdict_for_the_near_copies_and_undo_for_all(desk, tied, store):
    page = desk.get(f"/ads/{tied[1].id}").text
    assert "2 open near-copies: decide for all" in page
    fields = {"choice": "deceptive", "reason": "copy", "copies": "yes", "right": tied[1].found}
    answer = desk.send(f"/ads/{tied[1].id}/decide?sort=newest", fields, on=f"/ads/{tied[1].id}")
    assert "3 ads decided:" in answer.text
    assert [ads.get(store, each.id).verdict for each in tied] == ["deceptive"] * 3 + [None] * 2
    assert decisions.history(store, tied[0].id)[0].verdict.reasons == ("copy",)
    at = decisions.history(store, tied[1].id)[0].at
    desk.send(f"/ads/{tied[1].id}/undo", {"at": at.isoformat()})
    assert open_ads(store) == 5


def test_without_the_tick_only_the_ad_is_decided(desk, tied, store):
    fields = {"choice": "deceptive", "right": tied[1].found}
    answer = desk.send(f"/ads/{tied[1].id}/decide", fields, on=f"/ads/{tied[1].id}")
    assert "Decided:" in answer.text
    assert open_ads(store) == 4
    desk.send(f"/ads/{tied[1].id}/undo", {})
    assert open_ads(store) == 5


def test_a_campaign_is_decided_together_and_undone(desk, tied, store):
    path = f"/campaigns/{tied[0].campaign}"
    answer = desk.send(f"{path}/decide", {"choice": "unsure", "note": "All of one hand."}, on=path)
    assert "4 ads decided together." in answer.text
    assert open_ads(store) == 1
    at = decisions.history(store, tied[0].id)[0].at
    desk.send(f"{path}/undo", {"at": at.isoformat()}, on=path)
    assert open_ads(store) == 5


@pytest.mark.parametrize(
    ("fields", "words", "left"),
    [
        ({"choice": "deceptive", "which": "ticked"}, "No ad is ticked", 5),
        ({"choice": "banned"}, "The verdict is", 5),
        ({"choice": "deceptive", "reason": "none"}, "The reason is", 5),
        ({"choice": "deceptive", "which": "ticked", "ad": "{0}"}, "1 ad decided together", 4),
        ({"choice": "skip"}, "4 ads decided together", 1),
    ],
)
def test_ticked_ads_alone_may_be_decided(desk, tied, store, fields, words, left):
    path = f"/campaigns/{tied[0].campaign}"
    told = {name: value.format(tied[0].id) for name, value in fields.items()}
    assert words in desk.send(f"{path}/decide", told, on=path).text
    assert open_ads(store) == left


def test_a_campaign_is_split_and_merged_by_hand(desk, tied, store):
    path = f"/campaigns/{tied[0].campaign}"
    assert "0 ads are to be taken out" in desk.send(f"{path}/split", {}, on=path).text
    answer = desk.send(f"{path}/split", {"ad": [tied[3].id]}, on=path)
    own = ads.get(store, tied[3].id).campaign
    assert answer.url.path == f"/campaigns/{own}"
    pasted = f"http://127.0.0.1:8000/ads/{tied[4].id}?sort=newest"
    desk.send(f"{path}/merge", {"with": pasted}, on=path)
    assert ads.get(store, tied[4].id).campaign == tied[0].campaign
    desk.send(f"{path}/merge", {"with": f"/campaigns/{own}"}, on=path)
    assert ads.get(store, tied[3].id).campaign == tied[0].campaign
    assert "already" in desk.send(f"{path}/merge", {"with": tied[4].id}, on=path).text
    assert desk.send(f"{path}/merge", {"with": "none"}, on=path).status_code == 404


def test_an_ad_is_taken_and_given_back(desk, tied, store):
    path = f"/ads/{tied[0].id}"
    assert "Take it" in desk.get(path).text
    assert "Give it back" in desk.send(f"{path}/assign", {"to": "local"}, on=path).text
    assert ads.get(store, tied[0].id).assignee == "local"
    desk.send(f"{path}/assign", {"to": ""}, on=path)
    assert ads.get(store, tied[0].id).assignee is None
    assert desk.send(f"{path}/assign", {"to": "nobody-here"}, on=path).status_code == 422


def test_an_ad_is_assigned_to_somebody_who_decides(scorer, store, settings, tied):
    for name, role in (("boss", "admin"), ("ana", "analyst"), ("vi", "viewer")):
        people.add(store, name, SECRET, role)
    desk = Client(create_app(scorer, settings, store))
    desk.send("/login", {"name": "boss", "password": SECRET}, on="/login")
    page = desk.get(f"/ads/{tied[0].id}").text
    assert "<option>ana</option>" in page
    assert "<option>vi</option>" not in page
    answer = desk.send(f"/ads/{tied[0].id}/assign", {"to": "ana"}, on="/account")
    assert "Taken by ana" in answer.text


def test_a_viewer_sees_campaigns_without_contacts(scorer, store, settings, tied):
    people.add(store, "boss", SECRET, "admin")
    people.add(store, "vi", SECRET, "viewer")
    desk = Client(create_app(scorer, settings, store))
    desk.send("/login", {"name": "vi", "password": SECRET}, on="/login")
    for path in ("/campaigns", f"/campaigns/{tied[0].campaign}"):
        page = desk.get(path).text
        assert "Welders" in page
        assert "202-555" not in page
        assert 'name="choice"' not in page


def test_the_same_over_http(keeper, tied):
    name = tied[0].campaign
    listed = keeper.get("/v1/campaigns?limit=1").json()
    assert (listed["campaigns"][0]["name"], listed["next"]) == (name, name)
    assert keeper.get(f"/v1/campaigns?after={name}").json() == {"campaigns": [], "next": None}
    told = keeper.get(f"/v1/campaigns/{name}").json()
    assert (told["size"], told["open"]) == (4, 4)
    assert told["contacts"] == [{"kind": "phone", "value": "+12025550162", "ads": 4}]
    page = keeper.get(f"/v1/campaigns/{name}/ads?limit=3").json()
    assert [each["id"] for each in page["ads"]] == [each.id for each in tied[3:0:-1]]
    rest = keeper.get(f"/v1/campaigns/{name}/ads?after={page['next']}").json()
    assert [each["id"] for each in rest["ads"]] == [tied[0].id]
    made = keeper.post(f"/v1/campaigns/{name}/decisions", json={"choice": "deceptive"}).json()
    assert len(made["decisions"]) == 4
    again = keeper.post(f"/v1/campaigns/{name}/decisions", json={"choice": "deceptive"}).json()
    assert again == {"at": None, "decisions": []}
    undone = keeper.post(f"/v1/campaigns/{name}/undo", json={"at": made["at"]}).json()
    assert undone == {"undone": 4}
    other = keeper.post(f"/v1/campaigns/{name}/split", json={"ads": [tied[3].id]}).json()
    assert other["apart"] == [name]
    merged = keeper.post(f"/v1/campaigns/{name}/merge", json={"with": other["name"]}).json()
    assert (merged["name"], merged["size"], merged["apart"]) == (name, 4, [])
    some = {"choice": "unsure", "ads": [tied[4].id]}
    assert keeper.post(f"/v1/campaigns/{name}/decisions", json=some).status_code == 404
    taken = keeper.post(f"/v1/ads/{tied[0].id}/assign", json={"to": "local"}).json()
    assert taken["assignee"] == "local"
    assert keeper.post(f"/v1/ads/{tied[0].id}/assign", json={"to": "x y"}).status_code == 422
