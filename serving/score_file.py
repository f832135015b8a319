"""Score a CSV or JSONL file chunk by chunk: as many rows come out as went in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from model.ad import Ad
from model.errors import BadAd
from serving.columns import choose
from serving.files import Place, name_of, reading, replacing
from serving.flat import Result
from serving.layout import Layout, lay_out
from serving.lines import BOM
from serving.rows import Form, Row, Table, form_of, read
from serving.writer import Write, writer

if TYPE_CHECKING:
    from model.scorer import Scorer

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Options:
    """What may be said about a file; what is None is found out and said aloud."""

    form: Form | None = None
    text_column: str | None = None
    escape: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been done so far: `rows` is `scored` plus `failed`."""

    rows: int = 0
    scored: int = 0
    failed: int = 0
    bands: Mapping[str, int] = field(default_factory=dict)


class Watch(Protocol):
    """Whoever follows a run: told what was chosen, then after each chunk how far it is."""

    def note(self, text: str) -> None:
        """Hear what was found out about the input."""

    def tick(self, tally: Tally, share: float | None) -> None:
        """Hear what has been done, and which share of the input that is, where it is known."""


DEFAULT = Options()


def score_file(
    scorer: "Scorer", source: Place, target: Place, *, watch: Watch, options: Options = DEFAULT
) -> Tally:
    """Score every row of `source` into `target`; a row that cannot be scored says why.

    The target takes its name only when it is whole, so a killed run leaves no half file there.
    Raises `BadFile`, `BadFormat` or `BadColumn`.
    """
    form = options.form or form_of(name_of(source))
    with reading(source) as opened, replacing(target, source) as out:
        table = read(opened.stream, form=form, name=name_of(source))
        column = choose(table.columns, table.head, options.text_column)
        layout = lay_out(table, _target_form(target, source, form), scorer.version)
        watch.note(str(column))
        if layout.prefix:
            watch.note(f"The input has columns of our names: ours begin with {layout.prefix}.")
        write = _writer(out, target, table, layout, escape=options.escape)
        tally = Tally()
        while rows := list(islice(table.rows, CHUNK)):
            results = _score(scorer, rows, column.name)
            write(map(layout.record, rows, results))
            tally = _add(tally, results)
            watch.tick(tally, opened.share())
    return tally


def default_target(source: Path) -> Path:
    """Where the result goes if nothing is said: beside the input."""
    return source.with_name(f"{source.stem}.scored{source.suffix}")


def _target_form(target: Place, source: Place, form: Form) -> Form:
    if not isinstance(target, Path):
        return form
    if isinstance(source, Path) and target.suffix == source.suffix:
        return form
    return form_of(str(target))


def _writer(out: BinaryIO, target: Place, table: Table, layout: Layout, *, escape: bool) -> Write:
    tabs = isinstance(target, Path) and target.suffix.lower() == ".tsv"
    delimiter = "\t" if tabs else table.delimiter
    # Excel takes a CSV file for Cyrillic or Chinese only if it begins with this mark.
    if layout.form == "csv" and escape and isinstance(target, Path):
        out.write(BOM)
    return writer(out, layout.form, layout.columns, delimiter=delimiter, escape=escape)


def _score(scorer: "Scorer", rows: Sequence[Row], column: str) -> list[Result]:
    ads = [_ad(row, column) for row in rows]
    good = [ad for ad in ads if isinstance(ad, Ad)]
    scores = iter(scorer.score(good) if good else ())
    return [next(scores) if isinstance(ad, Ad) else ad for ad in ads]


def _ad(row: Row, column: str) -> Ad | str:
    """The ad in a row, or why there is none."""
    text = row.cells.get(column)
    if row.error:
        return row.error
    if not isinstance(text, str):
        held = "has no" if text is None else f"holds {type(text).__name__}, not text, in"
        return f"Row {row.number} {held} {column!r}"
    try:
        return Ad(text)
    except BadAd as error:
        return f"Row {row.number}: {error}"


def _add(tally: Tally, results: Sequence[Result]) -> Tally:
    scores = [result for result in results if not isinstance(result, str)]
    return Tally(
        rows=tally.rows + len(results),
        scored=tally.scored + len(scores),
        failed=tally.failed + len(results) - len(scores),
        bands=Counter(tally.bands) + Counter(score.band for score in scores),
    )
