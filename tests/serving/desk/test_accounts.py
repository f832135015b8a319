"""Logging in and out, people, keys and what roles see, page by page without scripts."""

import json
import re

import pytest

from model.ad import Ad
from serving.app import create_app
from serving.desk.guard import COOKIE, SESSION
from serving.pace import Pace
from serving.store import api_keys, decisions, intake, people, queue, sessions
from serving.store.intake import Received
from serving.store.values import Filter, Verdict
from tests.serving.desk.conftest import HOST, TOKEN, Client

SECRET = "four words that differ"
OTHER = "five other words that differ"
PHONE = "+34 612 345 678"
AD = f"Cook wanted in Spain 🍲, we keep your passport. Call {PHONE} or write to ana@lure.example"


@pytest.fixture
def boss(store):
    return people.add(store, "boss", SECRET, "admin")


@pytest.fixture
def guarded(scorer, store, settings, boss):
    """A browser at a desk where people have passwords."""
    assert boss.role == "admin"
    return Client(create_app(scorer, settings, store))


def enter(desk, name, password=SECRET, to="/queue"):
    return desk.send(f"/login?to={to}", {"name": name, "password": password}, on="/login")


def logged_in(client, store, name, role):
    people.add(store, name, SECRET, role)
    enter(client, name)
    return client


def test_logging_in_leads_to_where_one_wanted_to_go(guarded):
    answer = guarded.get("/queue?band=high")
    assert str(answer.url).endswith("/login?to=%2Fqueue%3Fband%3Dhigh")
    action = re.search(r'action="(/login[^"]*)"', answer.text)[1]
    answer = guarded.send(action, {"name": " BOSS ", "password": SECRET}, on="/login")
    assert str(answer.url) == f"http://{HOST}/queue?band=high"
    assert "boss" in answer.text
    assert guarded.get("/login").url.path == "/"


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_logging_in_leads_nowhere_else(guarded, to):
    answer = enter(guarded, "boss", to=to)
    assert answer.url.host == "127.0.0.1"
    assert answer.url.path == "/"


@pytest.mark.parametrize(("name", "password"), [("boss", OTHER), ("nobody", SECRET), ("", "")])
def test_a_wrong_password_and_a_wrong_name_are_told_alike(guarded, name, password):
    answer = enter(guarded, name, password)
    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text
    assert password not in answer.text or not password
    assert SESSION not in guarded.http.cookies


def test_too_many_wrong_passwords_are_slowed_down(guarded):
    for _ in range(5):
        assert enter(guarded, "boss", OTHER).status_code == 401
    answer = enter(guarded, "boss")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300
    assert enter(guarded, "other").status_code == 401


def test_one_address_may_not_try_many_names():
    pace = Pace()
    for n in range(30):
        pace.login(f"name{n}", "192.0.2.1")
        pace.wrong(f"name{n}", "192.0.2.1")
    pace.login("name", "192.0.2.2")
    with pytest.raises(Exception, match="429"):
        pace.login("name", "192.0.2.1")


def test_a_login_begins_a_new_session_and_ends_the_old_one(guarded, store, boss):
    """Session fixation: a secret that somebody else left in the browser opens nothing after."""
    planted = sessions.begin(store, boss)
    guarded.http.cookies.set(SESSION, planted, domain="127.0.0.1")
    guarded.http.cookies.set(SESSION, "x" * 43, domain="127.0.0.1")
    enter(guarded, "boss")
    given = guarded.http.cookies[SESSION]
    assert given not in (planted, "x" * 43)
    assert sessions.of(store, "x" * 43) is None
    assert sessions.of(store, given) == boss
    people.add(store, "ana", SECRET, "viewer")
    again = Client(guarded.http.app)
    again.http.cookies.set(SESSION, given, domain="127.0.0.1")
    token = TOKEN.search(again.get("/account").text)[1]
    answer = again.http.post(
        "/login", data={"token": token, "name": "ana", "password": SECRET}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert sessions.of(store, given) is None


def test_the_cookie_is_kept_from_scripts_and_from_plain_http(guarded, scorer, store, settings):
    plain = guarded.send("/login", {"name": "boss", "password": SECRET}, on="/login").history[0]
    assert "httponly" in plain.headers["set-cookie"].lower()
    assert "samesite=lax" in plain.headers["set-cookie"].lower()
    assert "secure" not in plain.headers["set-cookie"].lower()
    safe = Client(create_app(scorer, settings, store))
    safe.http.base_url = f"https://{HOST}"
    told = safe.send("/login", {"name": "boss", "password": SECRET}, on="/login").history[0]
    assert "secure" in told.headers["set-cookie"].lower()


def test_a_form_needs_the_token_of_its_own_session(guarded, store):
    before = TOKEN.search(guarded.get("/login").text)[1]
    enter(guarded, "boss")
    own = TOKEN.search(guarded.get("/admin").text)[1]
    people.add(store, "eve", SECRET, "admin")
    eve = Client(guarded.http.app)
    enter(eve, "eve")
    others = TOKEN.search(eve.get("/admin").text)[1]
    made = {"key": "crawler", "key-role": "score", "a-minute": "9"}
    for token in (before, others, guarded.http.cookies.get(COOKIE, ""), "", own[:-1]):
        assert guarded.http.post("/admin/keys", data={"token": token, **made}).status_code == 403
    assert api_keys.every(store) == []
    assert guarded.http.post("/admin/keys", data={"token": own, **made}).status_code == 200
    assert [each.by for each in api_keys.every(store)] == ["boss"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "https://other.desk.example"},
        {"origin": "null"},
    ],
)
def test_another_sites_form_does_nothing_for_somebody_logged_in(guarded, store, headers):
    enter(guarded, "boss")
    answer = guarded.send("/queue", {"text": "Cook wanted"}, **headers)
    assert answer.status_code == 403
    assert queue.counts(store, Filter())["status"] == {}


