"""The desk in a real browser: by keyboard alone, without scripts, light and dark, under attack."""

import json
from datetime import date
from pathlib import Path
from time import sleep

import pytest
from axe_playwright_python.sync_playwright import Axe

from model.ad import Ad
from serving.known import FRESH
from serving.store import (
    ads,
    allowed,
    api_keys,
    campaigns,
    decisions,
    intake,
    jobs,
    people,
    queue,
    uploads,
)
from serving.store.intake import Received
from serving.store.uploads import Ask, Progress, Seen
from serving.store.values import Filter, Vouch
from tests.serving.desk.payloads import PAYLOADS

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LURE = (
    "We keep your passport safe 🌴 and you pay the ticket back from your wages. Write on Telegram."
)

SECRET = "four words that differ"
BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

#: Select the last place where words stand in the ad, across the borders of highlights.
SELECT_LAST = """(words) => {
  const walker = document.createTreeWalker(document.querySelector("[data-text]"), 4);
  const places = [];
  while (walker.nextNode()) {
    for (let i = 0; i < walker.currentNode.length; i++) places.push([walker.currentNode, i]);
  }
  const at = places.map(([node, i]) => node.data[i]).join("").lastIndexOf(words);
  const [start, end] = [places[at], places[at + words.length - 1]];
  getSelection().setBaseAndExtent(...start, end[0], end[1] + 1);
}"""


def _settle(page):
    page.wait_for_load_state()


def _check(page, text):
    page.goto("/")
    page.fill("#text", text)
    page.press("#text", "Control+Enter")
    page.wait_for_selector("#result")
    _settle(page)  # a key is heard once the scripts are there


@BOTH
def test_paste_check_and_add_by_keys(page, store):
    _check(page, LURE)
    assert page.inner_text(".ad-text") == LURE
    assert page.url.endswith("/#result")
    assert queue.counts(store, Filter())["status"] == {}
    page.keyboard.press("a")
    page.wait_for_url("**/ads/*")
    assert queue.counts(store, Filter())["status"] == {"open": 1}


def test_highlights_are_the_phrases_and_say_their_weight(page, scorer):
    _check(page, LURE)
    [score] = scorer.score([Ad(LURE)])
    shown = [mark.inner_text() for mark in page.query_selector_all(".ad-text .mark")]
    assert shown == [each.text for each in sorted(score.phrases, key=lambda each: each.start)]
    page.focus(".ad-text .mark")
    assert page.locator(".phrases li.on").count() == 1
    assert "risk" in page.inner_text(".phrases li.on")


@BOTH
@pytest.mark.usefixtures("kept")
def test_twenty_ads_by_keyboard_alone(page, store):
    page.goto("/queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ads/*")
    for n in range(20):
        before = page.url
        page.keyboard.press("1234"[n % 4])
        page.wait_for_url(lambda url, before=before: url != before)
        _settle(page)
    assert queue.counts(store, Filter())["status"] == {"open": 4, "decided": 15, "skipped": 5}


@BOTH
@pytest.mark.usefixtures("kept")
def test_undo_brings_the_ad_back(page, store):
    page.goto("/queue")
    first = page.get_attribute("[data-row]", "href").partition("?")[0]
    page.click("[data-row]")
    page.wait_for_url(f"**{first}**")
    page.keyboard.press("1")
    page.wait_for_url("**done=**")
    page.keyboard.press("u")
    page.wait_for_url(f"**{first}**")
    assert ads.get(store, first.rpartition("/")[2]).status == "open"


@BOTH
def test_mark_selected_words_after_an_emoji(page, store, scorer):
    text = f"{LURE} They keep your passport 🌴 safe, in your passport office."
    [ad] = intake.take(store, scorer, [Received(Ad(text))])
    page.goto(f"/ads/{ad.id}")
    page.evaluate(SELECT_LAST, "your passport")
    page.keyboard.press("m")
    assert page.input_value("[name=phrase]") == "your passport"
    page.select_option("[name=sign]", "document_retention")
    page.click("button[value=deceptive]")
    page.wait_for_url("**done=**")
    [made] = decisions.history(store, ad.id)
    [span] = made.verdict.marked
    assert (span.start, span.indicators) == (text.rindex("your passport"), ("document_retention",))
    assert text[span.start : span.end] == "your passport"


