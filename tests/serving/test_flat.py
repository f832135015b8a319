import json
from dataclasses import replace

import pytest

from model.score import Language, Phrase, Score
from serving.flat import FIELDS, TOP_PHRASES, cells, prefix, record

SCORE = Score(
    risk=0.12345678,
    band="review",
    indicators={"debt": 0.25, "fake_job": 0.98765432, "untrained": None},
    found=("debt", "fake_job"),
    phrases=(
        Phrase("a\nloan", 0, 6, ("debt",), 0.5),
        Phrase("visa paid", 10, 19, ("fake_job", "debt"), 1.23456789),
        Phrase("contract", 30, 38, (), -0.75),
    ),
    language=Language("en", known=True),
    facts=("too_short", "leetspeak"),
    log_odds=-1.96,
    intercept=-2.9,
    rest=0.0,
    model="1.2",
)


def test_record_is_nested():
    assert record(SCORE, "1.2") == {
        "risk": 0.123457,
        "band": "review",
        "indicators": {"debt": 0.25, "fake_job": 0.987654, "untrained": None},
        "phrases": [
            {
                "text": "visa paid",
                "start": 10,
                "end": 19,
                "indicators": ["fake_job", "debt"],
                "contribution": 1.234568,
            },
            {"text": "a\nloan", "start": 0, "end": 6, "indicators": ["debt"], "contribution": 0.5},
            {"text": "contract", "start": 30, "end": 38, "indicators": [], "contribution": -0.75},
        ],
        "language": "en",
        "facts": ["too_short", "leetspeak"],
        "model": "1.2",
    }


def test_cells_are_for_people():
    assert cells(SCORE, "1.2") == {
        "risk": 0.123457,
        "band": "review",
        "indicators": "fake_job:0.99; debt:0.25",
        "phrases": "visa paid | a loan",
        "language": "en",
        "facts": "too_short; leetspeak",
        "model": "1.2",
    }


def test_cells_hold_the_top_phrases_only():
    phrase = SCORE.phrases[0]
    many = replace(SCORE, phrases=tuple(replace(phrase, text=f"p{i}") for i in range(20)))
    assert cells(many, "1.2")["phrases"] == " | ".join(f"p{i}" for i in range(TOP_PHRASES))


def test_failure_has_every_field_and_no_risk():
    failed = record("Row 2: empty", "1.2")
    assert tuple(failed) == FIELDS
    assert (failed["risk"], failed["error"]) == (None, "Row 2: empty")
    assert cells("Row 2: empty", "1.2") == {"model": "1.2", "error": "Row 2: empty"}


@pytest.mark.parametrize("shape", [record, cells])
def test_fields_are_the_known_ones(shape):
    assert tuple(shape(SCORE, "1.2")) == FIELDS[:-1]
    json.dumps(shape(SCORE, "1.2"), allow_nan=False)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        pytest.param(["id", "text"], "", id="free"),
        pytest.param(["id", "risk"], "lurewatch_", id="one taken"),
        pytest.param(["risk", "lurewatch_band"], "lurewatch_lurewatch_", id="scored twice before"),
    ],
)
def test_prefix_keeps_our_names_apart(taken, expected):
    assert prefix(taken) == expected
