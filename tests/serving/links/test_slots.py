import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.links.slots import pattern

AD = "Cooks wanted in {place} for {pay} EUR a month, room and meals paid.{end}"


def ad(place="Malta", pay="900", end=""):
    return AD.format(place=place, pay=pay, end=end)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ([ad(), ad("Cyprus")], [("Malta",), ("Cyprus",)]),
        ([ad(), ad("Cyprus", "1,200")], [("Malta", "900"), ("Cyprus", "1,200")]),
        ([ad(), ad("New York")], [("Malta",), ("New York",)]),
        ([ad(), ad(end=" Call Ana!")], [("",), ("Call Ana",)]),
        ([ad(), ad().upper(), ad() + " 🔥"], [(), (), ()]),
        ([ad("Malta"), ad("Cyprus"), ad("Crete")], [("Malta",), ("Cyprus",), ("Crete",)]),
        (["厨师招聘，地点北京，包吃住", "厨师招聘，地点上海，包吃住"], [("北京",), ("上海",)]),
    ],
)
def test_what_differs_is_a_slot(texts, values):
    made = pattern(texts)
    assert list(made.values) == values
    assert "".join(piece.text for piece in made.pieces) == texts[0]
    slots = [piece.text for piece in made.pieces if piece.slot]
    assert tuple(slots) == values[0]


@pytest.mark.parametrize(
    "texts",
    [[], [ad()], ["", ""], ["!!!", "???"], [ad(), "Welders for a shipyard in the north, tools"]],
)
def test_texts_that_differ_all_over_have_no_pattern(texts):
    assert pattern(texts) is None


@given(st.lists(st.text(), min_size=2, max_size=5))
def test_pieces_are_the_first_text_and_values_stand_in_theirs(texts):
    made = pattern(texts)
    if made is None:
        return
    assert "".join(piece.text for piece in made.pieces) == texts[0]
    numbers = [piece.slot for piece in made.pieces if piece.slot]
    assert numbers == list(range(1, len(numbers) + 1))
    for text, values in zip(texts, made.values, strict=True):
        assert len(values) == len(numbers)
        at = 0
        for value in values:
            at = text.index(value, at) + len(value)