@pytest.mark.usefixtures("kept")
def test_keys_are_listed_and_can_be_turned_off(page):
    page.goto("/queue")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.uncheck("#single")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.row") is None


def test_typing_a_note_presses_no_key(page, store, kept):
    page.goto(f"/ads/{kept[0].id}")
    page.keyboard.press("n")
    page.keyboard.type("1 2 3 u q ?")
    assert page.input_value("#note") == "1 2 3 u q ?"
    assert decisions.history(store, kept[0].id) == ()


def test_enter_in_a_field_decides_nothing(page, store, kept):
    page.goto(f"/ads/{kept[0].id}")
    page.keyboard.press("m")
    page.keyboard.type("passport")
    page.keyboard.press("Enter")
    assert decisions.history(store, kept[0].id) == ()


@pytest.mark.usefixtures("kept")
def test_works_without_scripts(browser, address, store):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.fill("#text", LURE)
    page.click("button.main")
    assert page.inner_text(".ad-text") == LURE
    page.goto("/queue")
    page.click("[data-row]")
    page.click("button[value=legitimate]")
    page.click("text=Undo")
    assert queue.counts(store, Filter())["status"] == {"open": 24}
    context.close()


BROKEN = """number,body
1,"We keep your passport, and you pay the ticket back from your wages"
2,"never closed
3,
4,Cook wanted for the season
"""


@BOTH
@pytest.mark.usefixtures("workers")
def test_upload_a_broken_file(page, store, tmp_path):
    file = tmp_path / "board.csv"
    file.write_text(BROKEN)
    page.goto("/uploads")
    page.set_input_files("#file", file)
    page.click("button.main")
    page.wait_for_selector("form.columns")
    assert page.is_checked("[name=text][value=body]")
    page.select_option("#id", "number")
    page.fill("#source", "board")
    page.click("form.columns button.main")
    page.wait_for_selector("#done")
    with page.expect_download() as download:
        page.click("text=Download 2 rejects")
    rejects = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert download.value.suggested_filename == "board.rejects.jsonl"
    assert [(each["number"], each["input"]) for each in rejects] == [(3, file.name), (4, file.name)]
    page.click("text=Show them in the queue")
    page.wait_for_selector("[data-row]")
    assert queue.counts(store, Filter())["source"] == {"board": 2}
    page.go_back()
    page.click("text=Delete the upload")
    page.wait_for_url("**/uploads")
    assert uploads.page(store, limit=9) == ()


@pytest.mark.usefixtures("workers")
def test_upload_without_scripts(browser, address, tmp_path):
    file = tmp_path / "board.csv"
    file.write_text(BROKEN)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/uploads")
    page.click("button.main")  # without a file it does not go
    page.set_input_files("#file", file)
    page.click("button.main")
    while not page.query_selector("form.columns"):
        page.click("text=Load anew")
    page.check("[name=to][value=file]")
    page.select_option("#form", "xlsx")
    page.click("form.columns button.main")
    while not page.query_selector("#done"):
        page.click("text=Load anew")
    with page.expect_download() as download:
        page.click("text=Download the result")
    assert download.value.suggested_filename == "board.scored.xlsx"
    context.close()


