"""Campaigns as people see them, and what they tie and cut by hand."""

from datetime import timedelta

import pytest

from serving.store import ads, allowed, assign, campaigns, copies, decisions, people, queue
from serving.store.errors import BadQuestion, NotStored
from serving.store.purge import purge
from serving.store.values import Filter, Verdict, Vouch
from serving.store.verify import verify
from tests.serving.store.conftest import new
from tests.serving.store.test_ties import AD, CALL, OTHER, THIRD, add

FOURTH = (
    "Bakers for a village in the hills, nights, two days free, a room over the shop. Ask for Ida."
)


def list_number(store):
    """Put the number that ties ads on the allow list."""
    until = store.clock().date() + timedelta(days=900)
    told = {"owner": "Ana", "reason": "Known.", "until": until}
    allowed.add(store, Vouch(kind="phone", value="+1 202-555-0162", **told))


def names(store, found):
    return [ads.get(store, each.id).campaign for each in found]


def test_the_largest_comes_first_page_by_page(store):
    add(store, AD, AD, AD, OTHER, OTHER, THIRD, THIRD, FOURTH)
    first = campaigns.page(store, limit=2)
    rest = campaigns.page(store, after=first[-1].name, limit=2)
    assert [each.size for each in (*first, *rest)] == [3, 2, 2]
    assert len({each.name for each in (*first, *rest)}) == 3
    assert campaigns.page(store, after=rest[-1].name) == []


def test_a_campaign_tells_what_its_ads_share(store):
    found = ads.add(store, [new(AD + CALL, external_id="1", risk=0.2)])
    found += ads.add(store, [new(AD.replace("Rosa", "Ana") + CALL, external_id="2", risk=0.9)])
    found += ads.add(store, [new(OTHER + CALL + " @demo_ana", external_id="3", risk=0.4)])
    decisions.decide(store, found[0].id, Verdict(choice="deceptive"))
    name = ads.get(store, found[0].id).campaign
    told = campaigns.get(store, name)
    assert (told.summary.size, told.summary.open, told.summary.risk) == (3, 2, 0.9)
    assert told.summary.first == found[0].received
    assert told.summary.newest.id == found[2].id
    assert told.contacts == (("phone", "+12025550162", 3),)
    assert told.days == ((found[0].received.date(), 3),)
    assert [each.id for each in campaigns.members(store, name)] == [a.id for a in found[::-1]]
    after = campaigns.members(store, name, after=found[1].id, limit=1)
    assert [each.id for each in after] == [found[0].id]


@pytest.mark.parametrize("call", [campaigns.get, campaigns.members, campaigns.ids])
def test_no_campaign_is_told(store, call):
    with pytest.raises(NotStored, match="no campaign 'none'"):
        call(store, "none")


def test_what_was_split_stays_apart(store):
    found = add(store, AD, AD + "!", AD + "?", AD + ".")
    name = found[0].campaign
    made = campaigns.split(store, name, [found[0].id, found[2].id])
    assert names(store, found) == [made, name, made, name]
    again = add(store, AD, AD + "!", AD + "?", AD + ".", AD + "~")[4]
    assert again.campaign in (made, name)
    assert names(store, found) == [made, name, made, name]
    assert campaigns.get(store, made).apart == (name,)


def test_one_ad_that_was_taken_out_stays_out(store):
    found = add(store, AD, AD + "!", AD + "?")
    name = found[0].campaign
    made = campaigns.split(store, name, [found[0].id])
    assert ads.get(store, found[0].id).size == 1
    assert [each.name for each in campaigns.page(store)] == [name]
    add(store, AD, AD + "!", AD + "?", AD + "~")
    assert names(store, found) == [made, name, name]
    purge(store, before=found[0].received + timedelta(seconds=1))
    with pytest.raises(NotStored):
        campaigns.get(store, made)


def test_an_ad_whose_campaign_has_its_id_begins_another_under_another_name(store):
    """The ad that gave a campaign its name was taken out, and has a copy of its own later."""
    texts = (AD + CALL, OTHER + CALL, OTHER + CALL + "!")
    found = add(store, *texts)
    assert {each.campaign for each in found} == {found[0].id}
    list_number(store)
    assert names(store, found) == [None, found[0].id, found[0].id]
    copy = add(store, *texts, AD)[3]
    assert copy.campaign == ads.get(store, found[0].id).campaign
    assert copy.campaign not in (None, found[0].id)


def test_what_was_merged_stays_together(store):
    found = add(store, AD, AD, OTHER + CALL, THIRD + CALL)
    one, other = found[0].campaign, found[2].campaign
    kept = campaigns.merge(store, one, other)
    assert set(names(store, found)) == {kept}
    assert [each.size for each in campaigns.page(store)] == [4]
    list_number(store)
    # The newest of each was tied by hand; the other welders' ad hung on the number alone.
    assert names(store, found) == [kept, kept, None, kept]


