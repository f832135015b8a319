from dataclasses import replace
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from model.ad import Ad
from model.scorer import Thresholds, band

LURE = (
    "Leave next week, visa and ticket paid. No interview and no contract needed. "
    "Passport stays with madam, first three months salary goes back to the office."
)
HONEST = (
    "Care assistant at Rowan House, part time. Interview on Tuesday at our office, written "
    "contract from day one, overtime paid monthly. You pay nothing to us or to any agency."
)


@pytest.fixture(scope="module")
def one(scorer):
    """Score one text."""
    return lambda text: scorer.score([Ad(text)])[0]


_phrases = st.sampled_from(
    [
        *("Passport stays with madam", "no interview", "first three months salary", "visa paid"),
        *("keep it secret", "girls 18-25", "write to me on Telegram @lucky_job", "tour only"),
        *(
            "p\u0430ssport",
            "v1sa",
            "p a s s p o r t",
            "pass\u200bport",
            "签证 免费",
            "работа за границей",
        ),
        *("pay the deposit", "office", "contract", "https://t.me/x", "a@b.com", "1,500 usd"),
        *("\U0001f469\U0001f3fd\u200d\u2695\ufe0f", "🙂", "e\u0301", "\u0301", "\u200d", "\x00"),
        *(".", "…", "\n", " ", "!?", "-", "“", "مطلوب عاملة", "यात्रा", "İ", "ﬁ", "½", "𝕬"),
    ]
)
_texts = (
    st.lists(st.one_of(_phrases, _phrases, st.text(max_size=12)), max_size=25)
    .flatmap(lambda parts: st.sampled_from([" ", ""]).map(lambda gap: gap.join(parts)))
    .filter(str.strip)
)


@given(text=_texts)
@settings(deadline=None)
def test_the_parts_add_up_to_the_risk(one, text):
    score = one(text)
    parts = sum(phrase.contribution for phrase in score.phrases) + score.rest + score.intercept
    assert isclose(parts, score.log_odds, rel_tol=1e-9, abs_tol=1e-9)
    assert 0 <= score.risk <= 1
    assert score.risk == expit(score.log_odds)


@given(text=_texts)
@settings(deadline=None)
def test_phrases_stand_in_the_text_and_apart(one, text):
    phrases = one(text).phrases
    assert all(text[each.start : each.end] == each.text != "" for each in phrases)
    places = sorted((each.start, each.end) for each in phrases)
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert [*phrases] == sorted(phrases, key=lambda each: -each.contribution)


@given(text=_texts)
@settings(deadline=None)
def test_found_and_band_follow_from_the_figures(scorer, one, text):
    score = one(text)
    least = scorer.thresholds.indicators
    assert score.found == tuple(
        name for name in scorer.linear.labels[1:] if score.indicators[name] >= least[name]
    )
    strengths = [each.strength for each in scorer.indicators if each.name in score.found]
    assert score.band == band(score.risk, strengths, scorer.thresholds)
    assert {name for each in score.phrases for name in each.indicators} <= {*score.found}
    assert [*score.indicators] == [each.name for each in scorer.indicators]


@given(texts=st.lists(_texts, max_size=6).flatmap(st.permutations))
@settings(deadline=None, max_examples=40)
def test_alone_and_in_any_batch_the_score_is_the_same(scorer, one, texts):
    assert scorer.score([Ad(text) for text in texts]) == [one(text) for text in texts]


@pytest.mark.parametrize(("step", "found"), [(0, True), (1e-12, False)], ids=["reached", "missed"])
def test_an_indicator_is_found_from_its_threshold_on(scorer, one, step, found):
    least = one(LURE).indicators["debt_bondage"] + step
    indicators = {**scorer.thresholds.indicators, "debt_bondage": least}
    other = replace(scorer, thresholds=replace(scorer.thresholds, indicators=indicators))
    assert ("debt_bondage" in other.score([Ad(LURE)])[0].found) is found


def test_a_lure_scores_above_an_honest_ad(one, scorer):
    lure, honest = one(LURE), one(HONEST)
    assert lure.risk > 0.8 > 0.4 > honest.risk
    assert (lure.model, honest.band) == (scorer.version, "low")
    assert lure.phrases[0].contribution > 0.3


def test_the_rest_is_what_the_phrases_leave(one):
    score = one("Passport stays with madam")
    assert [phrase.text for phrase in score.phrases] == ["Passport stays with madam"]
    assert score.rest == pytest.approx(0, abs=1e-6)  # shares are of single precision
    assert score.log_odds == pytest.approx(score.intercept + score.phrases[0].contribution)