@pytest.mark.usefixtures("workers")
def test_a_long_upload_says_how_far_it_is_and_can_be_cancelled(page, store, tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("text\n" + "".join(f"Cook wanted in house {n}\n" for n in range(30_000)))
    page.goto("/uploads")
    page.set_input_files("#file", file)
    page.click("button.main")
    page.click("form.columns button.main")
    page.wait_for_selector("[data-status=running]")
    page.evaluate("window.here = true")
    page.wait_for_selector("progress:not([value='0.0'])")
    assert page.evaluate("window.here")  # it is told without loading the page anew
    page.click("text=Cancel")
    page.wait_for_selector("#cancelled")
    [upload] = uploads.page(store, limit=9)
    assert (upload.status, upload.progress.rows < 30_000) == ("cancelled", True)


def _sent(store, name, columns=tuple(f"column {n}" for n in range(50))):
    """An upload whose columns are known."""
    upload = uploads.new(
        store, uploads.new_id(store), name=name, form="csv", packed="", size=123_456
    )
    seen = Seen(columns=columns, guess=columns[:1], rows=(columns, columns))
    jobs.claim(store, "look", "one")
    jobs.end(store, upload.id, "one", "done", Progress(), seen=seen)
    return uploads.get(store, upload.id)


def _scored(store, name, state):
    """An upload with a score in some state; `running` is held by somebody."""
    upload = _sent(store, name)
    ask = Ask(text=("column 0",), to="queue", source="board")
    with store.write() as connection:
        jobs.start(connection, upload, ask, store.clock(), by="local")
    jobs.claim(store, "score", "one")
    progress = Progress(rows=1000, scored=990, rejects=10, bands={"high": 990}, share=0.5)
    jobs.renew(store, upload.id, "one", progress, moved=True)
    if state != "running":
        error = "The file is damaged." if state == "failed" else None
        jobs.end(store, upload.id, "one", state, progress, error=error)
    return upload


@BOTH
@pytest.mark.usefixtures("kept")
def test_take_the_list_out(page):
    page.goto("/queue?language=en")
    page.click("text=Export")
    page.select_option("#format", "jsonl")
    with page.expect_download() as download:
        page.click("text=Export 6 ads")
    assert download.value.suggested_filename == "ads.jsonl"
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert [json.loads(line)["result"]["language"]["code"] for line in lines] == ["en"] * 6


@BOTH
def test_list_an_employer_by_keys_and_see_it_in_an_ad(page, store, scorer):
    page.goto("/allowed")
    page.select_option("[name=kind]", "employer")
    page.focus("[name=value]")
    for words in ("Hotel Lago Verde", "Ana", "Visited."):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.fill("[name=until]", "2099-12-31")
    page.keyboard.press("Enter")
    page.wait_for_selector(".entries")
    [ad] = intake.take(store, scorer, [Received(Ad(f"{LURE} Hotel Lago Verde"))])
    page.goto(f"/ads/{ad.id}")
    assert "Hotel Lago Verde" in page.inner_text("section[aria-labelledby=known]")
    page.goto("/allowed")
    page.click(".entries button")
    page.wait_for_selector("text=Nothing is on the list.")
    assert allowed.every(store) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser, address, store, scorer, kept, scheme, width):
    states = ("done", "failed", "cancelled", "running")
    sent = [_sent(store, "board.csv"), *(_scored(store, f"{each}.csv", each) for each in states)]
    name = " ".join(kept[0].text.split()[:3])
    told = {"owner": "Ana", "reason": "Visited.", "until": date(2099, 1, 1)}
    allowed.add(store, Vouch(kind="employer", value=name, **told))
    allowed.add(store, Vouch(kind="phone", value="+12025550162", **told))
    tied = _copies(store, scorer)[0]
    viewport = {"width": width, "height": 800}
    context = browser.new_context(base_url=address, color_scheme=scheme, viewport=viewport)
    page = context.new_page()
    _check(page, LURE)
    found = {"/#result": _violations(page)}
    for path in (
        "/",
        "/queue",
        "/queue?text=nothing-has-this",
        "/uploads",
        *(f"/uploads/{each.id}" for each in sent),
        "/allowed",
        "/campaigns",
        f"/campaigns/{tied.campaign}",
        f"/ads/{tied.id}",
        "/model",
        "/admin",
        f"/ads/{kept[0].id}",
        "/ads/none",
    ):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        found[path] = _violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/queue")
    page.keyboard.press("?")
    found["keys"] = _violations(page)
    people.add(store, "boss", SECRET, "admin")
    api_keys.add(store, "crawler", "feed")
    sleep(FRESH)
    for path in ("/login", "/admin", "/account", "/queue"):
        page.goto(path)
        if path == "/login":
            _log_in(page, "wrong password")
            found["wrong password"] = _violations(page)
            page.goto(path)
        elif page.url.partition("?")[0].endswith("/login"):
            _log_in(page, SECRET)
            page.wait_for_url("**/admin")
        found[f"{path} of boss"] = _violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


def _log_in(page, password):
    page.fill("#name", "boss")
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_load_state()


