import json
from math import exp, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.score import BANDS, Language, Phrase, Score
from serving import examples
from serving.offsets import utf16
from serving.results import result
from serving.schemas import BatchOut, ScoreOut

TEXTS = [
    "Hostess in Dubai, we pay your ticket and visa, your passport stays with us. Telegram only.",
    "\N{PALM TREE}\N{PALM TREE} we keep your passport \N{AIRPLANE} ticket is paid \N{MONEY BAG}",
    "Кухар у Варшаві, договір, 160 годин на місяць.",
    "招聘保洁员，月薪五千，包吃住。",
    "Cook\x00 wanted.\r\n\tCall the kitchen.",
]
# Ties and gaps are what matters here, so the alphabet is small.
MIXED = st.text("a\xe9\u4e2d\uffff\U00010000\U0001f334\U0010ffff", max_size=40)


def units(text):
    return text.encode("utf-16-le")


@pytest.mark.parametrize("text", TEXTS)
def test_a_score_is_whole(client, scorer, text):
    answer = client.post("/v1/score", json={"text": text})
    score = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert 0 <= score["risk"] <= 1
    assert score["band"] in BANDS
    assert score["model"] == scorer.version
    assert set(score["indicators"]) <= {each.name for each in scorer.indicators}
    assert set(score["language"]) == {"code", "known"}
    total = sum(phrase["contribution"] for phrase in score["phrases"])
    assert isclose(total + score["rest"] + score["intercept"], score["log_odds"], abs_tol=1e-6)


@pytest.mark.parametrize("text", TEXTS)
def test_offsets_cut_the_phrase_from_the_text_as_sent(client, text):
    for phrase in client.post("/v1/score", json={"text": text}).json()["phrases"]:
        assert text[phrase["start"] : phrase["end"]] == phrase["text"]
        start, end = 2 * phrase["utf16_start"], 2 * phrase["utf16_end"]
        assert units(text)[start:end] == units(phrase["text"])


def test_a_batch_gives_what_each_ad_gives_alone_in_the_order_sent(client):
    body = {"ads": [{"text": text} for text in TEXTS]}
    together = client.post("/v1/score/batch", json=body).json()["scores"]
    assert together == [client.post("/v1/score", json={"text": text}).json() for text in TEXTS]


def test_phrases_come_highest_first_with_the_strength_of_each_indicator(scorer):
    first, second, third = scorer.indicators[:3]
    score = Score(
        risk=0.5,
        band="low",
        indicators={first.name: 0.9, second.name: 0.1, third.name: None},
        found=(first.name,),
        phrases=(Phrase("a", 0, 1, (), -1.0), Phrase("c", 3, 4, (first.name,), 2.0)),
        language=Language("und", False),
        facts=("too_short",),
        log_odds=0.0,
        intercept=-1.0,
        rest=0.0,
        model="1",
    )
    out = result(score, scorer.indicators, "a\N{PALM TREE} c")
    assert [phrase["text"] for phrase in out["phrases"]] == ["c", "a"]
    places = [(phrase["utf16_start"], phrase["utf16_end"]) for phrase in out["phrases"]]
    assert places == [(4, 5), (0, 1)]
    assert {name: tuple(each.values()) for name, each in out["indicators"].items()} == {
        first.name: (0.9, first.strength, True),
        second.name: (0.1, second.strength, False),
        third.name: (None, third.strength, False),
    }


@pytest.mark.parametrize(
    ("path", "body", "schema"),
    [
        pytest.param("/v1/score", {"text": TEXTS[0]}, ScoreOut, id="one"),
        pytest.param(
            "/v1/score/batch", {"ads": [{"text": t} for t in TEXTS]}, BatchOut, id="batch"
        ),
    ],
)
def test_an_answer_is_what_its_schema_declares(client, path, body, schema):
    answer = client.post(path, json=body)
    # Validation would pass over fields that the schema does not have; what it dumps shows them.
    assert schema.model_validate_json(answer.text).model_dump() == answer.json()


@settings(deadline=None)
@given(MIXED)
def test_utf16_agrees_with_the_encoder_at_every_offset(text):
    count = utf16(text)
    assert [count(place) for place in range(len(text) + 1)] == [
        len(units(text[:place])) // 2 for place in range(len(text) + 1)
    ]


def test_the_example_is_true():
    score = ScoreOut.model_validate_json(json.dumps(examples.SCORE))
    total = sum(phrase.contribution for phrase in score.phrases)
    assert isclose(total + score.rest + score.intercept, score.log_odds)
    assert isclose(1 / (1 + exp(-score.log_odds)), score.risk, abs_tol=1e-4)
    count = utf16(examples.TEXT)
    for phrase in score.phrases:
        assert examples.TEXT[phrase.start : phrase.end] == phrase.text
        assert (count(phrase.start), count(phrase.end)) == (phrase.utf16_start, phrase.utf16_end)
