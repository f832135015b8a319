"""A decided ad as a labelled text, with its marks in the form of data/labeled."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from model.marks import MarkError, Span, render
from serving.store.errors import BadQuestion
from serving.store.values import Stored, Verdict

LABELS = ("deceptive", "legitimate")

_DOUBLED = re.compile(r"(?<=\[)(?=\[)|(?<=\])(?=\])")


def row(ad: Stored, verdict: Verdict) -> dict[str, object]:
    """The labelled row of an ad whose verdict is one of `LABELS`.

    What nobody was asked is said to be usual: an ad, of a mixed sector, between no countries.
    """
    return {
        "id": ad.id,
        "language": ad.language,
        "label": verdict.choice,
        "kind": "ad",
        "channel": ad.source,
        "sector": "mixed_other",
        "origin": None,
        "destination": None,
        "pair": None,
        "hard": False,
        "marked": mark(ad.text, list(spans(ad, verdict))),
    }


def check(text: str, spans: Sequence[Span]) -> None:
    """Raise `BadQuestion` for spans that cannot be marked in a text."""
    try:
        for span in spans:
            if not 0 <= span.start < span.end <= len(text):
                raise BadQuestion(
                    f"The span {span.start}:{span.end} is not in the text, which has "
                    f"{len(text):,} characters. Count code points from 0."
                )
        mark(text, spans)
    except MarkError as error:
        raise BadQuestion(str(error)) from error


def spans(ad: Stored, verdict: Verdict) -> Iterator[Span]:
    """The analyst's marks, and in a lure the model's of indicators that the analyst let stand."""
    yield from verdict.marked
    right = ad.found if verdict.indicators is None else verdict.indicators
    told = (*verdict.marked, *verdict.unmarked)
    for phrase in ad.result["phrases"] if verdict.choice == "deceptive" else ():
        names = tuple(name for name in phrase["indicators"] if name in right)
        start, end = phrase["start"], phrase["end"]
        if names and not any(start < span.end and span.start < end for span in told):
            yield Span(start, end, names)


def mark(text: str, spans: Sequence[Span]) -> str:
    """Put marks into any text: brackets in a row, and at the edges of spans, are parted."""
    # Two brackets in a row belong to marks alone.
    places = [match.start() for match in _DOUBLED.finditer(text)]
    moved = (
        Span(
            span.start + bisect_right(places, span.start),
            span.end + bisect_left(places, span.end),
            span.indicators,
        )
        for span in spans
    )
    parted = _DOUBLED.sub(" ", text)
    kept = (cut for span in moved if (cut := _trim(parted, span)))
    return render(parted, sorted(kept, key=lambda span: span.start))


def _trim(text: str, span: Span) -> Span | None:
    """A span without the spaces and brackets at its edges, if anything is left of it."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] == "["):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == "]"):
        end -= 1
    return Span(start, end, span.indicators) if start < end else None
