from datetime import UTC, datetime

import pytest

from serving.store.formats.rows import Row
from serving.store.values import Decision, Stored, Verdict
from tests.serving.store.conftest import new


@pytest.fixture
def row():
    """A function that makes a row as the store gives it."""
    return made


def made(text: str = "We keep your passport", *, number: int = 1, **verdict: object) -> Row:
    at = datetime(2026, 1, 1, number, tzinfo=UTC)
    scored = new(text, risk=0.75)
    choice = verdict.get("choice")
    ad = Stored(
        id=f"00000000-0000-7000-8000-{number:012}",
        received=at,
        source="board",
        external_id=None,
        text=text,
        sha256="0" * 64,
        result=scored.result,
        risk=scored.result["risk"],
        band=scored.result["band"],
        found=("document_retention",),
        language="en",
        model="test",
        status="open" if choice is None else "skipped" if choice == "skip" else "decided",
        verdict=None if choice == "skip" else choice,
        assignee=None,
        campaign=None,
        size=1,
    )
    if choice is None:
        return ad, None
    return ad, Decision(id=f"d{number}", ad=ad.id, at=at, by="local", verdict=Verdict(**verdict))
