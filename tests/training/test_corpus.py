import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.marks import Span
from training.data import Corpus, Record


def record(name, pair=None, **changes):
    values = {"text": "Work", "label": True, "language": "en", "kind": "ad", "channel": "sms"}
    values |= {"sector": "sports", "writer": "a", "hard": False, "marked": True, "spans": ()}
    return Record(id=name, pair=pair, **(values | changes))


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        pytest.param([("a", None), ("b", None)], [0, 1], id="alone"),
        pytest.param([("a", "b"), ("c", None), ("b", "a")], [0, 1, 0], id="pair"),
        pytest.param([("a", "b"), ("b", None), ("c", "b")], [0, 0, 0], id="through a third"),
        pytest.param([("a", "x"), ("b", "x")], [0, 0], id="through one that is not there"),
        pytest.param([("a", "a")], [0], id="itself"),
    ],
)
def test_groups(pairs, groups):
    assert Corpus(tuple(record(*pair) for pair in pairs)).groups() == groups


_pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), unique_by=lambda pair: pair[0])


@given(_pairs)
def test_twins_are_never_split(pairs):
    corpus = Corpus(tuple(record(str(one), str(two)) for one, two in pairs))
    numbers = dict(zip([each.id for each in corpus.records], corpus.groups(), strict=True))
    assert all(numbers[str(one)] == numbers.get(str(two), numbers[str(one)]) for one, two in pairs)
    assert set(numbers.values()) == set(range(len(set(numbers.values()))))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([record("b"), record("a")], id="order"),
        pytest.param([record("a")], id="fewer"),
        pytest.param([record("a"), record("b", text="Work ")], id="text"),
        pytest.param([record("a"), record("b", label=False)], id="label"),
        pytest.param([record("a"), record("b", spans=(Span(0, 1, ("x",)),))], id="span"),
        pytest.param([record("a"), record("b", pair="a")], id="pair"),
    ],
)
def test_the_fingerprint_changes_with_the_records(other):
    corpus = Corpus((record("a"), record("b")))
    assert corpus.fingerprint() == Corpus((record("a"), record("b"))).fingerprint()
    assert corpus.fingerprint() != Corpus(tuple(other)).fingerprint()
