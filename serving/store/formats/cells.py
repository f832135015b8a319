"""A row as the cells of a table, for people."""

from serving.flat import PLACES, TOP_PHRASES
from serving.store import shown
from serving.store.formats.rows import Row
from serving.store.values import Decision, Stored

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
    "known",
)


def cells(row: Row) -> list[object]:
    """A cell for each of `COLUMNS`."""
    ad, decision = row
    told = {**_said(ad), **_decided(decision)}
    return [told.get(name) for name in COLUMNS]


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
        "known": "; ".join(f"{each.kind} {each.value}" for each in ad.known),
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
