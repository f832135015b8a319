"""From rows to results: the ad that a row holds is scored, or a sentence says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.ad import Ad
from model.errors import BadAd
from model.score import Language, Score
from model.scorer import Scorer
from serving.bulk.rows import Row
from serving.flat import Result

#: What stands between the texts of several columns.
BETWEEN = "\n\n"
UNKNOWN = "language_unknown"


@dataclass(frozen=True, slots=True)
class Fields:
    """The columns that are read: those of the text, of a row's own id and of its language."""

    text: tuple[str, ...]
    id: str | None = None
    language: str | None = None


def results(
    scorer: Scorer, rows: Sequence[Row], fields: Fields, *, threads: int = 1
) -> list[Result]:
    """One result for each row, in order."""
    ads = [_ad(row, fields.text) for row in rows]
    good = [ad for ad in ads if isinstance(ad, Ad)]
    scores = iter(scorer.score(good, threads=threads) if good else ())
    found: list[Result] = [next(scores) if isinstance(ad, Ad) else ad for ad in ads]
    if fields.language is None:
        return found
    known = frozenset(scorer.languages)
    cells = (row.cells.get(fields.language) for row in rows)
    return [_told(cell, result, known) for cell, result in zip(cells, found, strict=True)]


def text_of(row: Row, columns: Sequence[str]) -> str:
    """The text that is scored: that of one column, or of several with a blank line between."""
    return BETWEEN.join(cell for name in columns if isinstance(cell := row.cells.get(name), str))


def _ad(row: Row, columns: Sequence[str]) -> Ad | str:
    held = [cell for name in columns if (cell := row.cells.get(name)) is not None]
    if not held or not all(isinstance(cell, str) for cell in held):
        wrong = next((type(cell).__name__ for cell in held if not isinstance(cell, str)), None)
        has = f"holds {wrong}, not text, in" if wrong else "has no"
        return f"Row {row.number} {has} {' and '.join(map(repr, columns))}"
    try:
        return Ad(text_of(row, columns))
    except BadAd as error:
        return f"Row {row.number}: {error}"


def _told(cell: object, result: Result, known: frozenset[str]) -> Result:
    """The result in the language that the row itself tells, such as `pt` or `pt-BR`."""
    code = cell.strip().lower().replace("_", "-").partition("-")[0] if isinstance(cell, str) else ""
    if not isinstance(result, Score) or not (code.isascii() and code.isalpha() and len(code) < 4):
        return result
    facts = tuple(fact for fact in result.facts if fact != UNKNOWN)
    facts = facts if code in known else (*facts, UNKNOWN)
    return replace(result, language=Language(code, code in known), facts=facts)
