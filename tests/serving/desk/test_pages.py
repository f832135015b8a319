"""The pages as they are answered, without a browser."""

import html
import re

import pytest

from model.ad import MAX_CHARS, Ad
from model.marks import Span
from serving.store import ads, decisions, intake
from serving.store.intake import Received

LURE = "We keep your passport safe and you pay the ticket back from your wages. Write on Telegram."


def _says(answer, words):
    return words in re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", answer.text)))


ROMANIAN = (
    "Căutăm muncitori pentru fermă în Italia, salariu bun, cazare, plecare imediată, sunați acum"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call now", "The text is too short for a risk to rest on."),
        (ROMANIAN, "does not know this language (Romanian)"),
        ("1234567 89 12345 1234 123 4456 78945 12345", "cannot tell the language"),
        ("W\u200bork in Dub\u200bai now, we pay your tic\u200bket and your visa", "be seen stand"),
    ],
)
def test_check_says_what_the_model_does_not_know(desk, text, words):
    answer = desk.send("/", {"text": text})
    assert answer.status_code == 200
    assert _says(answer, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no text"), (" \n ", "no text"), ("a" * (MAX_CHARS + 1), "is the most")],
)
def test_check_says_what_is_wrong_with_a_text(desk, text, words):
    for path in ("/", "/queue"):
        answer = desk.send(path, {"text": text})
        assert answer.status_code == 422
        assert _says(answer, words)


def test_check_stores_nothing(desk):
    desk.send("/", {"text": LURE})
    assert _says(desk.get("/queue?status=all"), "No ad is here.")


def test_a_text_comes_back_as_it_was(desk, store):
    text = "\n first\r\nsecond <b>&amp; \x00 third"
    answer = desk.send("/queue", {"text": text})
    stored = ads.get(store, answer.url.path.rpartition("/")[2])
    assert stored.text == text.replace("\r\n", "\n")


@pytest.mark.usefixtures("kept")
def test_deciding_leads_to_the_next_ad_of_the_list(desk, store):
    shown = desk.get("/queue?language=en").text
    path = re.search(r'href="(/ads/[^"?]+)\?([^"]*)" data-row', shown)
    answer = desk.send(f"{path[1]}/decide?{path[2]}", {"choice": "deceptive"})
    following = ads.get(store, answer.url.path.rpartition("/")[2])
    assert (path[2], following.language, following.status) == ("language=en", "en", "open")
    assert following.id not in path[1]
    assert _says(answer, "Decided: Deceptive")


def test_the_last_ad_leads_back_to_the_queue(desk, store, scorer):
    [ad] = intake.take(store, scorer, [Received(Ad(LURE))])
    answer = desk.send(f"/ads/{ad.id}/decide", {"choice": "skip"})
    assert answer.url.path == "/queue"
    assert desk.send(f"/ads/{ad.id}/undo", {}).url.path == f"/ads/{ad.id}"
    assert ads.get(store, ad.id).status == "open"


def test_a_decision_holds_all_that_the_form_says(desk, store, scorer):
    [ad] = intake.take(store, scorer, [Received(Ad(f"{LURE} Your passport. {LURE}"))])
    moved = scorer.score([Ad(ad.text)])[0]
    fields = {
        "choice": "deceptive",
        "reason": ["words", "reported"],
        "note": " seen before\r\n",
        "right": ["debt_bondage", "document_retention"],
        "phrase": ["keep  your\npassport", "Write on Telegram", "", "keep your passport"],
        "sign": ["document_retention", "off_platform_contact", "debt_bondage", "movement_control"],
        "near": ["0", "9999", "0", "0"],
        "unmark": "1",
    }
    desk.send(f"/ads/{ad.id}/decide", fields)
    [made] = decisions.history(store, ad.id)
    verdict, first = made.verdict, ad.text.index("keep your passport")
    last = ad.text.rindex("Write on Telegram")
    assert (verdict.choice, verdict.note) == ("deceptive", "seen before")
    assert verdict.reasons == ("words", "reported")
    assert set(verdict.indicators) == {"debt_bondage", "document_retention"}
    assert verdict.marked == (
        Span(first, first + 18, ("document_retention", "movement_control")),
        Span(last, last + 17, ("off_platform_contact",)),
    )
    [gone] = verdict.unmarked
    best = max(moved.phrases, key=lambda each: each.contribution)
    assert (gone.start, gone.end) == (best.start, best.end)
    again = desk.get(f"/ads/{ad.id}")
    assert [each in again.text for each in ("seen before", 'value="keep your passport"')] == [
        True
    ] * 2


