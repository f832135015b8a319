import json
from xml.etree import ElementTree

import pytest

from model import indicators
from model.marks import Span
from serving.store.formats.labelstudio import LABEL_STUDIO, interface

#: What an element of the interface is called where results speak of it.
TYPES = {"Labels": "labels", "Choices": "choices", "TextArea": "textarea"}


@pytest.fixture(scope="module")
def controls():
    """What the labelling interface asks for: type and values, by name."""
    view = ElementTree.fromstring(interface(indicators.load()))
    assert {each.get("toName", "text") for each in view} == {"text"}
    return {
        each.get("name"): (TYPES[each.tag], {value.get("value") for value in each})
        for each in view
        if each.tag in TYPES
    }


def tasks(*rows):
    return json.loads(b"".join(LABEL_STUDIO.write(iter(rows))))


def values(result):
    return {each["from_name"]: each["value"] for each in result}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_task_for_each_ad(row, count):
    told = tasks(*(row(f"Ad {number}", number=number + 1) for number in range(count)))
    assert [task["data"]["text"] for task in told] == [f"Ad {number}" for number in range(count)]


def test_a_prediction_holds_what_the_model_found(row):
    [task] = tasks(row("🌴 We keep your passport"))
    [prediction] = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("test", 0.75)
    assert values(prediction["result"]) == {
        "phrases": {"start": 0, "end": 7, "text": "🌴 We ke", "labels": ["document_retention"]},
        "indicators": {"choices": ["document_retention"]},
    }
    assert task["annotations"] == []


def test_an_annotation_holds_what_was_decided(row):
    marked = (Span(12, 20, ("debt_bondage",)),)
    told = {"choice": "deceptive", "reasons": ("words",), "note": "Old.", "marked": marked}
    [task] = tasks(row(**told))
    [annotation] = task["annotations"]
    spans = [each["value"] for each in annotation["result"] if each["type"] == "labels"]
    assert [(span["start"], span["end"], span["labels"]) for span in spans] == [
        (0, 7, ["document_retention"]),
        (12, 20, ["debt_bondage"]),
    ]
    assert values(annotation["result"]) == {
        "phrases": spans[-1],
        "verdict": {"choices": ["deceptive"]},
        "indicators": {"choices": ["document_retention"]},
        "reasons": {"choices": ["words"]},
        "note": {"text": ["Old."]},
    }
    assert not annotation["was_cancelled"]


def test_a_skipped_ad_is_a_cancelled_annotation(row):
    [task] = tasks(row(choice="skip"))
    assert task["annotations"][0]["was_cancelled"]
    assert task["annotations"][0]["result"] == []


@pytest.mark.parametrize("choice", ["deceptive", "legitimate", "unsure"])
def test_every_result_fits_the_interface(row, controls, choice):
    told = {"choice": choice, "reasons": ("copy", "words"), "note": "n", "indicators": ()}
    [task] = tasks(row("🌴 We keep it 🌴", **told, marked=(Span(0, 2, ("upfront_fee",)),)))
    for result in (task["predictions"][0]["result"], task["annotations"][0]["result"]):
        assert len({each["id"] for each in result}) == len(result)
        for each in result:
            kind, known = controls[each["from_name"]]
            assert (each["type"], each["to_name"]) == (kind, "text")
            if kind != "textarea":
                assert set(each["value"][kind]) <= known
            if kind == "labels":
                cut = task["data"]["text"][each["value"]["start"] : each["value"]["end"]]
                assert each["value"]["text"] == cut
