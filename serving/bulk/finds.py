"""What the report tells of the ads: collected unit by unit, in little room, and added up.

Counts of many things (texts, phrases, contacts) are kept by the Misra-Gries method: at most so
many at a time, and each may fall short of the truth by `short`, which is said.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.score import Score
from serving import flat
from serving.bulk import contacts
from serving.bulk.ads import Fields, text_of
from serving.bulk.rows import Row
from serving.flat import Result

BINS = 20
SHOWN = 20
#: Entries of a summary; an excerpt has so many characters.
MOST, EXCERPT = 100_000, 600


@dataclass(slots=True)
class Summary:
    """Counts of the most frequent things."""

    counts: Counter[str] = field(default_factory=Counter)
    short: int = 0

    def add(self, counts: Mapping[str, int], short: int = 0) -> None:
        """Count these too."""
        self.counts.update(counts)
        self.short += short
        if len(self.counts) > 2 * MOST:
            # Misra-Gries: take off what the first one left out has.
            floor = sorted(self.counts.values(), reverse=True)[MOST]
            self.counts = Counter(
                {key: count - floor for key, count in self.counts.items() if count > floor}
            )
            self.short += floor

    def top(self, least: int = 1) -> list[tuple[str, int]]:
        """The most frequent ones, ties in the order of their names."""
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [(key, count) for key, count in ordered[:SHOWN] if count >= least]


@dataclass(slots=True)
class Finds:
    """What has been found in some units."""

    risks: list[int] = field(default_factory=lambda: [0] * BINS)
    languages: dict[str, Counter[str]] = field(default_factory=dict)
    indicators: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    phrases: Summary = field(default_factory=Summary)
    contacts: Summary = field(default_factory=Summary)
    texts: Summary = field(default_factory=Summary)
    excerpts: dict[str, str] = field(default_factory=dict)
    highest: list[dict[str, Any]] = field(default_factory=list)

    def add(self, rows: Sequence[Row], results: Sequence[Result], fields: Fields) -> None:
        """Collect from the rows of a batch."""
        pairs = zip(rows, results, strict=True)
        scored = [(row, text_of(row, fields.text), r) for row, r in pairs if isinstance(r, Score)]
        for _, _, score in scored:
            self.risks[min(int(score.risk * BINS), BINS - 1)] += 1
            self.languages.setdefault(score.language.code, Counter())[score.band] += 1
            self.indicators.update(score.found)
            self.facts.update(score.facts)
        self.phrases.add(Counter(_phrases(score for _, _, score in scored)))
        self.contacts.add(Counter(found for _, text, _ in scored for found in _contacts(text)))
        self._add_texts(text for _, text, _ in scored)
        least = self.highest[-1]["risk"] if len(self.highest) == SHOWN else 0.0
        self._add_highest(
            _sample(row, text, score, fields) for row, text, score in scored if score.risk > least
        )

    def merge(self, record: Mapping[str, Any]) -> None:
        """Add what `dump` gave for another unit."""
        self.risks = [a + b for a, b in zip(self.risks, record["risks"], strict=True)]
        for code, bands in record["languages"].items():
            self.languages.setdefault(code, Counter()).update(bands)
        self.indicators.update(record["indicators"])
        self.facts.update(record["facts"])
        for name in ("phrases", "contacts", "texts"):
            getattr(self, name).add(*record[name])
        for key, excerpt in record["excerpts"].items():
            self.excerpts.setdefault(key, excerpt)
        self._add_highest(record["highest"])

    def dump(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "risks": self.risks,
            "languages": self.languages,
            "indicators": self.indicators,
            "facts": self.facts,
            **{name: (each.counts, each.short) for name, each in self._summaries().items()},
            "excerpts": self.excerpts,
            "highest": self.highest,
        }

    def _summaries(self) -> dict[str, Summary]:
        return {"phrases": self.phrases, "contacts": self.contacts, "texts": self.texts}

    def _add_texts(self, texts: Iterable[str]) -> None:
        keys: Counter[str] = Counter()
        for text in texts:
            key = _key(text)
            if (key in keys or key in self.texts.counts) and len(self.excerpts) < MOST:
                self.excerpts.setdefault(key, text[:EXCERPT])
            keys[key] += 1
        self.texts.add(keys)

    def _add_highest(self, samples: Iterable[dict[str, Any]]) -> None:
        both = [*self.highest, *samples]
        self.highest = sorted(both, key=lambda each: -float(each["risk"]))[:SHOWN]


def _phrases(scores: Iterable[Score]) -> Iterator[str]:
    """The phrases that raise the risk of ads worth a look, each once for an ad."""
    for score in scores:
        if score.band != "low":
            top = flat.raising(score)[: flat.TOP_PHRASES]
            yield from {" ".join(phrase.text.casefold().split()) for phrase in top}


def _contacts(text: str) -> Iterator[str]:
    yield from {f"{kind}:{value}" for kind, value in contacts.find(text)}


def _key(text: str) -> str:
    """The same for texts that differ in case and white space only."""
    return hashlib.blake2b(" ".join(text.casefold().split()).encode(), digest_size=9).hexdigest()


def _sample(row: Row, text: str, score: Score, fields: Fields) -> dict[str, Any]:
    return {
        "row": row.number,
        "id": str(row.cells.get(fields.id, "")) if fields.id else "",
        "text": text[: 4 * EXCERPT],
        "risk": score.risk,
        "band": score.band,
        "language": score.language.code,
        "found": list(score.found),
        "phrases": [(each.start, each.end) for each in flat.raising(score)],
    }