def test_logging_out_ends_the_session(guarded, store):
    enter(guarded, "boss")
    secret = guarded.http.cookies[SESSION]
    answer = guarded.send("/logout", {}, on="/account")
    assert answer.url.path == "/login"
    assert sessions.of(store, secret) is None
    guarded.http.cookies.set(SESSION, secret, domain="127.0.0.1")
    assert guarded.get("/queue").url.path == "/login"


def test_a_password_is_changed_by_whoever_knows_the_old_one(guarded, store, boss):
    enter(guarded, "boss")
    elsewhere = sessions.begin(store, boss)
    wrong = guarded.send("/account", {"old": OTHER, "new": OTHER}, on="/account")
    assert wrong.status_code == 422
    short = guarded.send("/account", {"old": SECRET, "new": "short"}, on="/account")
    assert "has 5 characters" in short.text
    assert sessions.of(store, elsewhere) == boss
    answer = guarded.send("/account", {"old": SECRET, "new": OTHER}, on="/account")
    assert "The password was changed" in answer.text
    assert sessions.of(store, elsewhere) is None
    assert people.check(store, "boss", OTHER) == boss


def test_the_first_person_closes_the_desk_to_everybody_else(desk):
    assert "whoever uses this machine may do everything" in desk.get("/admin").text
    refused = desk.send(
        "/admin/people", {"name": "ana", "password": SECRET, "role": "viewer"}, on="/admin"
    )
    assert refused.status_code == 422
    assert "first person must be an admin" in refused.text
    answer = desk.send(
        "/admin/people", {"name": "ana", "password": SECRET, "role": "admin"}, on="/admin"
    )
    assert answer.url.path == "/login"
    assert desk.http.get("/v1/ads").status_code == 401
    assert enter(desk, "ana", to="/admin").url.path == "/admin"


def test_an_admin_keeps_people(guarded, store, boss):
    enter(guarded, "boss")
    for name, role in (("ana", "viewer"), ("bo", "analyst")):
        fields = {"name": name, "password": SECRET, "role": role}
        assert guarded.send("/admin/people", fields, on="/admin").status_code == 200
    ana = people.named(store, "ana")
    guarded.send(f"/admin/people/{ana.id}/role", {"role": "analyst"}, on="/admin")
    guarded.send(f"/admin/people/{ana.id}/password", {"password": OTHER}, on="/admin")
    assert people.check(store, "ana", OTHER).role == "analyst"
    guarded.send(f"/admin/people/{ana.id}/remove", {}, on="/admin")
    assert [each.name for each in people.every(store)] == ["bo", "boss"]
    answer = guarded.send(f"/admin/people/{boss.id}/remove", {}, on="/admin")
    assert "boss is the last admin" in answer.text
    assert guarded.send("/admin/people/x/remove", {}, on="/admin").status_code == 404


