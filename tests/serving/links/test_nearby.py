import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.links import nearby

AD = "Hotel cleaners wanted in the old town, 1,200 EUR a month, room and meals paid. Ask for Rosa."


@pytest.mark.parametrize(
    "copy",
    [
        AD.upper(),
        AD.replace(" ", "  \n"),
        AD.replace("o", "о"),  # Cyrillic
        AD.replace("e", "e\u200b"),
        AD.replace("1,200", "3 450"),
        AD.replace(".", " 🌴!"),
    ],
)
def test_copies_have_one_form(copy: str) -> None:
    assert nearby.form(copy) == nearby.form(AD)


@pytest.mark.parametrize("text", ["", "Call me", "1 2 3 4 5 6 7 8 9 10 11 12", "🌴" * 50])
def test_what_says_too_little_has_no_form(text: str) -> None:
    assert nearby.form(text) == ""


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (AD.replace("old town", "new port"), True),
        (AD.replace("Rosa", "Tom") + " Start on Monday.", True),
        (
            "Welders wanted for a shipyard in the north, paid by the hour. Ask for Tom.",
            False,
        ),
    ],
)
def test_likeness(other: str, alike: bool) -> None:
    assert (nearby.likeness(nearby.form(AD), nearby.form(other)) > 0) is alike


def test_hashes_never_change() -> None:
    """They are kept in databases: if this fails, all ads there must be tied anew."""
    form = nearby.form(AD)
    assert nearby.digest(form) == 5858360759732626764
    assert nearby.bands(form)[:2] == (4470218975762596582, -6325291192217301180)


def test_ideographs_are_compared_in_pairs() -> None:
    one = nearby.form("电子厂招工包吃住月薪五千起有意者请联系厂里人事部报名")
    other = nearby.form("电子厂招工包吃住月薪六千起有意者请联系我们人事部报名")
    assert set(nearby.bands(one)) & set(nearby.bands(other))


@given(st.text(min_size=60))
def test_form_is_its_own_form(text: str) -> None:
    form = nearby.form(text)
    assert nearby.form(form) in (form, "")
