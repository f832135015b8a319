"""The whole report: its sections in their order, and the files it is written to."""

import json
from collections.abc import Callable, Collection, Mapping
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
    doubts,
    growth,
    held,
    leftout,
    method,
    misses,
    page,
    real,
    signs,
)
from training.report import folds as cross
from training.report.folds import Folds
from training.report.glance import glance
from training.report.parts import Section, as_json, by_row

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
    "growth": lambda folds, options, progress: growth.section(folds, options.real, progress),
    "misses": lambda folds, _options, _progress: misses.section(folds),
    "doubts": lambda folds, _options, _progress: doubts.section(folds),
    "method": _method,
}


def _json(report: Report) -> str:
    sections = {each.name: as_json(each) for each in report.sections}
    about = {name: report.about[name] for name in ("name", "made_with", "data", "untrained")}
    figures = {"glance": by_row(glance(report.sections)), "sections": sections}
    return json.dumps({**about, **figures}, ensure_ascii=False, indent=1) + "\n"