def _copies(store, scorer):
    """Five near-copies with one number, in a campaign."""
    places = ("Malta", "Cyprus", "Crete", "Rhodes", "Naxos")
    texts = [f"{LURE} It is in {place}. Mail demo@lure-jobs.com" for place in places]
    made = intake.take(store, scorer, [Received(Ad(each)) for each in texts])
    return [ads.get(store, each.id) for each in made]


@BOTH
def test_decide_about_a_campaign_by_keyboard_and_undo(page, store, scorer):
    copies = _copies(store, scorer)
    page.goto(f"/ads/{copies[0].id}")
    _settle(page)
    page.keyboard.press("a")
    page.keyboard.press("1")
    page.wait_for_url("**/queue?*")
    _settle(page)
    assert queue.counts(store, Filter())["status"] == {"decided": 5}
    page.keyboard.press("u")
    page.wait_for_url("**/ads/*")
    _settle(page)
    assert queue.counts(store, Filter())["status"] == {"open": 5}
    page.keyboard.press("c")
    page.wait_for_url("**/campaigns/*")
    _settle(page)
    slots = page.query_selector_all(".ads mark.slot")
    assert [each.inner_text() for each in slots] == ["Naxos", "Rhodes", "Crete", "Cyprus", "Malta"]
    page.keyboard.press("2")
    page.wait_for_selector("text=5 ads decided together.")
    _settle(page)
    page.keyboard.press("u")
    page.wait_for_url(lambda url: "?" not in url)
    assert queue.counts(store, Filter())["status"] == {"open": 5}
    page.check(".ads li:first-child input")
    page.click("text=Part the ticked ads from the others")
    page.wait_for_selector("text=Kept apart by hand from")
    assert ads.get(store, copies[4].id).size == 1


@BOTH
def test_let_somebody_in_log_in_decide_and_log_out(page, store, scorer):
    [ad] = intake.take(store, scorer, [Received(Ad(LURE))])
    page.goto("/admin")
    page.fill("[name=name]", "boss")
    page.fill("[name=password]", SECRET)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/login?to=%2Fadmin")
    _log_in(page, SECRET)
    page.wait_for_url("**/admin")
    page.goto(f"/ads/{ad.id}")
    _settle(page)
    page.keyboard.press("1")
    page.wait_for_url("**/queue?*")
    assert [each.by for each in decisions.history(store, ad.id)] == ["boss"]
    page.click(".who button:has-text('Log out')")
    page.wait_for_url("**/login")
    page.goto("/queue")
    assert "/login?to=" in page.url


def _violations(page):
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in Axe().run(page, options=options).response["violations"]
    ]


def test_no_payload_runs_from_a_file(page, store):
    upload = _sent(store, PAYLOADS[0][:200], tuple(dict.fromkeys(PAYLOADS)))
    page.goto("/uploads")
    page.goto(f"/uploads/{upload.id}")
    _settle(page)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('main script, main img').length") == 0


def test_no_payload_runs(page, store, scorer):
    kept = intake.take(
        store, scorer, [Received(Ad(each), source=each[:80], external_id=each) for each in PAYLOADS]
    )
    assert len(PAYLOADS) >= 200
    for ad in kept[::20]:
        page.goto(f"/ads/{ad.id}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        page.fill("#note", ad.text[:2000])
        page.click("button[value=unsure]")
        page.wait_for_url("**done=**")
        page.goto(f"/ads/{ad.id}")
    after = "/queue?status=all"
    while after:
        page.goto(after)
        after = (
            page.get_attribute("a[rel=next]", "href") if page.query_selector("a[rel=next]") else ""
        )
    for each in campaigns.page(store):
        page.goto(f"/campaigns/{each.name}")
    copies = [f"{LURE} {each} {n}" for n, each in enumerate(PAYLOADS[:40])]
    tied = intake.take(store, scorer, [Received(Ad(each)) for each in copies])
    page.goto(f"/campaigns/{ads.get(store, tied[0].id).campaign}")
    assert page.query_selector("mark.slot")
    _check(page, "\n".join(PAYLOADS))
    assert page.inner_text(".ad-text").split() == "\n".join(PAYLOADS).split()
    assert page.evaluate("window.ran") is None
    assert (
        page.evaluate("document.querySelectorAll('main script, main iframe, main img').length") == 0
    )
