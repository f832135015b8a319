"""Stored ads with their decisions as lines of a file."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from serving.bulk.output import as_json
from serving.bulk.safe import safe
from serving.flat import PLACES, TOP_PHRASES
from serving.store import audit, decisions, marked, queue, shown
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.values import Decision, Filter, Stored

MANY = 500  # ads that are read at a time
COLUMNS = (
    "id",
    "received",
    "source",
    "external_id",
    "text",
    "risk",
    "band",
    "indicators",
    "phrases",
    "language",
    "facts",
    "model",
    "status",
    "verdict",
    "reasons",
    "note",
    "decided",
    "by",
    "assignee",
    "campaign",
)

Row = tuple[Stored, Decision | None]  # the decision that stands, if there is one


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its media type, its file name, and how rows become pieces of text."""

    media: str
    name: str
    write: Callable[[Iterator[Row]], Iterator[str]]


def export(store: Store, where: Filter, form: Form, *, by: str = LOCAL) -> Iterator[str]:
    """The ads of a filter in a format, newest first, piece by piece; the audit log tells of it."""
    asked = {name: value for name, value in asdict(where).items() if value is not None}
    if where.text is not None:
        asked["text"] = "words"  # which ones may be somebody's name or number
    with store.write() as connection:
        audit.append(connection, store.clock(), Entry(by, "export", form.name, asked))
    return form.write(_rows(store, where))


def _rows(store: Store, where: Filter) -> Iterator[Row]:
    after = None
    while True:
        page = queue.page(store, where, "newest", after=after, limit=MANY)
        with store.read() as connection:
            made = decisions.of(connection, [ad.id for ad in page.ads])
        standing = {each.ad: each for each in made if each.undone is None}
        yield from ((ad, standing.get(ad.id)) for ad in page.ads)
        after = page.next
        if after is None:
            return


def _csv(rows: Iterator[Row]) -> Iterator[str]:
    yield "\N{BYTE ORDER MARK}" + _line(COLUMNS)  # so that Excel reads it as UTF-8
    for ad, decision in rows:
        cells = {**_said(ad), **_decided(decision)}
        yield _line([_cell(cells.get(name)) for name in COLUMNS])


def _jsonl(rows: Iterator[Row]) -> Iterator[str]:
    for ad, decision in rows:
        told = decision and shown.decision(decision)
        yield as_json({**shown.ad(ad), "decision": told}) + "\n"


def _marked(rows: Iterator[Row]) -> Iterator[str]:
    for ad, decision in rows:
        if decision is not None and decision.verdict.choice in marked.LABELS:
            yield as_json(marked.row(ad, decision.verdict)) + "\n"


def _said(ad: Stored) -> dict[str, object]:
    raising = [each["text"] for each in ad.result["phrases"] if each["contribution"] > 0]
    return {
        **shown.ad(ad),
        "risk": round(ad.risk, PLACES),
        "band": ad.band,
        "indicators": "; ".join(ad.found),
        "phrases": " | ".join(" ".join(text.split()) for text in raising[:TOP_PHRASES]),
        "language": ad.language,
        "facts": "; ".join(ad.result["facts"]),
        "model": ad.model,
    }


def _decided(decision: Decision | None) -> dict[str, object]:
    if decision is None:
        return {}
    verdict = decision.verdict
    return {
        "reasons": "; ".join(verdict.reasons),
        "note": verdict.note,
        "decided": decision.at.isoformat(),
        "by": decision.by,
    }


def _cell(value: object) -> object:
    return safe(value) if isinstance(value, str) else value


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


FORMS: Mapping[str, Form] = {
    "csv": Form("text/csv; charset=utf-8", "ads.csv", _csv),
    "jsonl": Form("application/x-ndjson", "ads.jsonl", _jsonl),
    "marked": Form("application/x-ndjson", "marked.jsonl", _marked),
}
