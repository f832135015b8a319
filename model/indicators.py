"""The signs of a lure: what each one is, how strongly it speaks, and phrases that show it.

The table is `indicators.toml`; this module reads it, refuses what is not right, and knows the
rule by which indicators add up.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from model.errors import BadIndicators

Strength = Literal["strong", "medium", "weak"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One sign: when it counts, when it does not, and what is easily mistaken for it."""

    name: str
    title: str
    family: str
    strength: Strength
    strength_note: str
    counts: str
    does_not_count: str
    hard_negatives: str
    phrases: Mapping[str, tuple[str, ...]] = field(hash=False)  # by language, ISO 639-1
    sources: str


def load(path: Path | None = None) -> tuple[Indicator, ...]:
    """The indicators of a file, in its order; without a path, those that come with the package."""
    path = path or Path(__file__).with_name("indicators.toml")
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadIndicators(
            f"{path} cannot be read: {error}. Give a file in UTF-8 that exists."
        ) from error
    except BadIndicators as error:
        raise BadIndicators(f"{path}: {error}") from error


def parse(text: str) -> tuple[Indicator, ...]:
    """The indicators of a TOML text; raises `BadIndicators` for the first fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadIndicators(f"This is not TOML: {error}. Mend that line.") from error
    if table.get("version") != VERSION:
        raise BadIndicators(
            f"version is {table.get('version')!r}. Write version = {VERSION} at the top."
        )
    _check_keys("the table", table, {"version", "indicator"})
    rows = table["indicator"]
    if not isinstance(rows, list) or not rows:
        raise BadIndicators("indicator is not a list of tables. Begin each with [[indicator]].")
    indicators = tuple(_indicator(number, row) for number, row in enumerate(rows, 1))
    names = [indicator.name for indicator in indicators]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise BadIndicators(f"indicator {name}: stands twice. Rename or remove one of them.")
    return indicators


def combination(strengths: Sequence[str]) -> bool:
    """Whether distinct indicators of these strengths together point to trafficking.

    The rule of the ILO and the European Commission: two strong ones; or a strong one and any
    other; or three medium ones; or two medium ones and a weak one. A stronger one may always
    stand in for a weaker.
    """
    for strength in strengths:
        if strength not in STRENGTHS:
            raise ValueError(f"A strength is {strength!r}. Use one of {', '.join(STRENGTHS)}.")
    strong = sum(strength == "strong" for strength in strengths)
    firm = sum(strength != "weak" for strength in strengths)
    return (strong >= 1 and len(strengths) >= 2) or (firm >= 2 and len(strengths) >= 3)


_TEXTS = (
    "name",
    "title",
    "family",
    "strength",
    "strength_note",
    "counts",
    "does_not_count",
    "hard_negatives",
    "sources",
)


def _indicator(number: int, row: Any) -> Indicator:
    if not isinstance(row, dict):
        raise BadIndicators(f"indicator {number} is {row!r}. Begin it with [[indicator]].")
    where = f"indicator {row.get('name', number)}"
    _check_keys(where, row, {*_TEXTS, "phrases"})
    for key in _TEXTS:
        if not isinstance(row[key], str) or not row[key].strip():
            raise BadIndicators(f"{where}: {key} is {row[key]!r}. Write a text.")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row["name"]):
        raise BadIndicators(f"{where}: name is {row['name']!r}. Write it in snake_case.")
    if row["strength"] not in STRENGTHS:
        raise BadIndicators(
            f"{where}: strength is {row['strength']!r}. Use one of {', '.join(STRENGTHS)}."
        )
    return Indicator(**{**row, "phrases": _phrases(where, row["phrases"])})


def _phrases(where: str, table: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict) or not table:
        raise BadIndicators(f"{where}: phrases is {table!r}. Give a list for each language.")
    for language, phrases in table.items():
        if not re.fullmatch(r"[a-z]{2,3}", language):
            raise BadIndicators(
                f"{where}: phrases has the language {language!r}. Use an ISO 639 code such as en."
            )
        if not isinstance(phrases, list) or not phrases:
            raise BadIndicators(
                f"{where}: phrases.{language} is {phrases!r}. Give a list of texts."
            )
        for phrase in phrases:
            if not isinstance(phrase, str) or not phrase.strip():
                raise BadIndicators(
                    f"{where}: phrases.{language} holds {phrase!r}. Write a text or remove it."
                )
    return {language: tuple(phrases) for language, phrases in table.items()}


def _check_keys(where: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in sorted(table.keys() - known):
        raise BadIndicators(f"{where}: {key!r} is not a key. Use {', '.join(sorted(known))}.")
    for key in sorted(known - table.keys()):
        raise BadIndicators(f"{where}: {key} is missing. Add it.")
