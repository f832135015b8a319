"""The whole report: its sections in their order, and the files it is written to."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import BadData
from training import card, evaluate
from training.data import Corpus
from training.plan import Plan
from training.report import (
    attacks,
    counterfactuals,
    disguises,
    doubts,
    held,
    leftout,
    method,
    page,
    real,
    signs,
)
from training.report import folds as cross
from training.report.folds import Folds
from training.report.parts import Cell, Row, Section, Table, as_json, by_row

PAGE, FIGURES, CARD = "report.html", "report.json", "model-card.md"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, and of what."""

    about: Mapping[str, Any]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure: `only` these sections (none: all), with real ads from a folder, if any."""

    only: Collection[str] = ()
    real: Path | None = None
    resamples: int = 200


def measure(
    plan: Plan, corpus: Corpus, options: Options, *, progress: Progress = lambda _: None
) -> Report:
    """Fit once, then measure section by section. Raises `BadData` for a section there is not."""
    unknown = sorted(set(options.only) - SECTIONS.keys())
    if unknown:
        raise BadData(f"There is no section {unknown[0]!r}. There are {', '.join(SECTIONS)}.")
    folds = cross.fit(plan, corpus, resamples=options.resamples, progress=progress)
    sections = []
    for name, made in SECTIONS.items():
        if name in options.only or not options.only:
            progress(f"section {name}")
            section = made(folds, options, progress)
            if section:
                sections.append(section)
            elif options.only:
                raise BadData(
                    f"Section {name} finds no real ads for it. Name their folder: --real."
                )
            else:
                progress(f"section {name} left out: no real ads for it")
    about = card.about(corpus, folds.labels, {})
    return Report(about, tuple(sections))


def write(report: Report, folder: Path) -> Path:
    """Write the page, the figures and the model card; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    data = report.about["data"]
    head = (
        f"{data['texts']:,} labelled texts, {data['deceptive']:,} deceptive, "
        f"fingerprint {data['fingerprint'][:16]}. In brackets 95 % intervals."
    )
    summary = glance(report.sections)
    (folder / PAGE).write_text(page.render(head, summary, report.sections), encoding="utf-8")
    (folder / FIGURES).write_text(_json(report), encoding="utf-8")
    tables = [summary, *(table for each in report.sections for table in each.tables)]
    text = card.write(report.about, evaluate.HELD_OUT, tables)
    (folder / CARD).write_text(text, encoding="utf-8")
    return folder / PAGE


def glance(sections: Sequence[Section]) -> Table:
    """The figures that matter most, as far as their sections were measured."""
    cells: dict[tuple[str, str, str, str], Cell] = {
        (section.name, table.title, str(row[0]).partition(":")[0], column): cell
        for section in sections
        for table in section.tables
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
    }
    rows: list[Row] = [(name, cells[where]) for name, where in GLANCE.items() if where in cells]
    return Table("At a glance", ("figure", "value"), tuple(rows))


def _real(folds: Folds, options: Options, progress: Progress) -> Section | None:
    return real.section(folds, options.real, progress) if options.real else None


def _method(folds: Folds, options: Options, progress: Progress) -> Section | None:
    return method.section(folds.plan, options.real, progress) if options.real else None


#: By the name they are asked for; those that read real ads are left out where there are none.
SECTIONS: Mapping[str, Callable[[Folds, Options, Progress], Section | None]] = {
    "held": lambda folds, _options, _progress: held.section(folds),
    "left-out": lambda folds, _options, progress: leftout.section(folds, progress),
    "real": _real,
    "indicators": lambda folds, _options, _progress: signs.section(folds),
    "swaps": lambda folds, _options, _progress: counterfactuals.section(folds),
    "attacks": lambda folds, _options, progress: attacks.section(folds, progress),
    "doubts": lambda folds, _options, _progress: doubts.section(folds),
    "method": _method,
}

#: The figures to watch: their section, table, row and column.
GLANCE = {
    "ROC AUC": ("held", "By language", "all", "ROC AUC"),
    "average precision": ("held", "By language", "all", "average precision"),
    "recall at 1 % false alarms": ("held", "By language", "all", "recall at 1 %"),
    "recall at 5 % false alarms": ("held", "By language", "all", "recall at 5 %"),
    "ECE of the risk": ("held", "By language", "all", "ECE"),
    "deceptive texts in review or above": (
        *("held", "Bands by language", "all", "deceptive: review or above"),
    ),
    "deceptive texts in high": ("held", "Bands by language", "all", "deceptive: high"),
    "honest texts in review or above": (
        *("held", "Bands by language", "all", "honest: review or above"),
    ),
    "worst writer left out, ROC AUC": ("left-out", "One writer left out", "worst", "ROC AUC"),
    "languages left out, mean ROC AUC": ("left-out", "One language left out", "mean", "ROC AUC"),
    "indicators, macro average precision": (
        *("indicators", "All indicators", "macro", "average precision"),
    ),
    "first phrase meets a mark": (
        *("indicators", "Phrases against marks", "first phrase meets a mark", "value"),
    ),
    "token F1 of phrases": ("indicators", "Phrases against marks", "token F1", "value"),
    "real honest ads in review or above, worst file": (
        *("real", "Honest ads flagged, second half", "worst of files without bait"),
        "review or above",
    ),
    "real honest ads in high, worst file": (
        *("real", "Honest ads flagged, second half", "worst of files without bait", "high"),
    ),
    "real bait in review or above": (
        *("real", "Deceptive ads flagged, all of them", "files without honest ads"),
        "review or above",
    ),
    "country or people swapped, mean change": (
        *("swaps", "Countries and peoples", "all", "mean change"),
    ),
    "country or people swapped, largest": ("swaps", "Countries and peoples", "all", "largest"),
    "women and men swapped, mean change": ("swaps", "Women and men", "all", "mean change"),
    "women and men swapped, largest": ("swaps", "Women and men", "all", "largest"),
    **{
        f"recall lost: {name}": ("attacks", "Under attack", name, "recall lost, review or above")
        for name in (*(f"{each}, 10%" for each in disguises.DISGUISES), "3× behind", "3× before")
    },
}


def _json(report: Report) -> str:
    sections = {each.name: as_json(each) for each in report.sections}
    about = {name: report.about[name] for name in ("name", "made_with", "data", "untrained")}
    figures = {"glance": by_row(glance(report.sections)), "sections": sections}
    return json.dumps({**about, **figures}, ensure_ascii=False, indent=1) + "\n"