def test_a_single_ad_is_merged_by_its_id(store):
    found = add(store, AD, AD, OTHER)
    kept = campaigns.merge(store, found[0].campaign, found[2].id)
    assert set(names(store, found)) == {kept}
    with pytest.raises(BadQuestion, match="already"):
        campaigns.merge(store, kept, found[2].id)
    with pytest.raises(NotStored):
        campaigns.merge(store, kept, "none")
    with pytest.raises(NotStored):
        campaigns.merge(store, "none", kept)


def test_what_was_split_may_be_merged_again(store):
    found = add(store, AD, AD + "!", AD + "?")
    made = campaigns.split(store, found[0].campaign, [found[1].id])
    kept = campaigns.merge(store, found[0].campaign, made)
    assert set(names(store, found)) == {kept}
    assert campaigns.get(store, kept).apart == ()
    last = add(store, AD, AD + "!", AD + "?", AD + "~")[3]
    assert last.campaign == kept


def test_a_cut_is_kept_when_a_third_campaign_joins(store):
    found = add(store, AD, AD + "!", OTHER + CALL, THIRD + CALL)
    name, third = found[0].campaign, found[2].campaign
    made = campaigns.split(store, name, [found[1].id])
    kept = campaigns.merge(store, name, third)
    assert campaigns.get(store, kept).apart == (made,)
    add(store, AD, AD + "!", OTHER + CALL, THIRD + CALL, AD + "~")
    assert ads.get(store, found[1].id).campaign == made


@pytest.mark.parametrize("which", [[], [0, 1], ["none"], [0, "none"]])
def test_what_cannot_be_split_is_refused(store, which):
    found = add(store, AD, AD)
    ids = [found[each].id if isinstance(each, int) else each for each in which]
    with pytest.raises((BadQuestion, NotStored)):
        campaigns.split(store, found[0].campaign, ids)
    assert set(names(store, found)) == {found[0].campaign}


def test_copies_are_those_with_nearly_the_same_text(store):
    found = add(store, AD + CALL, AD.replace("Rosa", "Ana"), OTHER + CALL, "Jobs" + CALL)
    assert len(set(names(store, found))) == 1
    assert set(copies.of(store, found[0])) == {found[0].id, found[1].id}
    assert copies.of(store, found[2]) == ()
    assert copies.of(store, found[3]) == ()


def test_one_verdict_on_all_that_are_open(store):
    found = add(store, AD, AD + "!", AD + "?", OTHER)
    decisions.decide(store, found[0].id, Verdict(choice="legitimate"))
    verdict = Verdict(choice="deceptive", reasons=("copy",), note="All the same.")
    made = decisions.decide_all(store, [each.id for each in found[:3]], verdict, by="ana")
    assert [each.ad for each in made] == [found[1].id, found[2].id]
    assert queue.counts(store, Filter())["status"] == {"open": 1, "decided": 3}
    ids = [each.id for each in found]
    at = made[0].at
    assert decisions.together(store, ids, at, by="ana") == made
    assert decisions.together(store, ids, at, by="bo") == []
    decisions.decide(store, found[1].id, Verdict(choice="unsure"))
    assert decisions.undo_all(store, ids, at, by="ana") == 1
    assert decisions.undo_all(store, ids, at, by="ana") == 0
    assert [ads.get(store, each.id).verdict for each in found] == [
        "legitimate",
        "unsure",
        None,
        None,
    ]
    assert verify(store).faults == ()


def test_one_verdict_speaks_of_no_single_text(store):
    [ad] = add(store, AD)
    with pytest.raises(BadQuestion, match="one by one"):
        decisions.decide_all(store, [ad.id], Verdict(choice="deceptive", indicators=()))
    with pytest.raises(BadQuestion, match="501 ads are too many"):
        decisions.decide_all(store, ["x"] * 501, Verdict(choice="deceptive"))


def test_an_ad_is_taken_and_given_back(store):
    [ad] = add(store, AD)
    people.add(store, "boss", "four words that differ", "admin")
    assign.assign(store, ad.id, "ana", by="ana")
    assert ads.get(store, ad.id).assignee == "ana"
    assert queue.counts(store, Filter())["assignee"] == {"ana": 1}
    assign.assign(store, ad.id, "boss", by="ana")
    assign.assign(store, ad.id, None, by="ana")
    assert ads.get(store, ad.id).assignee is None
    assert queue.counts(store, Filter())["assignee"] == {"": 1}
    for to in ("nobody", ""):
        with pytest.raises(BadQuestion):
            assign.assign(store, ad.id, to, by="ana")
    with pytest.raises(NotStored):
        assign.assign(store, "none", None)
