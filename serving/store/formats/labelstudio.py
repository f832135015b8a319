"""Label Studio JSON: a task for each ad, the model's phrases as a prediction, the decision as an
annotation.

Label Studio counts code points, as we do. The names below are those of the labelling interface.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import quoteattr

from model.indicators import Indicator
from model.marks import Span
from serving.store import marked, shown
from serving.store.formats.rows import Form, Row, json_list
from serving.store.values import CHOICES, REASONS, Decision, Stored

_VERDICTS = [choice for choice in CHOICES if choice != "skip"]

Region = Mapping[str, object]


def interface(indicators: Sequence[Indicator]) -> str:
    """The labelling interface (XML) of a project that takes the tasks in."""
    names = [each.name for each in indicators]
    return "\n".join(
        (
            "<View>",
            '  <Header value="Risk $risk, $band"/>',
            '  <Labels name="phrases" toName="text">',
            *(f"    <Label value={quoteattr(name)}/>" for name in names),
            "  </Labels>",
            '  <Text name="text" value="$text" granularity="word"/>',
            *_choices("verdict", "single", _VERDICTS),
            *_choices("indicators", "multiple", names),
            *_choices("reasons", "multiple", REASONS),
            '  <TextArea name="note" toName="text"/>',
            "</View>",
        )
    )


def _choices(name: str, choice: str, values: Sequence[str] | Mapping[str, str]) -> Iterator[str]:
    yield f'  <Choices name="{name}" toName="text" choice="{choice}">'
    yield from (f"    <Choice value={quoteattr(value)}/>" for value in values)
    yield "  </Choices>"


def _write(rows: Iterator[Row]) -> Iterator[bytes]:
    yield from json_list(_task(*row) for row in rows)


def _task(ad: Stored, decision: Decision | None) -> dict[str, object]:
    told = shown.ad(ad)
    result = told.pop("result")
    assert isinstance(result, Mapping)
    return {
        "data": {**told, "risk": ad.risk, "band": ad.band, "language": ad.language},
        "predictions": [
            {
                "model_version": ad.model,
                "score": ad.risk,
                "result": [
                    *_regions(ad.text, _phrases(ad)),
                    *_chosen("indicators", ad.found),
                ],
            }
        ],
        "annotations": [] if decision is None else [_annotation(ad, decision)],
    }


def _annotation(ad: Stored, decision: Decision) -> dict[str, object]:
    verdict = decision.verdict
    skipped = verdict.choice == "skip"
    right = ad.found if verdict.indicators is None else verdict.indicators
    return {
        "was_cancelled": skipped,
        "created_at": decision.at.isoformat(),
        "result": [
            *_regions(ad.text, sorted(marked.spans(ad, verdict), key=lambda span: span.start)),
            *_chosen("verdict", () if skipped else (verdict.choice,)),
            *_chosen("indicators", () if skipped else right),
            *_chosen("reasons", verdict.reasons),
            *_noted(verdict.note),
        ],
    }


def _phrases(ad: Stored) -> Iterator[Span]:
    for each in ad.result["phrases"]:
        if each["indicators"]:
            yield Span(each["start"], each["end"], tuple(each["indicators"]))


def _regions(text: str, spans: Iterator[Span] | Sequence[Span]) -> Iterator[Region]:
    for number, span in enumerate(spans, 1):
        yield {
            "id": f"phrase-{number}",
            "from_name": "phrases",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": text[span.start : span.end],
                "labels": list(span.indicators),
            },
        }


def _chosen(name: str, values: Sequence[str]) -> Iterator[Region]:
    if values:
        yield {
            "id": name,
            "from_name": name,
            "to_name": "text",
            "type": "choices",
            "value": {"choices": list(values)},
        }


def _noted(note: str) -> Iterator[Region]:
    if note:
        yield {
            "id": "note",
            "from_name": "note",
            "to_name": "text",
            "type": "textarea",
            "value": {"text": [note]},
        }


LABEL_STUDIO = Form("application/json", "label-studio.json", _write)
