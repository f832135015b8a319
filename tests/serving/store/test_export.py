import csv
import io
import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.marks import Span, parse
from serving.store import ads, decisions, export, marked
from serving.store.commands import Form
from serving.store.formats.cells import COLUMNS
from serving.store.formats.rows import Name
from serving.store.values import Filter, Verdict
from tests.serving.store.conftest import new
from training import rows

NAMES = ("debt_bondage", "document_retention", "upfront_fee")
BRACKETS = st.text("[[]] |ab🌴\n", min_size=1, max_size=20)


def taken(store, form, **asked):
    return b"".join(export.export(store, Filter(**asked), export.FORMS[form])).decode()


@pytest.fixture
def kept(store):
    texts = ["=1+1 wanted", 'Cook, "quoted"\nin two lines', "招聘 [[now]] Cook"]
    made = ads.add(store, [new(text, risk=0.9, external_id="-2") for text in texts])
    decisions.decide(store, made[0].id, Verdict(choice="legitimate"))
    decisions.undo(store, made[0].id)
    decisions.decide(store, made[1].id, Verdict(choice="legitimate", reasons=("copy",), note="@a"))
    decisions.decide(store, made[2].id, Verdict(choice="unsure"))
    return made


def test_every_form_has_its_name_everywhere():
    assert tuple(export.FORMS) == get_args(Name) == tuple(each.value for each in Form)
    names = [form.name for form in export.FORMS.values()]
    assert len(set(names)) == len(names)


def test_csv_has_every_ad_and_no_formula(store, kept):
    told = list(csv.DictReader(io.StringIO(taken(store, "csv").removeprefix("\ufeff"))))
    assert tuple(told[0]) == COLUMNS
    assert [row["text"] for row in told] == [kept[2].text, kept[1].text, "'" + kept[0].text]
    assert [(row["verdict"], row["by"]) for row in told] == [
        ("unsure", "local"),
        ("legitimate", "local"),
        ("", ""),
    ]
    assert (told[1]["note"], told[1]["external_id"]) == ("'@a", "-2")


def test_jsonl_has_all_that_is_known(store, kept, monkeypatch):
    monkeypatch.setattr(export, "MANY", 2)
    told = [json.loads(line) for line in taken(store, "jsonl").splitlines()]
    assert [row["id"] for row in told] == [ad.id for ad in reversed(kept)]
    assert told[0]["result"] == kept[2].result
    assert [row["decision"] and row["decision"]["choice"] for row in told] == [
        "unsure",
        "legitimate",
        None,
    ]


@pytest.mark.usefixtures("kept")
def test_a_filter_goes_for_exports_too(store):
    assert len(taken(store, "jsonl", text="cook").splitlines()) == 2
    assert len(taken(store, "jsonl", status="open").splitlines()) == 1
    assert taken(store, "jsonl", language="xx") == ""


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        pytest.param({}, "[[document_retention|We keep]] your passport", id="the model's"),
        pytest.param({"indicators": ("debt_bondage",)}, "We keep your passport", id="corrected"),
        pytest.param({"unmarked": (Span(3, 4, ()),)}, "We keep your passport", id="unmarked"),
        pytest.param(
            {"marked": (Span(2, 12, ("upfront_fee", "debt_bondage")),)},
            "We [[upfront_fee+debt_bondage|keep your]] passport",
            id="marked over it",
        ),
        pytest.param(
            {"marked": (Span(12, 21, ("upfront_fee",)),)},
            "[[document_retention|We keep]] your [[upfront_fee|passport]]",
            id="marked beside it",
        ),
        pytest.param({"choice": "legitimate"}, "We keep your passport", id="legitimate"),
    ],
)
def test_decisions_become_labelled_rows(store, verdict, told):
    [ad] = ads.add(store, [new()])
    decisions.decide(store, ad.id, Verdict(**{"choice": "deceptive", **verdict}))
    row = json.loads(taken(store, "marked"))
    assert row["marked"] == told
    assert row["label"] == verdict.get("choice", "deceptive")
    faults = [each.what for each in rows.faults(row, NAMES)]
    bare = row["label"] == "deceptive" and "[[" not in told
    assert faults == (["The text is labelled deceptive and nothing in it is marked."] * bare)


@pytest.mark.parametrize("choice", ["unsure", "skip"])
def test_only_verdicts_become_labels(store, choice):
    [ad] = ads.add(store, [new()])
    decisions.decide(store, ad.id, Verdict(choice=choice))
    assert taken(store, "marked") == ""


@given(BRACKETS, st.data())
def test_any_text_can_be_marked(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    read = parse(marked.mark(text, [Span(start, end, ("upfront_fee",))]))
    assert read.text.replace(" ", "") == text.replace(" ", "")
    words = text[start:end].translate(str.maketrans("", "", " \n")).lstrip("[").rstrip("]")
    told = "".join(read.text[span.start : span.end] for span in read.spans)
    assert told.translate(str.maketrans("", "", " \n")) == words