@pytest.mark.parametrize(
    ("text", "indicator", "words"),
    [
        pytest.param("Passport stays with madam", "document_retention", "stays", id="risk's own"),
        pytest.param("You pay back the loan from your wage", "debt_bondage", "loan", id="debt"),
        pytest.param("Do not tell your family", "urgency_secrecy", "tell your", id="secrecy"),
        pytest.param("Fee 200 euro, refundable deposit", "upfront_fee", "deposit", id="fee"),
    ],
)
def test_the_phrase_of_an_indicator_has_its_name(one, text, indicator, words):
    score = one(f"Kitchen porter wanted in Leeds. {text}.")
    named = [phrase.text for phrase in score.phrases if indicator in phrase.indicators]
    assert indicator in score.found
    assert any(words in phrase for phrase in named)


@pytest.mark.parametrize(
    ("disguised", "fact"),
    [
        pytest.param(LURE.replace("s", "s\u200b"), "hidden_characters", id="zero width space"),
        pytest.param(LURE.replace("ss", "s\xads"), "hidden_characters", id="soft hyphen"),
        pytest.param(LURE.replace("as", "a\u2060s"), "hidden_characters", id="word joiner"),
        pytest.param(LURE.replace("as", "a\x00s"), "hidden_characters", id="NUL"),
        pytest.param(LURE.replace("a", "\u0430"), "look_alike_letters", id="Cyrillic a"),
        pytest.param(LURE.replace("o", "\u03bf"), "look_alike_letters", id="Greek o"),
        pytest.param(LURE.replace("visa", "v i s a"), "spaced_letters", id="spaced"),
        pytest.param(LURE.replace("visa", "v.i.s.a"), "spaced_letters", id="dotted"),
        pytest.param(LURE.replace("visa", "v1sa"), "leetspeak", id="leet"),
        pytest.param(LURE.replace("contract", "c0ntr4ct"), "leetspeak", id="two digits"),
    ],
)
def test_a_disguise_changes_nothing_and_is_reported(one, disguised, fact):
    plain, score = one(LURE), one(disguised)
    assert disguised != LURE
    assert (score.log_odds, score.indicators) == (plain.log_odds, plain.indicators)
    assert [fact in each.facts for each in (plain, score)] == [False, True]


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(str.upper, id="capitals"),
        pytest.param(lambda text: text.replace("e", "e\u0301"), id="accents"),
        pytest.param(lambda text: text.replace(" ", "  "), id="wide spaces"),
        pytest.param(lambda text: text.replace(".", "!!! 🙂"), id="other marks"),
        pytest.param(lambda text: f"\ufeff🙂 {text} 🙂", id="around"),
    ],
)
def test_a_spelling_changes_nothing_and_is_no_disguise(one, spelling):
    plain, score = one(LURE), one(spelling(LURE))
    assert score.log_odds == plain.log_odds
    assert not {*score.facts} - {"language_unknown"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param(LURE, (), id="none"),
        pytest.param("We have housekeeping jobs and the visa", ("too_short",), id="7 words"),
        pytest.param("We have housekeeping jobs and the visa paid", (), id="8 words"),
        pytest.param("🙂!", ("language_unknown", "too_short"), id="no words"),
        pytest.param("1 2 3 4 5 6 7 8", ("language_unknown",), id="digits"),
        pytest.param(
            "Nous recherchons une serveuse expérimentée pour un restaurant à Paris",
            ("language_unknown",),
            id="another language",
        ),
        pytest.param(
            "v1sa p a s s p o r t jo\u200bbs p\u0430id",
            (
                *("hidden_characters", "leetspeak", "look_alike_letters", "spaced_letters"),
                *("language_unknown", "too_short"),
            ),
            id="all",
        ),
    ],
)
def test_facts(one, text, facts):
    assert one(text).facts == facts


def test_an_untrained_indicator_has_no_score(one, scorer):
    untrained = scorer.card["untrained"]
    scores = one(LURE).indicators
    assert untrained == [name for name, score in scores.items() if score is None] != []


@pytest.mark.parametrize(
    ("risk", "strengths", "expected"),
    [
        pytest.param(0.39, ["strong", "strong"], "low", id="below review"),
        pytest.param(0.4, [], "review", id="at review"),
        pytest.param(0.79, ["strong", "strong"], "review", id="below high"),
        pytest.param(0.8, ["strong", "strong"], "high", id="at high"),
        pytest.param(1.0, [], "review", id="nothing to name"),
        pytest.param(1.0, ["strong"], "review", id="one strong"),
        pytest.param(1.0, ["medium", "medium"], "review", id="two medium"),
        pytest.param(1.0, ["medium", "medium", "weak"], "high", id="two medium and a weak"),
    ],
)
def test_band(risk, strengths, expected):
    assert band(risk, strengths, Thresholds(0.4, 0.8, {})) == expected


def test_nothing_to_score(scorer):
    assert scorer.score([]) == []
