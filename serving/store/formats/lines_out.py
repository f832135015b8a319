"""JSON lines: all that is known of each ad, or the labelled text of each that was decided."""

from collections.abc import Iterator

from serving.bulk.output import as_json
from serving.store import marked, shown
from serving.store.formats.rows import Form, Row

MEDIA = "application/x-ndjson"


def _write(rows: Iterator[Row]) -> Iterator[bytes]:
    for ad, decision in rows:
        told = decision and shown.decision(decision)
        yield _line({**shown.ad(ad), "decision": told})


def _write_marked(rows: Iterator[Row]) -> Iterator[bytes]:
    for ad, decision in rows:
        if decision is not None and decision.verdict.choice in marked.LABELS:
            yield _line(marked.row(ad, decision.verdict))


def _line(told: dict[str, object]) -> bytes:
    return (as_json(told) + "\n").encode()


JSONL = Form(MEDIA, "ads.jsonl", _write)
MARKED = Form(MEDIA, "marked.jsonl", _write_marked)
