from dataclasses import FrozenInstanceError

import pytest

from model.ad import MAX_CHARS, Ad
from model.errors import BadAd


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "The text is empty. Send", id="empty"),
        pytest.param(" \t\r\n", "The text is empty", id="white space"),
        pytest.param("\u3000\u2028\xa0", "The text is empty", id="wide white space"),
        pytest.param("a" * 50_001, "has 50,001 characters; 50,000 is the most", id="too long"),
        pytest.param("🙂" * 50_001, "has 50,001 characters", id="too many code points"),
        pytest.param("\ud800", "Character 0 is half of a surrogate pair (U+D800)", id="high half"),
        pytest.param(
            "work🙂 \udfff!", "Character 6 is half of a surrogate pair (U+DFFF)", id="low"
        ),
        pytest.param("\ud83d\ude42", "Character 0 is half", id="both halves apart"),
    ],
)
def test_refused(text, message):
    with pytest.raises(BadAd) as error:
        Ad(text)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a", id="one letter"),
        pytest.param(" work \r\n", id="white space at the edges"),
        pytest.param("pay\x00slip", id="NUL"),
        pytest.param("🙂👩🏽\u200d⚕️", id="emoji"),
        pytest.param("e\u0301 is not \xe9", id="combining mark"),
        pytest.param("\u200b", id="only what cannot be seen"),
        pytest.param("\U0010ffff\ufffd", id="not characters"),
        pytest.param("🙂" * MAX_CHARS, id="as long as can be"),
    ],
)
def test_kept_as_it_is(text):
    assert Ad(text).text == text


def test_an_ad_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Ad("work").text = "other"
