import io
from dataclasses import replace

import pytest
from rich.console import Console

from model.disguise import DISGUISES
from model.score import FACTS, Language, Phrase, Score
from serving.console import show, visible

AD = "Leave next week, visa and ticket paid. Easy money."
SCORE = Score(
    risk=0.93,
    band="high",
    indicators={"fake_job_abroad": 0.9, "too_good_pay": 0.97, "debt_for_travel": None},
    found=("fake_job_abroad", "too_good_pay"),
    phrases=(
        Phrase("Easy money", 39, 49, ("too_good_pay",), 1.5),
        Phrase("Leave", 0, 5, (), -0.25),
    ),
    language=Language("en", known=True),
    facts=(),
    log_odds=2.6,
    intercept=-1.0,
    rest=2.35,
    model="1.2",
)


def shown(scorer, score=SCORE, text=AD, **options):
    out = io.StringIO()
    show(Console(file=out, width=100, **options), score, text, scorer.indicators)
    return out.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Risk 0.930", id="risk"),
        pytest.param("███████████████████░ high", id="bar and band"),
        pytest.param("Leave next week, visa and ticket paid. [1: Easy money].", id="text"),
        pytest.param("1  Easy money  +1.50", id="legend"),
        pytest.param("\n   Leave       -0.25", id="lowering phrase, without a number"),
        pytest.param("Language: en", id="language"),
        pytest.param("Model 1.2", id="model"),
        pytest.param("It is not a verdict on anyone", id="no verdict"),
    ],
)
def test_all_is_said_without_colour(scorer, words):
    assert words in shown(scorer)


def test_every_indicator_found_is_shown_with_its_strength(scorer):
    text = shown(scorer)
    for indicator in scorer.indicators:
        line = next((line for line in text.splitlines() if line.startswith(indicator.title)), "")
        assert (indicator.strength in line) == (indicator.name in SCORE.found)


def test_nothing_found_is_said(scorer):
    text = shown(scorer, replace(SCORE, found=(), phrases=(), band="low"))
    assert "No indicator was found." in text
    assert AD in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        *(({"facts": (code,)}, sentence) for code, sentence in FACTS.items()),
        ({"language": Language("und", known=False)}, "The language cannot be told."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_facts_are_put_in_words(scorer, change, sentence):
    assert sentence in shown(scorer, replace(SCORE, **change))


def test_every_disguise_is_a_fact():
    assert set(FACTS) == {*DISGUISES, "language_unknown", "too_short"}


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        pytest.param("a\x1b[31mb", "a<U+001B>[31mb", id="escape"),
        pytest.param("a\x9b31mb", "a<U+009B>31mb", id="C1 control"),
        pytest.param("a\rb", "a<U+000D>b", id="return"),
        pytest.param("a\u202eb", "a<U+202E>b", id="bidi override"),
        pytest.param("a\u2067b", "a<U+2067>b", id="bidi isolate"),
        pytest.param("a\u200bb", "a<U+200B>b", id="zero width"),
        pytest.param("a\u2028b", "a<U+2028>b", id="line separator"),
        pytest.param("a\U000e0041b", "a<U+E0041>b", id="tag"),
        pytest.param("[red]a[/red]", "[red]a[/red]", id="markup"),
        pytest.param(":smile:", ":smile:", id="emoji name"),
        pytest.param("é 你 😀", "é 你 😀", id="plain"),
    ],
)
def test_ad_cannot_steer_the_terminal(scorer, raw, safe):
    score = replace(SCORE, phrases=(Phrase(raw, 0, len(raw), (), 1.0),))
    assert visible(raw) == safe
    assert f"[1: {safe}] {safe}" in shown(scorer, score, f"{raw} {raw}")
    assert f"1  {safe}" in shown(scorer, score, f"{raw} {raw}")


def test_phrases_are_underlined_and_coloured_on_a_terminal(scorer):
    text = shown(scorer, force_terminal=True, color_system="standard", _environ={"TERM": "xterm"})
    assert "\x1b[4;31mEasy money\x1b[0m" in text
    assert "\x1b[2mLeave" in text


def test_no_color_keeps_the_underline(scorer):
    text = shown(scorer, force_terminal=True, _environ={"NO_COLOR": "1", "TERM": "xterm"})
    assert "\x1b[4mEasy money\x1b[0m" in text
    assert "\x1b[4;31m" not in text
