"""Passages: the sentences of a text in which its marks stand, as examples of their own.

Whoever marks a phrase says why a text has its label. A model that learns from the marked
sentences as well, and not from whole texts alone, finds the reasons and not the manner of a
writer (learning from rationales: Zaidan, Eisner and Piatko, NAACL 2007).
"""

from dataclasses import dataclass
from functools import lru_cache

from model import places
from model.reading import Token, read
from training.data import Record


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as it stands in its text, and the indicators marked in it."""

    text: str
    indicators: frozenset[str]


@lru_cache(maxsize=1 << 15)  # a report learns some thirty times from the same records
def marked(record: Record) -> tuple[Passage, ...]:
    """The sentences of a record that hold a mark or a part of one, in order."""
    if not record.spans:
        return ()
    sentences: dict[int, list[Token]] = {}
    for token in read(record.text, places.tables()):
        sentences.setdefault(token.sentence, []).append(token)
    return tuple(
        Passage(record.text[start:end], shown)
        for start, end in ((tokens[0].start, tokens[-1].end) for tokens in sentences.values())
        if (shown := _shown(record, start, end))
    )


def _shown(record: Record, start: int, end: int) -> frozenset[str]:
    spans = (span for span in record.spans if span.start < end and start < span.end)
    return frozenset(name for span in spans for name in span.indicators)
