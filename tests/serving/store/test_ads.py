import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ad import Ad
from serving.results import result
from serving.store import ads, ids, intake, nuls, signs
from serving.store.errors import BadQuestion, NotStored
from serving.store.intake import Received
from tests.serving.store.conftest import START, new

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("\x00␀"), max_size=30)


def test_an_ad_comes_back_as_it_was(store):
    text = "Wanted\x00 ␀ 🌴\r\n\ud7ff招"
    [kept] = ads.add(store, [new(text, external_id="7", found=("debt_bondage", "upfront_fee"))])
    assert kept == ads.get(store, kept.id)
    assert (kept.text, kept.sha256) == (text, sha256(text.encode()).hexdigest())
    assert (kept.source, kept.external_id, kept.status) == ("board", "7", "open")
    assert kept.found == ("debt_bondage", "upfront_fee")
    assert kept.result == new(text, found=("debt_bondage", "upfront_fee")).result
    assert kept.received.utcoffset() == START.utcoffset()
    assert (kept.verdict, kept.assignee, kept.campaign, kept.size) == (None, None, None, 1)


@pytest.mark.parametrize(
    ("again", "same"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"risk": 0.1}, True, id="scored otherwise"),
        pytest.param({"source": "forum"}, False, id="from elsewhere"),
        pytest.param({"external_id": "8"}, False, id="named otherwise"),
        pytest.param({"external_id": None}, False, id="without a name"),
        pytest.param({"text": "Changed"}, False, id="another text"),
    ],
)
def test_an_ad_is_its_source_its_name_and_its_text(store, again, same):
    [first] = ads.add(store, [new(external_id="7")])
    [second] = ads.add(store, [new(**{"external_id": "7", **again})])
    assert (first == second) == same
    assert (first.id == second.id) == same


def test_one_call_may_hold_an_ad_twice_and_keeps_the_order(store):
    [old] = ads.add(store, [new("b")])
    kept = ads.add(store, [new("c"), new("b"), new("a"), new("c")])
    assert [each.text for each in kept] == ["c", "b", "a", "c"]
    assert kept[1] == old
    assert kept[0] == kept[3]
    assert ads.add(store, []) == []


def test_what_is_not_there_is_named(store):
    with pytest.raises(NotStored, match="There is no ad 'nowhere'"):
        ads.get(store, "nowhere")


def test_an_id_that_no_database_holds_is_not_there(store):
    with pytest.raises((NotStored, BadQuestion)):
        ads.get(store, "a\x00b")


@pytest.mark.parametrize("name", ["a\x00b", "x" * 201])
@pytest.mark.parametrize("field", ["source", "external_id"])
def test_names_that_no_database_holds_are_refused(name, field):
    with pytest.raises(BadQuestion, match=field):
        new(**{field: name})


def test_taking_in_scores_and_stores(store, scorer):
    text = "We pay your ticket and keep your passport. 🌴"
    [kept] = intake.take(store, scorer, [Received(Ad(text), "forum", "9")])
    [score] = scorer.score([Ad(text)])
    assert (kept.risk, kept.band, kept.model) == (score.risk, score.band, scorer.version)
    assert sorted(kept.found) == sorted(score.found)
    assert kept.result["phrases"] == [
        {**each, "indicators": list(each["indicators"])}
        for each in result(score, scorer.indicators, text)["phrases"]
    ]


@given(TEXTS)
def test_texts_with_nuls_come_back(text):
    hidden, places = nuls.hide(text)
    assert "\x00" not in hidden
    assert len(hidden) == len(text)
    assert nuls.show(hidden, places) == text


@given(st.sets(st.sampled_from("abcdefgh")))
def test_sets_of_names_come_back(names):
    bits = {name: bit for bit, name in enumerate("abcdefgh")}
    assert set(signs.names(signs.mask(names, bits), bits)) == names


def test_ids_are_uuids_in_order():
    made = [ids.new(START.replace(microsecond=1000 * n)) for n in range(50)]
    assert made == sorted(made)
    version_7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert [each for each in made if not re.fullmatch(version_7, each)] == []
