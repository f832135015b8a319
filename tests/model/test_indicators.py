import pickle
import re
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadIndicators
from model.indicators import STRENGTHS, combination, load, parse

ONE = """
version = 1
[[indicator]]
name = "upfront_fee"
title = "Money asked first"
family = "debt"
strength = "strong"
strength_note = "strong"
counts = "a fee"
does_not_count = "a price"
hard_negatives = "schools"
sources = "ILO"
phrases.en = ["pay the deposit"]
"""


def test_load_reads_the_packaged_table():
    indicators = load()
    assert len(indicators) == 17
    assert {indicator.strength for indicator in indicators} == set(STRENGTHS)
    assert all({"en", "es", "pt", "ru", "uk", "zh"} <= set(each.phrases) for each in indicators)


def test_load_joins_wrapped_lines_into_one():
    assert not any("\n" in each.counts or "  " in each.counts for each in load())


def test_parse_gives_a_frozen_indicator():
    (indicator,) = parse(ONE)
    assert indicator.phrases == {"en": ("pay the deposit",)}
    assert pickle.loads(pickle.dumps(indicator)) == indicator
    assert hash(indicator) == hash(parse(ONE)[0])
    with pytest.raises(FrozenInstanceError):
        indicator.name = "other"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("version = 1", "version = 2", "version is 2. Write version = 1", id="version"),
        pytest.param("version = 1", "", "version is None", id="no version"),
        pytest.param("version = 1", "version =", "not TOML", id="not TOML"),
        pytest.param("version = 1", "version = 1\nx = 1", "'x' is not a key", id="key at the top"),
        pytest.param("[[indicator]]", "[indicator]", "not a list of tables", id="one table"),
        pytest.param(
            'family = "debt"', "", "indicator upfront_fee: family is missing", id="missing"
        ),
        pytest.param('family = "debt"', 'f = "d"', "upfront_fee: 'f' is not a key", id="unknown"),
        pytest.param('"debt"', '" "', "family is ' '. Write a text", id="blank"),
        pytest.param('"debt"', "3", "family is 3. Write a text", id="number"),
        pytest.param(
            '"upfront_fee"', '"Up-front"', "name is 'Up-front'. Write it in snake", id="name"
        ),
        pytest.param(
            'strength = "strong"', 'strength = "loud"', "'loud'. Use one of", id="strength"
        ),
        pytest.param("phrases.en", "phrases.english", "the language 'english'", id="language"),
        pytest.param('["pay the deposit"]', "[]", "phrases.en is []", id="no phrases"),
        pytest.param('["pay the deposit"]', '[""]', "phrases.en holds ''", id="empty phrase"),
        pytest.param("phrases.en = [", "phrases = [", "Give a list for each", id="phrases"),
    ],
)
def test_parse_refuses(old, new, message):
    with pytest.raises(BadIndicators, match=re.escape(message)):
        parse(ONE.replace(old, new, 1))


def test_parse_refuses_a_name_twice():
    with pytest.raises(BadIndicators, match="indicator upfront_fee: stands twice"):
        parse(ONE + ONE.replace("version = 1", ""))


@pytest.mark.parametrize("content", [b"version = 3", b"\xff"], ids=["wrong", "not UTF-8"])
def test_load_names_the_file(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(BadIndicators, match=r"mine\.toml"):
        load(path)


def test_load_names_the_file_that_is_not_there(tmp_path):
    with pytest.raises(BadIndicators, match=r"none\.toml cannot be read"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("strengths", "enough"),
    [
        pytest.param("", False, id="none"),
        pytest.param("s", False, id="one strong"),
        pytest.param("ss", True, id="two strong"),
        pytest.param("sm", True, id="strong and medium"),
        pytest.param("sw", True, id="strong and weak"),
        pytest.param("mm", False, id="two medium"),
        pytest.param("mmm", True, id="three medium"),
        pytest.param("mmw", True, id="two medium and weak"),
        pytest.param("mww", False, id="medium and two weak"),
        pytest.param("wwww", False, id="only weak"),
    ],
)
def test_combination(strengths, enough):
    names = {"s": "strong", "m": "medium", "w": "weak"}
    assert combination([names[letter] for letter in strengths]) is enough


def test_combination_refuses_an_unknown_strength():
    with pytest.raises(ValueError, match=r"'loud'\. Use one of strong, medium, weak"):
        combination(["loud"])


@given(st.lists(st.sampled_from(STRENGTHS)), st.sampled_from(STRENGTHS))
def test_one_more_indicator_never_weakens(strengths, more):
    assert combination([*strengths, more]) >= combination(strengths)
    assert combination(strengths) == combination(sorted(strengths))
