"""Labelled advertisements to train on and to measure with: a frozen `Corpus` of `Record`s."""

import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from model.ad import Ad
from model.errors import BadAd, BadData
from model.marks import Marked, MarkError, Span, parse
from training.sources import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The name of the column that holds each thing, and which values of `label` mean what.

    Only a text (`marked` or else `text`) and a label must be there. Values are compared as
    text, without regard to case; one that is on neither side is refused, not guessed.
    """

    marked: str = "marked"
    text: str = "text"
    label: str = "label"
    id: str = "id"
    language: str = "language"
    kind: str = "kind"
    channel: str = "channel"
    sector: str = "sector"
    hard: str = "hard"
    pair: str = "pair"
    positive: tuple[str, ...] = ("deceptive", "fraudulent", "fraud", "true", "yes", "1")
    negative: tuple[str, ...] = ("legitimate", "real", "false", "no", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One labelled text.

    `label` is true for a deceptive one. `marked` says whether somebody looked for indicators:
    without it, no spans means that nobody knows. `writer` is the letter of the writer's set.
    """

    id: str
    text: str
    label: bool
    language: str
    kind: str
    channel: str
    sector: str
    writer: str
    hard: bool
    pair: str | None
    marked: bool
    spans: tuple[Span, ...]

    @property
    def indicators(self) -> frozenset[str]:
        """The names of the indicators that the text shows."""
        return frozenset(name for span in self.spans for name in span.indicators)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled texts in a fixed order; no two share an id."""

    records: tuple[Record, ...]

    def groups(self) -> list[int]:
        """A number for each record; whatever is tied by pairs has the same one.

        A split that keeps groups whole never trains on the twin of what it measures.
        """
        roots = {record.id: record.id for record in self.records}
        for record in self.records:
            if record.pair is not None:
                roots.setdefault(record.pair, record.pair)
                roots[_root(roots, record.id)] = _root(roots, record.pair)
        numbers: dict[str, int] = {}
        return [
            numbers.setdefault(_root(roots, record.id), len(numbers)) for record in self.records
        ]

    def fingerprint(self) -> str:
        """SHA-256 of all that the records hold, in their order, whatever files they came from."""
        digest = sha256()
        for record in self.records:
            digest.update(json.dumps(astuple(record)).encode() + b"\n")
        return digest.hexdigest()


def load(
    source: str | Path,
    *,
    columns: Columns = Columns(),
    split: str = "train",
    cache: Path | None = None,
) -> Corpus:
    """The records of a file, a folder or `hub:owner/name`; see `training.sources.read`.

    Raises `BadData` for the first row that cannot be used, naming its file and number.
    """
    places: dict[str, str] = {}
    records = []
    for where, row in read(source, split=split, cache=cache):
        record = _record(where, row, columns)
        if record.id in places:
            raise BadData(
                f"{where}: the id {record.id!r} was used at {places[record.id]}. "
                "Give each row its own, or name another id column."
            )
        places[record.id] = where
        records.append(record)
    return Corpus(tuple(records))


def _root(roots: dict[str, str], name: str) -> str:
    while roots[name] != name:
        roots[name] = name = roots[roots[name]]
    return name


def _record(where: str, row: Mapping[str, Any], columns: Columns) -> Record:
    def text(column: str, default: str = "") -> str:
        value = row.get(column)
        return default if value in (None, "") else str(value)

    # Without its folder: a fingerprint must not change when a file is moved.
    name = text(columns.id, Path(where).name)
    writer = re.fullmatch(r"[a-z]{2,3}-([a-z])-\d+", name)
    marked = _marked(where, row, columns)
    return Record(
        id=name,
        text=marked.text,
        label=_label(where, row, columns),
        language=text(columns.language, "und"),
        kind=text(columns.kind),
        channel=text(columns.channel),
        sector=text(columns.sector),
        writer=writer[1] if writer else "",
        hard=_plain(row.get(columns.hard)) in ("true", "1"),
        pair=text(columns.pair) or None,
        marked=row.get(columns.marked) is not None,
        spans=marked.spans,
    )


def _marked(where: str, row: Mapping[str, Any], columns: Columns) -> Marked:
    column = columns.text if row.get(columns.marked) is None else columns.marked
    if column not in row:
        raise BadData(
            f"{where}: there is no column {columns.marked!r} or {columns.text!r} for the text; "
            f"there are {', '.join(row)}. Say which column holds it."
        )
    value = row[column]
    if not isinstance(value, str):
        raise BadData(f"{where}: {column} is {value!r}. Write a text or take the row away.")
    try:
        marked = parse(value) if column == columns.marked else Marked(value, ())
        Ad(marked.text)
    except (MarkError, BadAd) as error:
        raise BadData(f"{where}: {error}") from error
    return marked


def _label(where: str, row: Mapping[str, Any], columns: Columns) -> bool:
    if columns.label not in row:
        raise BadData(
            f"{where}: there is no column {columns.label!r} for the label; "
            f"there are {', '.join(row)}. Say which column holds it."
        )
    value = _plain(row[columns.label])
    sides = [value in map(str.casefold, side) for side in (columns.positive, columns.negative)]
    if sides[0] == sides[1]:
        raise BadData(
            f"{where}: {columns.label} is {row[columns.label]!r}, which is on "
            f"{'both sides' if sides[0] else 'neither side'}. Deceptive: "
            f"{', '.join(columns.positive)}; legitimate: {', '.join(columns.negative)}. "
            "Mend the row or the lists."
        )
    return sides[0]


def _plain(value: object) -> str:
    """A cell as text: what one file holds as true or 1.0 is "1" or "True" in another."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()
