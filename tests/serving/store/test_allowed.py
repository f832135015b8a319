from dataclasses import replace
from datetime import date, timedelta

import pytest

from serving.store import ads, allowed, engine, kin, listed, lookup, queue, shown
from serving.store.errors import BadQuestion, NotStored
from serving.store.export import FORMS, export
from serving.store.listed import Listed
from serving.store.tables import audit
from serving.store.values import Filter, Vouch
from serving.store.verify import verify
from tests.serving.store.conftest import START, new

AD = "Hotel cleaners wanted in the old town, 1,200 EUR a month, room and meals paid. Ask for Rosa."
OTHER = "Welders for a shipyard in the north, paid by the hour, tools and boots given. Ask for Tom."
THIRD = "Nannies needed by two families near the lake, weekends free, contract before travel."
NUMBER = "+1 202-555-0162"
CALL = f" Call {NUMBER}"
SITE = " See https://www.lago-verde-hotel.com/jobs"
MAIL = " Write to jobs@lago-verde-hotel.com"


def vouch(kind="phone", value=NUMBER, **changes):
    told = {"owner": "Ana", "reason": "Visited.", "until": date(2026, 6, 30), **changes}
    return Vouch(kind=kind, value=value, **told)


def add(store, *texts):
    made = [ads.add(store, [new(text, external_id=text[:9])])[0] for text in texts]
    return [ads.get(store, each.id) for each in made]


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("phone", "+1 (202) 555-0162", "+12025550162"),
        ("phone", "0012025550162", "+12025550162"),
        ("domain", "lago-verde-hotel.com", "lago-verde-hotel.com"),
        ("domain", "https://jobs.Lago-Verde-Hotel.co.uk/a?b", "lago-verde-hotel.co.uk"),
        ("domain", "jobs@lago-verde-hotel.com", "lago-verde-hotel.com"),
        ("employer", " Hotel  LAGO-Verde, S.A. ", "hotel lago verde s a"),
        ("employer", "华美酒店", "华美酒店"),
    ],
)
def test_values_are_compared_by_key(kind, value, key):
    assert listed.key(kind, value) == key


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("phone", "202 555 0162", "with its country"),
        ("phone", "none", "with its country"),
        ("domain", "gmail.com", "many share"),
        ("domain", "t.me/somebody", "many share"),
        ("domain", "hotel", "many share"),
        ("domain", "", "many share"),
        ("employer", "H&M", "3 letters"),
        ("employer", "...", "3 letters"),
    ],
)
def test_what_says_too_little_is_refused(kind, value, why):
    with pytest.raises(BadQuestion, match=why):
        listed.key(kind, value)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "person"},
        {"value": " "},
        {"owner": ""},
        {"reason": "\t"},
        {"owner": "x" * 201},
        {"reason": "a\0b"},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused(changes):
    with pytest.raises(BadQuestion):
        vouch(**changes)


@pytest.mark.parametrize(
    ("kind", "value", "text", "known"),
    [
        ("employer", "Lago Verde", "Cook for LAGO-VERDE now", True),
        ("employer", "Lago Verde", "Cook for L\u200bago Vеrde", True),  # with a Cyrillic е
        ("employer", "Lago Verde", "Cook for Lago Verdeo", False),
        ("employer", "Lago Verde", "Cook, verde lago", False),
        ("employer", "华美酒店", "招聘：华美酒店服务员", True),
        ("employer", "华美酒店", "招聘：华丽酒店", False),
        ("phone", NUMBER, AD + " WhatsApp (202) 555 0162", True),
        ("phone", NUMBER, AD + " Call +1 202-555-0163", False),
        ("domain", "lago-verde-hotel.com", AD + SITE, True),
        ("domain", "lago-verde-hotel.com", AD + MAIL, True),
        ("domain", "lago-verde-hotel.com", AD + " See https://lago-verde-hotel.org", False),
    ],
)
def test_an_ad_says_what_is_known(store, kind, value, text, known):
    made = allowed.add(store, vouch(kind, value))
    [ad] = add(store, text)
    assert ad.known == ((made,) if known else ())
    assert queue.page(store, Filter(), "risk").ads == (ad,)
    assert shown.ad(ad)["known"] == [{"kind": kind, "value": value}] * known
    assert ad.risk == new(text).result["risk"]


