"""The plan of a fit: every number that changes its result, read from `plan.toml`."""

import tomllib
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from model.errors import BadPlan
from model.grams import Ranges

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Which n-grams are features, and how much they count."""

    words: int
    signs: int
    chars: tuple[int, int]
    min_df: int
    idf_power: float
    chars_weight: float
    several_weight: float

    @property
    def ranges(self) -> Ranges:
        """The n-grams, as the model keeps them."""
        return Ranges(self.words, self.signs, self.chars)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a linear model is fitted."""

    C: float
    marked_weight: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted, and how it is cross-fitted."""

    folds: int
    min_examples: int
    known_language: int


@dataclass(frozen=True, slots=True)
class Bands:
    """False-alarm rates on honest texts that set where the bands begin."""

    review_false_alarms: float
    high_false_alarms: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan."""

    seed: int
    ngrams: Ngrams
    risk: Recipe
    indicators: Recipe
    fit: Fit
    bands: Bands


def load(path: Path | None = None) -> Plan:
    """The plan of a file; without a path, the one that comes with the package.

    Raises `BadPlan` naming the file, the key and what it must be.
    """
    path = path or Path(__file__).with_name("plan.toml")
    try:
        plan = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, BadPlan) as error:
        raise BadPlan(f"{path}: {error}") from error
    return plan


def parse(text: str) -> Plan:
    """The plan of a TOML text; raises `BadPlan`."""
    table = tomllib.loads(text)
    parts = {
        "ngrams": Ngrams,
        "risk": Recipe,
        "indicators": Recipe,
        "fit": Fit,
        "bands": Bands,
    }
    _same_keys("the plan", table, {"seed", *parts})
    _whole("seed", table["seed"], least=0, most=2**32 - 1)  # as numpy and scikit-learn take it
    plan = Plan(table["seed"], *(_part(name, kind, table[name]) for name, kind in parts.items()))
    _check(plan)
    return plan


def _part(name: str, kind: type[T], table: Any) -> T:
    if not isinstance(table, dict):
        raise BadPlan(f"{name} is a {type(table).__name__}; write [{name}] once, its keys below.")
    _same_keys(f"[{name}]", table, {field.name for field in fields(kind)})  # type: ignore[arg-type]  # all kinds are dataclasses
    return kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in table.items()})


def _same_keys(where: str, table: dict[str, Any], wanted: set[str]) -> None:
    for key in sorted(wanted ^ table.keys()):
        raise BadPlan(f"{where} {'lacks' if key in wanted else 'has an unknown'} key {key!r}.")


def _check(plan: Plan) -> None:
    for name in ("words", "signs", "min_df"):
        _whole(f"ngrams.{name}", getattr(plan.ngrams, name), least=1)
    _whole("fit.folds", plan.fit.folds, least=2)
    _whole("fit.min_examples", plan.fit.min_examples, least=plan.fit.folds)  # one for each fold
    _whole("fit.known_language", plan.fit.known_language, least=1)
    _check_chars(plan.ngrams.chars)
    for name in ("review_false_alarms", "high_false_alarms"):
        _number(f"bands.{name}", getattr(plan.bands, name))
    for name in ("idf_power", "chars_weight", "several_weight"):
        _number(f"ngrams.{name}", getattr(plan.ngrams, name))
    for name in ("C", "marked_weight"):
        _number(f"risk.{name}", getattr(plan.risk, name))
        _number(f"indicators.{name}", getattr(plan.indicators, name))
    high, review = plan.bands.high_false_alarms, plan.bands.review_false_alarms
    if not 0 < high <= review < 1:
        raise BadPlan(f"bands: 0 < high_false_alarms ({high}) <= review ({review}) < 1 must hold.")


def _check_chars(chars: Any) -> None:
    pair = chars if isinstance(chars, tuple) and [*map(type, chars)] == [int, int] else (0, 0)
    if not 1 <= pair[0] <= pair[1]:
        shown = list(chars) if isinstance(chars, tuple) else chars
        raise BadPlan(f"ngrams.chars is {shown!r}; give [from, to] with 1 <= from <= to.")


def _whole(name: str, value: object, *, least: int, most: float = inf) -> None:
    if type(value) is not int or not least <= value <= most:
        upper = f" and at most {most}" if most < inf else ""
        raise BadPlan(f"{name} is {value!r}; give a whole number of at least {least}{upper}.")


def _number(name: str, value: Any) -> None:
    if type(value) not in (int, float) or not 0 < value < inf:
        raise BadPlan(f"{name} is {value!r}; give a number above 0.")
