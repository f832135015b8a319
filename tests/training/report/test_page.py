"""The page loads nothing, runs nothing, is well-formed, and escapes what it shows."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadData
from tests.training.report.conftest import NASTY
from training.data import Corpus
from training.figures import Figure
from training.report import page, run
from training.report.glance import GLANCE, glance
from training.report.markup import document, element
from training.report.parts import Bars, Dots, Line, Lines, Quote, Quotes, Section, Table

#: No file of these ads has enough of both labels.
MEASURED = [name for name in run.SECTIONS if name != "method"]
VOID = {"meta"}
LOADING = {"src", "srcset", "action", "data", "poster", "xlink:href", "background"}


class Reader(HTMLParser):
    """Checks that tags are closed in order; keeps tags, attributes, ids and the text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.said, self.attributes = [], set(), "", []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data


@pytest.fixture(scope="module")
def written(corpus, small_plan, real_ads, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    several = [
        replace(
            each,
            writer="abc"[i % 3 if each.pair is None else 0],
            language="en" if i < 250 else "pl",
        )
        for i, each in enumerate(corpus.records)
    ]
    options = run.Options(real=real_ads, resamples=5)
    run.write(run.measure(small_plan, Corpus(tuple(several)), options), folder)
    return folder


@pytest.fixture(scope="module")
def read(written):
    return Reader((written / run.PAGE).read_text("utf-8"))


def test_the_page_loads_nothing_and_runs_nothing(written, read):
    assert read.tags.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "base"})
    names = {name for name, _ in read.attributes}
    assert names.isdisjoint(LOADING)
    assert not any(name.startswith("on") for name in names)
    links = [value for name, value in read.attributes if name == "href"]
    assert links
    assert all(link.startswith("#") for link in links)
    style = re.search(r"<style>(.*?)</style>", (written / run.PAGE).read_text("utf-8"), re.S)[1]
    assert not re.search(r"url\(|@import|https?:", style)


def test_every_link_leads_to_a_section(read):
    ids = [value for name, value in read.attributes if name == "id"]
    assert [f"#{each}" for each in ids] == [v for n, v in read.attributes if n == "href"]
    assert ids == MEASURED


def test_real_texts_are_on_the_page_as_texts(read):
    assert "<script" in read.said
    assert "alert" in read.said


def test_figures_and_card_hold_no_real_text(written):
    for name in (run.FIGURES, run.CARD):
        text = (written / name).read_text("utf-8")
        assert "example.com/x.js" not in text
        assert "Honest ads flagged" in text


def test_figures_are_json_that_names_every_section(written):
    figures = json.loads((written / run.FIGURES).read_text("utf-8"))
    assert list(figures["sections"]) == MEASURED
    auc = figures["sections"]["held"]["tables"]["Risk by language"]["en"]["ROC AUC"]
    low, high = auc["interval"]
    assert 0.5 < low < high < 1  # few rounds: the value itself may lie outside
    card = (written / run.CARD).read_text("utf-8")
    shown = re.findall(r"\| (\d\.\d+) \[(\d\.\d+) (\d\.\d+)\] \|", card)
    wanted = pytest.approx((auc["value"], low, high), abs=6e-4)
    assert any(tuple(map(float, each)) == wanted for each in shown)


def test_only_what_is_asked_for_is_measured(corpus, small_plan):
    made = run.measure(small_plan, corpus, run.Options(only=("indicators",), resamples=0))
    assert [each.name for each in made.sections] == ["indicators"]
    assert {row[0] for row in glance(made.sections).rows} == {
        "indicators, macro average precision",
        "first phrase meets a mark",
        "token F1 of phrases",
    }


def test_a_section_there_is_not_is_refused(corpus, small_plan):
    with pytest.raises(BadData, match=r"no section 'hold'\. There are held, "):
        run.measure(small_plan, corpus, run.Options(only=("hold",)))


def test_a_section_that_is_asked_for_needs_its_ads(corpus, small_plan):
    with pytest.raises(BadData, match="Section method finds no real ads"):
        run.measure(small_plan, corpus, run.Options(only=("method",), resamples=0))


def test_all_figures_at_a_glance_are_found(written):
    figures = json.loads((written / run.FIGURES).read_text("utf-8"))
    assert set(figures["glance"]) == set(GLANCE)


EVERYTHING = Section(
    "all",
    "All kinds & <more>",
    "How?",
    (
        Table("T", ("a", "b"), (("x", 1_000), ("y", Figure(0.5, 0.4, 0.6)), ("z", "too few"))),
        Lines("L", "x", "y", (Line("one", ((0, 0), (2, 2))), Line("none", ()))),
        Dots("D", "x", (("a", Figure(0.99)), ("b", Figure(0.21, 0.1, 0.3)))),
        Dots("none", "x", ()),
        Bars("B", ("low", "high"), (("a", (0.25, 0.75)),)),
        Quotes("Q", (Quote("id", "head", "a <b> c", ((2, 5, "+1.00"),)), Quote("", "", NASTY))),
    ),
)


def test_every_kind_of_part_is_drawn_inside_its_frame():
    text = page.render("", Table("", ("", ""), ()), [EVERYTHING])
    found = Reader(text)
    assert {"table", "svg", "polyline", "circle", "rect", "mark", "details"} <= found.tags
    assert "1,000" in found.said
    assert "<b>+1.00" in found.said
    assert NASTY.replace("\x00", "\ufffd") in found.said
    for name, value in found.attributes:
        if name in {"x", "x1", "x2", "cx", "y", "cy", "width"} and value != "device-width":
            assert 0 <= float(value) <= 700


@given(st.text())
def test_any_text_survives_the_page(text):
    shown = Reader(document(element("p", text, class_=text))).said.strip("\n")
    wanted = "".join(
        "\ufffd" if category(each) == "Cc" and each not in "\t\n\r" else each for each in text
    )
    assert shown == wanted.strip("\n")
