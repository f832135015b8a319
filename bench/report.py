"""The table a person reads, and the same as JSON."""

import json
import os
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import names
from bench.goals import Goal, Verdict, judge
from bench.rounds import Figure

#: With a load above this, somebody else is using a processor too.
BUSY = 1.5
MARKS = {"aim": "[green]✓✓ aim[/]", "reached": "[green]✓ reached[/]", "short": "[red]✗ short[/]"}


def show(console: Console, header: Mapping[str, str], figures: Sequence[Figure]) -> None:
    """Print the header, every figure, and the goals."""
    console.print(" · ".join(f"{name} {value}" for name, value in header.items()), highlight=False)
    if os.getloadavg()[0] > BUSY:
        console.print("[yellow]The machine is busy with other work: do not trust clock times.[/]")
    console.print(_figures(figures))
    verdicts = judge(figures)
    if verdicts:
        console.print(_goals(verdicts))


def write(file: Path, header: Mapping[str, str], figures: Sequence[Figure]) -> None:
    """Write all that was found, every round of it."""
    found = {
        "header": dict(header),
        "figures": [
            {"name": each.name, "settings": each.settings, "unit": each.unit, "rounds": each.values}
            for each in figures
        ],
        "goals": [_as_json(verdict) for verdict in judge(figures)],
    }
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _figures(figures: Sequence[Figure]) -> Table:
    table = Table("work", "min", "median", "max", "unit", "× ours", "settings", title="Figures")
    by_name = {figure.name: figure for figure in figures}
    for figure in figures:
        base = by_name.get(_base(figure.name))
        ratio = statistics.median(figure.over(base)) if base and _comparable(figure, base) else None
        numbers = [_number(v) for v in (min(figure.values), figure.median, max(figure.values))]
        shown = "" if ratio is None else _number(ratio)
        table.add_row(figure.name, *numbers, figure.unit, shown, figure.settings)
    for column in table.columns[1:4] + table.columns[5:6]:
        column.justify = "right"
    for column in table.columns[:6]:
        column.no_wrap = True
    return table


def _goals(verdicts: Sequence[Verdict]) -> Table:
    table = Table("goal", "found", "min-max", "at least", "aim", "", title="Goals")
    for verdict in verdicts:
        goal, found = verdict.goal, verdict.found
        sign = "" if goal.over else "≤ "
        table.add_row(
            _title(goal),
            _number(verdict.median),
            f"{_number(min(found))}-{_number(max(found))}",
            f"{sign}{goal.least:,g}",
            f"{sign}{goal.aim:,g}",
            MARKS[verdict.mark],
        )
    return table


def _base(name: str) -> str:
    """The figure of ours that a figure is set against."""
    if name.startswith("fit"):
        return names.FIT
    if "POST" in name or name.startswith("fixed"):
        return names.SCORE_LONG if "long" in name else names.SCORE_SHORT
    only_words = "characters" not in name and "words" in name.replace("subwords", "")
    return names.OURS_WORDS if only_words or name == names.FLOOR else names.OURS


def _comparable(figure: Figure, base: Figure) -> bool:
    return figure.unit == base.unit and len(figure.values) == len(base.values)


def _title(goal: Goal) -> str:
    return f"{goal.name} / {goal.over}" if goal.over else goal.name


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _as_json(verdict: Verdict) -> dict[str, Any]:
    goal = verdict.goal
    return {
        "name": goal.name,
        "over": goal.over,
        "found": verdict.median,
        "rounds": verdict.found,
        "at_least": goal.least,
        "aim": goal.aim,
        "mark": verdict.mark,
    }
