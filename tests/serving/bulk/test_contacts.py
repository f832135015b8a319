import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.bulk.contacts import DOT, find, mask


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("call +44 7700 900123 now", [("phone", "+447700900123")], id="phone"),
        pytest.param("(0044) 7700-900.123", [("phone", "00447700900123")], id="phone with signs"),
        pytest.param("Jo@Example.com, thanks", [("mail", "jo@example.com")], id="mail"),
        pytest.param(
            "see https://www.example.com/Jobs.", [("link", "example.com/jobs")], id="link"
        ),
        pytest.param("T.me/lucky_job!", [("link", "t.me/lucky_job")], id="short link"),
        pytest.param("write @Lucky_Job", [("handle", "@lucky_job")], id="handle"),
        pytest.param("from 2024-05-01 to 2025", [], id="years"),
        pytest.param("2019 - 2024", [], id="span of years"),
        pytest.param("9000-15000 EUR", [], id="pay"),
        pytest.param("7700-900123", [("phone", "7700900123")], id="two groups"),
        pytest.param("no contact", [], id="none"),
    ],
)
def test_contacts_are_found_and_written_one_way(text, found):
    assert list(find(text)) == found


def test_mask_leaves_the_ends():
    assert mask("Jo@Example.com or @lucky_job") == "Jo@•••••••.•om or @l••••••ob"


@given(st.text(st.sampled_from("ab0+ @.-/:•t.me") | st.characters(), max_size=60))
def test_mask_keeps_the_length_and_hides(text):
    hidden = mask(text)
    assert len(hidden) == len(text)
    assert all(a == b or b == DOT for a, b in zip(text, hidden, strict=True))
