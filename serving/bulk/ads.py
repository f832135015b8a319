"""From rows to outcomes: the ad that a row holds is scored, or a sentence says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.ad import Ad
from model.score import Language
from model.scored import Scored
from model.scorer import Scorer
from serving import outcomes
from serving.bulk.rows import Row
from serving.outcomes import Outcomes

#: What stands between the texts of several columns.
BETWEEN = "\n\n"
UNKNOWN = "language_unknown"


@dataclass(frozen=True, slots=True)
class Fields:
    """The columns that are read: those of the text, of a row's own id and of its language."""

    text: tuple[str, ...]
    id: str | None = None
    language: str | None = None


def score(scorer: Scorer, rows: Sequence[Row], fields: Fields, *, threads: int = 1) -> Outcomes:
    """What came of each row, in order."""
    ads = [_ad(row, fields.text) for row in rows]
    made = outcomes.score(scorer, ads, threads=threads)
    if fields.language is None:
        return made
    known = frozenset(scorer.languages)
    told = [
        _told(row.cells.get(fields.language), known)
        for at, row in enumerate(rows)
        if at not in made.faults
    ]
    return replace(made, scored=_in_languages(made.scored, told))


def text_of(row: Row, columns: Sequence[str]) -> str:
    """The text that is scored: that of one column, or of several with a blank line between."""
    return BETWEEN.join(cell for name in columns if isinstance(cell := row.cells.get(name), str))


def _ad(row: Row, columns: Sequence[str]) -> Ad | str:
    held = [cell for name in columns if (cell := row.cells.get(name)) is not None]
    if len(held) == 1 and isinstance(held[0], str):  # as mostly
        made = outcomes.ad(held[0])
    elif not held or not all(isinstance(cell, str) for cell in held):
        wrong = next((type(cell).__name__ for cell in held if not isinstance(cell, str)), None)
        has = f"holds {wrong}, not text, in" if wrong else "has no"
        return f"Row {row.number} {has} {' and '.join(map(repr, columns))}"
    else:
        made = outcomes.ad(text_of(row, columns))
    return made if isinstance(made, Ad) else f"Row {row.number}: {made}"


def _told(cell: object, known: frozenset[str]) -> Language | None:
    """The language that a row itself tells, such as `pt` or `pt-BR`."""
    code = cell.strip().lower().replace("_", "-").partition("-")[0] if isinstance(cell, str) else ""
    fits = code.isascii() and code.isalpha() and len(code) < 4
    return Language(code, code in known) if fits else None


def _in_languages(scored: Scored, told: Sequence[Language | None]) -> Scored:
    """The same scores, in the languages that are told."""
    pairs = list(zip(told, scored.languages, strict=True))
    facts = [
        each if code is None else _facts(each, code)
        for code, each in zip(told, scored.facts, strict=True)
    ]
    return replace(scored, languages=[said or found for said, found in pairs], facts=facts)


def _facts(facts: tuple[str, ...], language: Language) -> tuple[str, ...]:
    kept = tuple(fact for fact in facts if fact != UNKNOWN)
    return kept if language.known else (*kept, UNKNOWN)
