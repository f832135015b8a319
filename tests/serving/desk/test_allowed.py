"""The allow list's page, and what ads say of it."""

import re
from datetime import date

import pytest

from model.ad import Ad
from serving.store import allowed, intake
from serving.store.intake import Received
from serving.store.values import Vouch

FIELDS = {
    "kind": "employer",
    "value": "Hotel Lago Verde",
    "owner": "Ana",
    "reason": "Visited <b>in May</b>.",
    "until": "2099-12-31",
}


def test_add_and_remove(desk, store):
    answer = desk.send("/allowed", FIELDS, on="/allowed")
    assert answer.url.path == "/allowed"
    assert "Visited &lt;b&gt;in May&lt;/b&gt;." in answer.text
    [made] = allowed.every(store)
    assert (made.value, made.until, made.by) == ("Hotel Lago Verde", date(2099, 12, 31), "local")
    answer = desk.send(f"/allowed/{made.id}/remove", {}, on="/allowed")
    assert "Nothing is on the list." in answer.text
    assert desk.send(f"/allowed/{made.id}/remove", {}, on="/allowed").status_code == 404


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "phone"}, "Write it with its country"),
        ({"until": "soon"}, "no date"),
        ({"until": "2020-01-01"}, "which is over"),
        ({"kind": "x"}, "The kind is"),
        ({"owner": " "}, "The owner is empty"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_lost(desk, store, changes, why):
    answer = desk.send("/allowed", {**FIELDS, **changes}, on="/allowed")
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="Hotel Lago Verde"' in answer.text
    assert allowed.every(store) == []


def test_ads_say_what_they_name(desk, store, scorer):
    desk.send("/allowed", FIELDS, on="/allowed")
    [ad] = intake.take(store, scorer, [Received(Ad("Cook wanted by Hotel Lago Verde, 40 hours."))])
    for path in ("/queue", f"/ads/{ad.id}"):
        assert re.search(
            r"employer(</span>)?\s+<bdi>Hotel Lago Verde</bdi>", desk.get(path).text
        ), path
    assert "Ana answers for it until 31 Dec 2099" in desk.get(f"/ads/{ad.id}").text


def test_another_page_adds_nothing(desk, store):
    answer = desk.http.post("/allowed", data={**FIELDS, "token": "x"})
    assert (answer.status_code, allowed.every(store)) == (403, [])


def test_a_long_list_comes_page_by_page_and_none_is_heavy(desk, store):
    for n in range(101):
        told = {"owner": "Ana " * 9, "reason": "Visited. " * 9, "until": date(2099, 1, 1)}
        allowed.add(store, Vouch(kind="employer", value=f"Hotel number {n}", **told))
    first = desk.get("/allowed").text
    following = re.search(r'href="(/allowed\?after=[^"]+)"', first)[1]
    assert len(first.encode()) <= 100_000
    assert first.count("/remove") == 100
    assert desk.get(following).text.count("/remove") == 1
