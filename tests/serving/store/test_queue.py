import random
from collections import Counter

import pytest

from serving.store import ads, decisions, engine, queue, words
from serving.store.errors import BadQuestion, NotStored
from serving.store.values import SORTS, STATUSES, Filter, Verdict
from tests.serving.store.conftest import new, ticking

FOUND = ("a_sign", "b_sign", "c_sign")
KEYS = {
    "risk": lambda ad, _: ad.risk,
    "uncertainty": lambda ad, _: -abs(ad.risk - 0.5),
    "newest": lambda _, place: place,
    "campaign": lambda ad, _: ad.size,
}


@pytest.fixture(scope="module")
def full(empty):
    """A store of its own for the ads that the tests only look at."""
    opened = engine.open(empty(), clock=ticking())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kept(full):
    """Sixty ads of all kinds, some of them decided, in the order of arrival."""
    order = random.Random(1)
    made = [
        new(
            f"Waitress {number} {order.choice(['Dubai', 'Málaga'])}",
            risk=order.choice([0.1, 0.3, 0.5, 0.7, 0.9]),
            language=order.choice(["en", "es"]),
            source=order.choice(["board", "forum"]),
            found=order.sample(FOUND, order.randint(0, 3)),
        )
        for number in range(60)
    ]
    for ad in ads.add(full, made):
        if choice := order.choice([None, None, "deceptive", "skip"]):
            decisions.decide(full, ad.id, Verdict(choice=choice))
    stored = ads.add(full, made)
    assert {each.status for each in stored} == set(STATUSES)
    return stored


FILTERS = [
    Filter(),
    Filter(status="open"),
    Filter(band="high"),
    Filter(language="es", source="forum"),
    Filter(indicator="b_sign", status="decided"),
    Filter(indicator="unheard_of"),
    Filter(assignee=""),
    Filter(assignee="ana"),
    Filter(text="DUBAI"),
    Filter(text="malaga waitress", band="review"),
    Filter(text="nowhere"),
    Filter(text="!?"),
]


def fits(ad, where, *, but=None):
    asked = {
        "band": where.band in (None, ad.band),
        "indicator": where.indicator is None or where.indicator in ad.found,
        "language": where.language in (None, ad.language),
        "source": where.source in (None, ad.source),
        "status": where.status in (None, ad.status),
        "assignee": where.assignee is None or where.assignee == (ad.assignee or ""),
    }
    has = where.text is None or set(words.of(where.text)) <= set(words.of(ad.text))
    return has and all(fit for facet, fit in asked.items() if facet != but)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("where", FILTERS, ids=str)
def test_pages_hold_every_ad_once_and_in_order(full, kept, where, sort):
    seen, after = [], None
    while True:
        page = queue.page(full, where, sort, after=after, limit=7)
        seen += page.ads
        after = page.next
        if after is None:
            break
        assert len(page.ads) == 7
    ranked = [(KEYS[sort](ad, place), place, ad) for place, ad in enumerate(kept)]
    ranked.sort(key=lambda each: each[:2], reverse=True)
    assert seen == [ad for *_, ad in ranked if fits(ad, where)]


@pytest.mark.parametrize("where", FILTERS, ids=str)
def test_counts_are_those_of_the_ads(full, kept, where):
    counts = queue.counts(full, where)
    for facet in ("status", "band", "language", "source", "assignee"):
        told = Counter(getattr(ad, facet) or "" for ad in kept if fits(ad, where, but=facet))
        assert counts[facet] == told, facet
    found = Counter(name for ad in kept if fits(ad, where, but="indicator") for name in ad.found)
    assert counts["indicator"] == found


@pytest.mark.parametrize("sort", SORTS)
def test_next_walks_the_list_while_it_is_decided(store, sort):
    ads.add(store, [new(f"Cook {number}", risk=number % 4 / 4) for number in range(12)])
    where, seen, past = Filter(status="open"), [], None
    expected = [ad.id for ad in queue.page(store, where, sort).ads]
    while ad := queue.next(store, where, sort, past=past):
        decisions.decide(store, ad.id, Verdict(choice="unsure"))
        seen.append(ad.id)
        past = ad.id
    assert seen == expected


def test_a_page_past_an_ad_that_is_not_there_is_refused(store):
    with pytest.raises(NotStored):
        queue.next(store, Filter(), "risk", past="nowhere")


@pytest.mark.parametrize("after", ["", "1", "x_1", "0.5_x", "_"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_place_that_no_page_gave_is_refused(store, sort, after):
    with pytest.raises(BadQuestion, match="Give the `next`"):
        queue.page(store, Filter(), sort, after=after)


def test_a_search_with_more_hits_than_are_looked_through_says_so(store, monkeypatch):
    monkeypatch.setattr(words, "HITS", 3)
    ads.add(store, [new(f"hotel {number}") for number in range(4)])
    page = queue.page(store, Filter(text="hotel"), "newest")
    assert ([ad.text for ad in page.ads], page.cut) == (["hotel 3", "hotel 2", "hotel 1"], True)
    assert not queue.page(store, Filter(text="hotel 1"), "newest").cut


@pytest.mark.parametrize(
    "asked",
    [{"band": "higher"}, {"status": "done"}, {"language": "\x00"}, {"source": "x" * 201}],
    ids=str,
)
def test_a_filter_for_what_cannot_be_is_refused(asked):
    with pytest.raises(BadQuestion, match=next(iter(asked))):
        Filter(**asked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pay, PAY & paid_out!", ["pay", "paid", "out"]),
        ("Málaga Ｆｕｌｌ ﬁne", ["malaga", "full", "fine"]),
        ("Straße ЁЛКА", ["strasse", "елка"]),
        ("招聘保洁员", ["招聘", "聘保", "保洁", "洁员"]),
        ("AB招 1000元", ["ab", "招", "1000", "元"]),
        ("काम मिलेगा", ["काम", "मिलेगा"]),
        ("x" * 100, ["x" * 60]),
        ("'\" -- \x00", []),
    ],
)
def test_words(text, told):
    assert words.of(text) == told
