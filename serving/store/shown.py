"""Stored ads and decisions as the JSON objects that `StoredOut` and `DecisionOut` declare."""

from collections.abc import Sequence

from model.marks import Span
from serving.results import Object
from serving.roles import Caller
from serving.store import hidden
from serving.store.campaigns import Campaign, Summary
from serving.store.values import Allowed, Decision, Stored


def ad(stored: Stored) -> Object:
    """What to tell of an ad."""
    return {
        "id": stored.id,
        "received": stored.received.isoformat(),
        "source": stored.source,
        "external_id": stored.external_id,
        "sha256": stored.sha256,
        "status": stored.status,
        "verdict": stored.verdict,
        "assignee": stored.assignee,
        "campaign": stored.campaign,
        "size": stored.size,
        "known": [{"kind": each.kind, "value": each.value} for each in stored.known],
        "text": stored.text,
        "result": stored.result,
    }


def summary(told: Summary, caller: Caller) -> Object:
    """What to tell `caller` of a campaign at a glance."""
    return {
        "name": told.name,
        "size": told.size,
        "risk": told.risk,
        "open": told.open,
        "first": told.first.isoformat(),
        "newest": ad(hidden.ad(told.newest, caller)),
    }


def campaign(told: Campaign, caller: Caller) -> Object:
    """What to tell `caller` of a campaign."""
    contacts = told.contacts if caller.may("contacts") else ()
    return {
        **summary(told.summary, caller),
        "contacts": [{"kind": kind, "value": value, "ads": n} for kind, value, n in contacts],
        "days": [{"day": day.isoformat(), "ads": n} for day, n in told.days],
        "apart": told.apart,
    }


def allowed(entry: Allowed) -> Object:
    """What to tell of an entry of the allow list."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "value": entry.value,
        "owner": entry.owner,
        "reason": entry.reason,
        "until": entry.until.isoformat(),
        "added": entry.added.isoformat(),
        "by": entry.by,
    }


def decision(made: Decision) -> Object:
    """What to tell of a decision."""
    verdict = made.verdict
    return {
        "id": made.id,
        "at": made.at.isoformat(),
        "by": made.by,
        "choice": verdict.choice,
        "reasons": verdict.reasons,
        "note": verdict.note,
        "indicators": verdict.indicators,
        "marked": _spans(verdict.marked),
        "unmarked": _spans(verdict.unmarked),
        "undone": made.undone and made.undone.isoformat(),
    }


def _spans(spans: Sequence[Span]) -> list[Object]:
    return [{"start": span.start, "end": span.end, "indicators": span.indicators} for span in spans]