def test_an_entry_over_has_no_effect(empty):
    day = date(2026, 1, 1)
    store = engine.open(empty(), clock=lambda: START)
    allowed.add(store, vouch(until=day))
    before = add(store, AD + CALL, OTHER + CALL)
    assert [(len(ad.known), ad.size) for ad in before] == [(1, 1), (1, 1)]
    later = replace(store, clock=lambda: START + timedelta(days=1))
    [after] = add(later, THIRD + CALL)
    assert (after.known, after.size) == ((), 3)
    assert ads.get(later, before[0].id).known == ()
    assert [each.until for each in allowed.every(later)] == [day]
    store.close()


@pytest.mark.parametrize(
    ("entry", "contact"),
    [
        (vouch(), CALL),
        (vouch("domain", "lago-verde-hotel.com"), SITE),
        (vouch("domain", "lago-verde-hotel.com"), MAIL),
    ],
    ids=["phone", "link", "mail"],
)
def test_a_listed_contact_ties_nothing(store, entry, contact):
    tied = add(store, AD + contact, OTHER + contact, AD + contact + "!")
    assert {ads.get(store, ad.id).size for ad in tied} == {3}
    made = allowed.add(store, entry)
    assert [ads.get(store, ad.id).size for ad in tied] == [2, 1, 2]  # two are copies still
    assert [ad.size for ad in add(store, THIRD + contact)] == [1]
    shown = kin.of(store, ads.get(store, tied[1].id))
    assert (len(shown.contacts), shown.relatives) == (1, ())
    allowed.remove(store, made.id)
    [again] = add(store, "Drivers for a bakery, mornings only, own car not needed." + contact)
    assert again.size == 5


def test_what_is_listed_is_looked_up_for_nobody(store):
    allowed.add(store, vouch())
    [ad] = add(store, AD + CALL)
    with store.read() as connection:
        entries = listed.in_force(connection, store.clock())
        assert lookup.tying(connection, "phone:+12025550162", entries) == set()
        assert lookup.tying(connection, "phone:+12025550162", Listed.of(())) != set()
    assert ad.known


def test_one_entry_for_each(store):
    made = allowed.add(store, vouch())
    with pytest.raises(BadQuestion, match="on the list already, until 2026-06-30"):
        allowed.add(store, vouch(value="+1 202 555 0162", owner="Eva"))
    assert allowed.every(store) == [made]
    assert allowed.remove(store, made.id) == made
    assert allowed.every(store) == []
    with pytest.raises(NotStored, match="no entry"):
        allowed.remove(store, made.id)


def test_the_last_day_is_to_come(store):
    with pytest.raises(BadQuestion, match="2025-12-31, which is over"):
        allowed.add(store, vouch(until=date(2025, 12, 31)))


def test_the_list_has_an_end(store, monkeypatch):
    monkeypatch.setattr(allowed, "MOST", 1)
    allowed.add(store, vouch())
    with pytest.raises(BadQuestion, match="The list holds 1 entries"):
        allowed.add(store, vouch("employer", "Lago Verde"))


def test_the_audit_log_tells_of_it_without_the_number(store):
    made = allowed.add(store, vouch(), by="ana")
    allowed.remove(store, made.id, by="eva")
    with store.read() as connection:
        rows = connection.execute(audit.select().order_by(audit.c.seq)).mappings().all()
    told = [(row["by"], row["action"], row["subject"]) for row in rows]
    assert told == [("ana", "allow", made.id), ("eva", "disallow", made.id)]
    assert "5550162" not in "".join(row["detail"] for row in rows)
    assert verify(store).faults == ()


def test_no_listed_contact_goes_to_misp(store):
    allowed.add(store, vouch())
    add(store, AD + CALL + " or +1 202-555-0163")
    told = b"".join(export(store, Filter(), FORMS["misp"])).decode()
    assert '"+12025550163"' in told
    assert '"+12025550162"' not in told
