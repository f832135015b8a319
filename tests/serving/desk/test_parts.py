"""The parts that pages are made of, each by itself."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ad import Ad
from model.score import BANDS
from serving.desk.asked import Asked
from serving.desk.marked import pieces
from serving.desk.tongue import choose, load
from serving.desk.unseen import UNSEEN
from serving.desk.view import Moved, points, view
from serving.results import result
from serving.store.errors import BadQuestion
from serving.store.values import SORTS, STATUSES, Filter

TONGUES = load()


def _moved(start: int, end: int) -> Moved:
    return Moved(
        number=1,
        text="",
        start=start,
        end=end,
        contribution=1.0,
        weight="clear",
        signs=(),
        names=(),
    )


@st.composite
def _cut_texts(draw):
    text = draw(st.text(st.sampled_from("aé🌴\u200b\u200d\u202e\x00\nم<"), max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [_moved(start, end) for start, end in spans if start < end]


@given(_cut_texts())
def test_pieces_are_the_text(cut):
    text, phrases = cut
    made = list(pieces(text, phrases))
    assert "".join(each.text for each in made) == text
    for phrase in phrases:
        inside = [each.text for each in made if each.moved is phrase]
        assert "".join(inside) == text[phrase.start : phrase.end]
        assert sum(each.first for each in made if each.moved is phrase) == 1
    for each in made:
        assert bool(each.unseen) == bool(UNSEEN.search(each.text))


@pytest.mark.parametrize(
    ("char", "unseen"),
    [
        *((char, True) for char in "\x00\x1b\u200b\u202e\u2066\ufeff\u00ad\U000e0041"),
        *((char, False) for char in "a\n\t\r 中م\u200c\u200d\ufe0f🌴"),
    ],
)
def test_unseen_characters(char, unseen):
    assert bool(UNSEEN.search(char)) == unseen


@pytest.mark.parametrize(
    ("risk", "shown"), [(0.0, 1), (0.004, 1), (0.5, 50), (0.994, 99), (0.9999, 99), (1.0, 99)]
)
def test_no_risk_is_certain(risk, shown):
    assert points(risk) == shown


@pytest.mark.parametrize(
    ("band", "facts", "blind"),
    [
        ("low", [], False),
        ("low", ["leetspeak"], False),
        ("low", ["too_short"], True),
        ("low", ["language_unknown"], True),
        ("review", ["language_unknown"], False),
    ],
)
def test_a_low_risk_that_says_nothing_is_told_from_a_calm_one(scorer, band, facts, blind):
    text = "Your passport stays with the manager of the bar"
    [score] = scorer.score([Ad(text)])
    told = {**result(score, scorer.indicators, text), "band": band, "facts": facts}
    assert view(told, scorer).blind == blind


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8
).filter(str.strip)
_FILTERS = st.builds(
    Filter,
    band=st.sampled_from([None, *BANDS]),
    status=st.sampled_from([None, *STATUSES]),
    indicator=st.none() | _WORDS,
    language=st.none() | _WORDS,
    source=st.none() | _WORDS,
    text=st.none() | _WORDS,
    assignee=st.sampled_from([None, "", "local"]),
)


@given(st.builds(Asked, _FILTERS, st.sampled_from(SORTS)))
def test_an_address_asks_for_the_same_list(asked):
    assert Asked.read(dict(parse_qsl(asked.query))) == asked


def test_nothing_asked_is_the_open_ads_by_risk():
    assert Asked.read({}) == Asked(Filter(status="open"), "risk")


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"band": "x"}, {"status": "x"}])
def test_what_there_is_not_is_refused(query):
    with pytest.raises(BadQuestion):
        Asked.read(query)


@pytest.mark.parametrize(
    ("asked", "accepted", "code"),
    [
        (None, "", "en"),
        (None, "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "fr, es;q=0.5", "es"),
        (None, "fr", "en"),
        ("es", "en", "es"),
        ("xx", "es", "es"),
        ("../es", ";;,,", "en"),
    ],
)
def test_language_is_chosen(asked, accepted, code):
    assert choose(TONGUES, asked, accepted).code == code


def test_figures_are_written_as_people_do():
    english, spanish = TONGUES["en"], TONGUES["es"]
    noon = datetime(2026, 3, 1, 12, 5, tzinfo=timezone(timedelta(hours=2)))
    assert (english.number(12345), spanish.number(0.5, "0.00")) == ("12,345", "0,50")
    assert (english.language("zh"), spanish.language("zh")) == ("Chinese", "chino")
    assert english.language("xx-none") == "xx-none"
    assert english.time(noon) == english.time(noon.astimezone(UTC)) == "1 Mar 2026, 10:05 UTC"
    assert [each.name for each in TONGUES.values()] == ["English", "Español"]
