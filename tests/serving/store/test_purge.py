import pytest

from serving.store import ads, decisions, purge, queue
from serving.store.values import Filter, Verdict
from tests.serving.store.conftest import new


@pytest.fixture
def kept(store):
    made = ads.add(store, [new(f"Cook {number}") for number in range(6)])
    decisions.decide(store, made[0].id, Verdict(choice="legitimate"))
    decisions.decide(store, made[5].id, Verdict(choice="skip"))
    return made


@pytest.mark.parametrize(
    ("of", "status", "left"),
    [
        (3, None, [3, 4, 5]),
        (6, "decided", [1, 2, 3, 4, 5]),
        (3, "skipped", [0, 1, 2, 3, 4, 5]),
        (0, None, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_ads_are_deleted_by_age_and_status(store, kept, monkeypatch, of, status, left):
    monkeypatch.setattr(purge, "BATCH", 2)
    before = kept[of].received if of < 6 else store.clock()
    assert purge.purge(store, before=before, status=status) == 6 - len(left)
    for where in (Filter(), Filter(text="cook")):
        page = queue.page(store, where, "newest")
        assert sorted(ad.text for ad in page.ads) == [f"Cook {number}" for number in left]
        assert sum(queue.counts(store, where)["status"].values()) == len(left)


def test_a_purged_ad_may_come_again_as_a_new_one(store, kept):
    purge.purge(store, before=store.clock())
    [again] = ads.add(store, [new("Cook 0")])
    assert (again.status, again.id != kept[0].id) == ("open", True)
    assert decisions.history(store, again.id) == ()