def test_a_key_is_shown_once_and_works_until_it_is_revoked(guarded, store):
    enter(guarded, "boss")
    fields = {"key": "crawler", "key-role": "feed", "a-minute": "60"}
    answer = guarded.send("/admin/keys", fields, on="/admin")
    secret = re.search(r"lw_[\w-]{43}", answer.text)[0]
    assert secret not in guarded.get("/admin").text
    program = Client(guarded.http.app)
    key = {"x-api-key": secret}
    kept = program.http.post("/v1/ads", json={"ads": [{"text": AD}]}, headers=key)
    assert kept.status_code == 200
    assert program.get("/v1/ads", **key).status_code == 403
    guarded.send(f"/admin/keys/{api_keys.named(store, 'crawler').id}/revoke", {}, on="/admin")
    assert program.http.post("/v1/score", json={"text": AD}, headers=key).status_code == 401


@pytest.mark.usefixtures("boss")
def test_a_key_may_not_ask_too_often(guarded, store):
    _, secret = api_keys.add(store, "crawler", "score", a_minute=3)
    _, other = api_keys.add(store, "other", "score", a_minute=3)
    said = [guarded.get("/v1/indicators", **{"x-api-key": secret}) for _ in range(5)]
    assert [each.status_code for each in said] == [200, 200, 200, 429, 429]
    assert 0 < int(said[-1].headers["retry-after"]) <= 60
    assert guarded.get("/v1/indicators", **{"x-api-key": other}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": "0"}, "tick that you are sure"),
        ({"days": "-1", "sure": "yes"}, "number of days"),
        ({"days": "9" * 6, "sure": "yes"}, "number of days"),
        ({"days": "0", "status": "x", "sure": "yes"}, "The status is"),
        ({"days": "1", "sure": "yes"}, "0 ads were deleted"),
        ({"days": "0", "sure": "yes", "status": "decided"}, "0 ads were deleted"),
        ({"days": "0", "sure": "yes"}, "1 ad was deleted"),
    ],
)
def test_an_admin_deletes_what_is_old(desk, store, scorer, fields, words):
    intake.take(store, scorer, [Received(Ad(AD))])
    assert words in desk.send("/admin/purge", fields, on="/admin").text.replace("\n", " ")
    left = 0 if words.startswith("1") else 1
    assert sum(queue.counts(store, Filter())["status"].values()) == left


def test_decisions_tell_who_made_them(guarded, store, scorer):
    logged_in(guarded, store, "ana", "analyst")
    [ad] = intake.take(store, scorer, [Received(Ad(AD))])
    guarded.send(f"/ads/{ad.id}/decide", {"choice": "unsure"}, on=f"/ads/{ad.id}")
    assert decisions.history(store, ad.id)[0].by == "ana"
    assert "· ana" in guarded.get(f"/ads/{ad.id}").text
    guarded.send(f"/ads/{ad.id}/undo", {}, on=f"/ads/{ad.id}")


def test_a_viewer_reads_without_contacts(guarded, store, scorer):
    logged_in(guarded, store, "vi", "viewer")
    [ad, other] = intake.take(
        store, scorer, [Received(Ad(AD)), Received(Ad(AD.replace("Cook", "Maid")))]
    )
    note = f"Seen before at {PHONE}"
    decisions.decide(store, ad.id, Verdict(choice="deceptive", note=note))
    for page in (f"/ads/{ad.id}", "/queue?status=all", f"/queue?status=all&done={ad.id}"):
        text = guarded.get(page).text
        assert "Cook wanted" in text
        for hidden in ("612 345", "345 678", "ana@", "lure.example"):
            assert hidden not in text, (page, hidden)
    assert "your role has no right to them" in guarded.get(f"/ads/{ad.id}").text
    page = guarded.get(f"/ads/{other.id}").text
    assert not any(each in page for each in ('name="choice"', "/assign", "/undo", "/export"))


def test_a_viewers_key_is_told_texts_as_long_as_they_were(guarded, store, scorer):
    wide = AD.replace("612", "𝟞𝟙𝟚")
    [ad] = intake.take(store, scorer, [Received(Ad(wide))])
    decisions.decide(store, ad.id, Verdict(choice="deceptive", note=f"Call {PHONE}"))
    _, secret = api_keys.add(store, "reader", "viewer")
    key = {"x-api-key": secret}
    told = guarded.get(f"/v1/ads/{ad.id}", **key).json()
    assert len(told["text"]) == len(wide)
    assert len(told["text"].encode("utf-16")) == len(wide.encode("utf-16"))
    assert "345 678" not in json.dumps(told)
    for phrase in told["result"]["phrases"]:
        assert told["text"][phrase["start"] : phrase["end"]] == phrase["text"]
    for path in ("/v1/ads", "/v1/queue", f"/v1/ads/{ad.id}/decisions"):
        assert "345 678" not in guarded.get(path, **key).text
