"""The columns of scores, compared with what is plainly made of each score by itself."""

import json

import pytest

from model.ad import Ad
from serving import flat, outcomes
from serving.flat import FIELDS, TOP_PHRASES, cells, nested, prefix

TEXTS = (
    "Leave next week, visa and ticket paid.\nEasy money, no contract needed. Write on Telegram.",
    "We keep your passport, the loan is taken from your wages. " * 20,
    "Cook",
    "厨师 招聘",
    "Ћ",
    "l e a v e next week, v1sa and t1cket paid",
)
EMPTY = "The text is empty. Send the words of the advertisement."


@pytest.fixture(scope="module")
def made(scorer):
    """What came of some texts, of which two are empty."""
    ads = [outcomes.ad(text) for text in (TEXTS[0], "", *TEXTS[1:], " ")]
    return outcomes.score(scorer, ads)


def rounded(value):
    return None if value is None else round(value * 1e6) / 1e6


def plain(score):
    """The fields of JSON, made of a score by itself."""
    return {
        "risk": rounded(score.risk),
        "band": score.band,
        "indicators": {name: rounded(value) for name, value in score.indicators.items()},
        "phrases": [
            {
                "text": each.text,
                "start": each.start,
                "end": each.end,
                "indicators": list(each.indicators),
                "contribution": rounded(each.contribution),
            }
            for each in flat.phrases(score)
        ],
        "language": score.language.code,
        "facts": list(score.facts),
        "model": score.model,
    }


def for_people(score):
    """The cells of a spreadsheet, made of a score by itself."""
    top = [" ".join(each.text.split()) for each in flat.raising(score)]
    return {
        **plain(score),
        "indicators": "; ".join(f"{name}:{value:.2f}" for value, name in flat.found(score)),
        "phrases": " | ".join(top[:TOP_PHRASES]),
        "facts": "; ".join(score.facts),
    }


@pytest.mark.parametrize(("columns", "one"), [(nested, plain), (cells, for_people)])
def test_columns_are_those_of_each_score(scorer, columns, one):
    scored = scorer.columns([Ad(text) for text in TEXTS])
    told = columns(scored)
    assert set(told) == set(FIELDS[:-1])
    rows = [dict(zip(told, each, strict=True)) for each in zip(*told.values(), strict=True)]
    assert rows == [one(score) for score in scored.scores()]
    assert rows == [one(score) for score in scorer.score([Ad(text) for text in TEXTS])]
    json.dumps(rows, allow_nan=False)


def test_some_of_them_show_something(scorer):
    told = cells(scorer.columns([Ad(text) for text in TEXTS]))
    assert any(told["indicators"])
    assert any(" | " in each for each in told["phrases"])
    assert any(told["facts"])


@pytest.mark.parametrize("as_json", [True, False])
def test_a_text_without_a_score_has_every_field_and_no_risk(made, as_json):
    told = made.columns(nested if as_json else cells)
    assert set(told) == set(FIELDS)
    assert {len(values) for values in told.values()} == {len(TEXTS) + 2}
    none = {"indicators": {}, "phrases": [], "facts": []} if as_json else {}
    for at in (1, 7):
        row = {name: values[at] for name, values in told.items()}
        empty = {**dict.fromkeys(FIELDS), **none, "model": made.scored.model, "error": EMPTY}
        assert row == empty
    assert [each for at, each in enumerate(told["error"]) if at not in (1, 7)] == [None] * 6


def test_results_stand_in_the_order_of_the_texts(made, scorer):
    results = list(made.results())
    assert [at for at, each in enumerate(results) if each == EMPTY] == [1, 7]
    kept = [each for each in results if each != EMPTY]
    assert kept == scorer.score([Ad(text) for text in TEXTS])


def test_no_texts_have_no_rows(scorer):
    made = outcomes.score(scorer, [])
    assert (len(made), list(made.results())) == (0, [])
    assert made.columns(nested) == {name: [] for name in FIELDS}


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ([], ""),
        (["id", "text", "Risk"], ""),
        (["risk"], "lurewatch_"),
        (["other_fields"], "lurewatch_"),
        (["error", "lurewatch_band"], "lurewatch_lurewatch_"),
    ],
)
def test_prefix_keeps_our_names_apart(taken, wanted):
    assert prefix(taken) == wanted