def test_signs_that_stand_are_no_correction(desk, store, kept):
    ad = kept[0]
    desk.send(f"/ads/{ad.id}/decide", {"choice": "unsure", "right": list(ad.found)})
    assert decisions.history(store, ad.id)[0].verdict.indicators is None


def test_marks_that_overlap_are_refused_and_nothing_is_lost(desk, store, scorer):
    [ad] = intake.take(store, scorer, [Received(Ad(LURE))])
    phrases = {"phrase": ["keep your passport", "passport safe"], "sign": ["debt_bondage"] * 2}
    fields = {"choice": "unsure", "note": "look", **phrases, "near": ["0", "0"]}
    answer = desk.send(f"/ads/{ad.id}/decide", fields)
    assert answer.status_code == 422
    assert _says(answer, "overlaps another")
    assert "look</textarea>" in answer.text
    assert 'value="passport safe"' in answer.text
    assert decisions.history(store, ad.id) == ()


def test_words_that_are_not_there_are_named_and_nothing_is_lost(desk, store, kept):
    fields = {"choice": "unsure", "note": "look", "phrase": "<not there>", "sign": "debt_bondage"}
    answer = desk.send(f"/ads/{kept[0].id}/decide", {**fields, "near": "0"})
    assert answer.status_code == 422
    assert _says(answer, "<not there>")
    assert "look</textarea>" in answer.text
    assert decisions.history(store, kept[0].id) == ()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ads/none", 404),
        ("/queue?sort=colour", 422),
        ("/queue?band=x", 422),
        ("/queue?after=x", 422),
        ("/?example=maybe", 422),
        ("/language/xx", 404),
    ],
)
def test_faults_are_told_on_a_page(desk, path, status):
    answer = desk.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"choice": "x"},
        {"choice": "unsure", "reason": "x"},
        {"choice": "unsure", "right": "x"},
        {"choice": "unsure", "phrase": "e", "sign": "x", "near": "0"},
    ],
)
def test_what_is_no_verdict_is_refused(desk, store, kept, fields):
    assert desk.send(f"/ads/{kept[0].id}/decide", fields).status_code == 422
    assert decisions.history(store, kept[0].id) == ()


def test_a_database_that_is_away_is_told_on_a_page(desk, store, tmp_path):
    store.close()
    for file in tmp_path.glob("ads.db*"):
        file.unlink()
    (tmp_path / "ads.db").mkdir()
    answer = desk.get("/queue")
    assert answer.status_code == 503
    assert _says(answer, "The database does not answer")
    assert desk.send("/", {"text": LURE}).status_code == 200


def test_no_page_is_heavy(desk, kept):
    static = sum(
        len(desk.get(f"/desk/{name}").content)
        for name in ("desk.css", "desk.js", "keys.js", "highlights.js", "marks.js", "icon.svg")
    )
    for path in ("/", "/queue?status=all", f"/ads/{kept[0].id}", "/model"):
        assert static + len(desk.get(path).content) <= 120_000


def test_pages_speak_spanish(desk):
    assert _says(desk.get("/", **{"accept-language": "es"}), "Comprobar un anuncio")
    desk.get("/language/es")
    assert _says(desk.get("/model"), "Lo que no puede hacer")


def test_definitions_of_signs_speak_the_readers_language(desk, scorer):
    [score] = scorer.score([Ad(LURE)])
    assert score.found
    english = desk.send("/", {"text": LURE})
    spanish = desk.send("/", {"text": LURE}, **{"accept-language": "es"})
    for each in scorer.indicators:
        for words in (each.counts, each.does_not_count, each.hard_negatives):
            assert _says(english, words) == (each.name in score.found)
            assert not _says(spanish, words)
