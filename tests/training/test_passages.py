import pytest

from model.marks import parse
from tests.training.test_corpus import record
from training import passages


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("Work. Call us.", [], id="no mark"),
        pytest.param(
            "Waiters wanted. [[document_retention|We keep your passport]]. Call us.",
            [("We keep your passport", {"document_retention"})],
            id="one",
        ),
        pytest.param(
            "Come [[urgency_secrecy|today]], [[upfront_fee+debt_bondage|pay later]]! Bye",
            [("Come today, pay later", {"urgency_secrecy", "upfront_fee", "debt_bondage"})],
            id="two in a sentence",
        ),
        pytest.param(
            "Good [[too_good_pay|pay. Lots of it]]. Bye.",
            [("Good pay", {"too_good_pay"}), ("Lots of it", {"too_good_pay"})],
            id="over two sentences",
        ),
        pytest.param(
            "招女工。[[document_retention|护照老板保管]]。包吃住。",
            [("护照老板保管", {"document_retention"})],
            id="ideographs",
        ),
        pytest.param("[[urgency_secrecy|!!!]]", [], id="a mark on no word"),
    ],
)
def test_marked_sentences(marked, expected):
    text = parse(marked)
    found = passages.marked(record("a", text=text.text, spans=text.spans))
    assert [(each.text, set(each.indicators)) for each in found] == expected
