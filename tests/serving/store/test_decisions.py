import pytest

from model.marks import Span
from serving.store import ads, decisions, queue
from serving.store.errors import BadQuestion, NotStored
from serving.store.values import CHOICES, REASONS, Filter, Verdict
from tests.serving.store.conftest import new

FULL = Verdict(
    choice="deceptive",
    reasons=("words", "copy"),
    note="Same number as last week. 🌴",
    indicators=("document_retention",),
    marked=(Span(3, 7, ("document_retention", "debt_bondage")),),
    unmarked=(Span(0, 2, ()),),
)


@pytest.fixture
def ad(store):
    [kept] = ads.add(store, [new()])
    return kept


@pytest.mark.parametrize(
    ("choice", "status", "verdict"),
    [
        ("deceptive", "decided", "deceptive"),
        ("legitimate", "decided", "legitimate"),
        ("unsure", "decided", "unsure"),
        ("skip", "skipped", None),
    ],
)
def test_a_decision_settles_the_ad(store, ad, choice, status, verdict):
    made = decisions.decide(store, ad.id, Verdict(choice=choice), by="ana")
    after = ads.get(store, ad.id)
    assert (made.ad, made.by, made.undone) == (ad.id, "ana", None)
    assert (after.status, after.verdict) == (status, verdict)
    assert queue.counts(store, Filter())["status"] == {status: 1}
    assert choice in CHOICES


def test_a_decision_comes_back_as_it_was(store, ad):
    made = decisions.decide(store, ad.id, FULL)
    assert made.verdict == FULL
    assert decisions.history(store, ad.id) == (made,)


def test_undo_goes_back_step_by_step_and_forgets_nothing(store, ad):
    first = decisions.decide(store, ad.id, Verdict(choice="legitimate"))
    second = decisions.decide(store, ad.id, FULL)
    assert decisions.undo(store, ad.id).id == second.id
    assert ads.get(store, ad.id).verdict == "legitimate"
    assert decisions.undo(store, ad.id).id == first.id
    assert ads.get(store, ad.id) == ad
    assert queue.counts(store, Filter())["status"] == {"open": 1}
    told = decisions.history(store, ad.id)
    assert [(each.id, each.undone is None) for each in told] == [
        (first.id, False),
        (second.id, False),
    ]
    with pytest.raises(NotStored, match="Nothing has been decided"):
        decisions.undo(store, ad.id)


@pytest.mark.parametrize("work", [decisions.history, decisions.undo])
def test_an_ad_that_is_not_there_is_named(store, work):
    with pytest.raises(NotStored, match="There is no ad 'nowhere'"):
        work(store, "nowhere")


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param((Span(0, 99, ("a",)),), id="beyond the text"),
        pytest.param((Span(5, 5, ("a",)),), id="empty"),
        pytest.param((Span(-1, 5, ("a",)),), id="before the text"),
        pytest.param((Span(0, 5, ("a",)), Span(4, 9, ("b",))), id="overlapping"),
        pytest.param((Span(0, 5, ()),), id="of no indicator"),
        pytest.param((Span(0, 5, ("a|b",)),), id="of no name"),
    ],
)
def test_marks_that_do_not_fit_are_refused_and_nothing_is_kept(store, ad, spans):
    with pytest.raises(BadQuestion):
        decisions.decide(store, ad.id, Verdict(choice="deceptive", marked=spans))
    assert decisions.history(store, ad.id) == ()
    assert ads.get(store, ad.id) == ad


@pytest.mark.parametrize(
    "asked",
    [
        {"choice": "guilty"},
        {"choice": "skip", "reasons": ("because",)},
        {"choice": "skip", "note": "x" * 2001},
        {"choice": "skip", "note": "\x00"},
    ],
    ids=str,
)
def test_a_verdict_that_is_none_is_refused(asked):
    with pytest.raises(BadQuestion):
        Verdict(**asked)


def test_reasons_are_sentences():
    assert [each for each in REASONS.values() if not each.endswith(".")] == []
