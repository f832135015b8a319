"""`lurewatch-train`: check labelled data, fit a model, measure it.

Exit codes: 0 done, 1 the data has problems, 2 wrong usage, 3 model refused, 4 data, plan or folder
refused.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from model.errors import BadArtifact, LurewatchError

if TYPE_CHECKING:
    from rich.table import Table

    from training.data import Columns, Corpus
    from training.plan import Plan
    from training.report.run import Options

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Data = Annotated[
    str, typer.Option(help="File, folder, or hub:owner/name of labelled texts.", show_default=True)
]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Plan to use; default: the shipped.")]
TextColumn = Annotated[
    str, typer.Option(help="Column of the text, where it is not in marked form.")
]
LabelColumn = Annotated[str, typer.Option(help="Column of the label.")]
Positive = Annotated[str, typer.Option(help="Label values that mean deceptive, comma separated.")]
Negative = Annotated[str, typer.Option(help="Label values that mean legitimate.")]
Resamples = Annotated[int, typer.Option(min=0, help="Bootstrap rounds for intervals; 0: none.")]

SHIPPED = "data/labeled"
#: Where real ads to measure with are looked for; they are never in the repository.
REAL = "../shared/data/real"
BAD_MODEL, BAD_DATA = 3, 4
#: Where there is no terminal nobody can widen it, so nothing is cut.
PIPED = 200


def main() -> None:
    """Run the command line; a domain error becomes one line and exit code 3 or 4."""
    try:
        app()
    except (LurewatchError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(BAD_MODEL if isinstance(error, BadArtifact) else BAD_DATA) from None


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of JSON lines.")
    ] = None,
) -> None:
    """Validate labelled files: what is wrong in which line, and how to mend it.

    Example: lurewatch-train check data/labeled
    """
    from training import check as checking

    problems = checking.check(paths or [Path(SHIPPED)])
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{len(problems)} problems found." if problems else "No problems found.")
    raise typer.Exit(1 if problems else 0)


@app.command()
def fit(
    data: Data = SHIPPED,
    plan: PlanFile = None,
    out: Annotated[Path, typer.Option(help="Models folder to write to.")] = Path("models"),
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    positive: Positive = "",
    negative: Negative = "",
    resamples: Resamples = 0,
) -> None:
    """Fit a model on labelled texts, write it, and put it in use.

    Example: lurewatch-train fit --data data/labeled --out models
    """
    from training import fit as fitting
    from training import plan as plans
    from training import summary

    settings = plans.load(plan)
    corpus = _load(data, _columns(text_column, label_column, positive, negative))
    with _progress() as progress:
        fitted = fitting.fit(settings, corpus, resamples=resamples, progress=progress)
        progress("writing the model")
        folder = fitting.save(fitted, settings, out)
    _show(summary.table(fitted.report))
    _show(f"Model written to {folder} and put in use.")
    if said := summary.warning(fitted.scorer):
        _show(said)


@app.command()
def evaluate(
    data: Data = SHIPPED,
    plan: PlanFile = None,
    on: Annotated[
        str | None,
        typer.Option(help="Measure the model in use on this file instead, which it must not know."),
    ] = None,
    model: Annotated[Path, typer.Option(help="Model to measure with --on.")] = Path("models"),
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    positive: Positive = "",
    negative: Negative = "",
    resamples: Resamples = 200,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file too.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Measure everything, and write the report to this folder.")
    ] = None,
    only: Annotated[str, typer.Option(help="Sections of the report, comma separated.")] = "",
    real: Annotated[
        Path | None,
        typer.Option(help=f"Folder of real ads, JSON lines, not to learn from; default: {REAL}."),
    ] = None,
) -> None:
    """Measure: grouped cross-validation on the data, or with --on a trained model on a file.

    Examples: lurewatch-train evaluate --on my-labels.csv --text-column body

    lurewatch-train evaluate --report report --only held,real
    """
    from training import evaluate as evaluating
    from training import plan as plans
    from training import summary
    from training.report.run import Options

    columns = _columns(text_column, label_column, positive, negative)
    if report or only:
        if on or json:
            raise typer.BadParameter("A report is of cross-validation, with its own report.json.")
        corpus = _load(data, columns)
        names = tuple(only.split(",")) if only else ()
        folder = real or (Path(REAL) if Path(REAL).is_dir() else None)
        _report(plans.load(plan), corpus, report, Options(names, folder, resamples))
        return
    with _progress() as progress:
        if on is None:
            measured = evaluating.cross_validate(
                plans.load(plan), _load(data, columns), resamples=resamples, progress=progress
            )
        else:
            measured = evaluating.on(
                model, _load(on, columns), resamples=resamples, progress=progress
            )
    _show(summary.table(measured))
    _show(summary.indicators(measured))
    if json:
        json.write_text(evaluating.dump(measured), encoding="utf-8")


@app.command()
def datasheet(
    data: Annotated[Path, typer.Argument(help="Folder of labelled files.")] = Path(SHIPPED),
) -> None:
    """Bring the counts in the datasheet, README.md beside the labelled files, up to date."""
    from training import data as labelled
    from training import datasheet as sheets

    changed = sheets.refresh(data / "README.md", labelled.load(data))
    typer.echo("The datasheet was brought up to date." if changed else "The datasheet is current.")


def _report(plan: "Plan", corpus: "Corpus", folder: Path | None, options: "Options") -> None:
    """Measure the sections asked for; show their tables, or those that matter most of all."""
    from training import summary
    from training.report import run
    from training.report.glance import glance

    with _progress() as progress:
        made = run.measure(plan, corpus, options, progress=progress)
    chosen = [table for each in made.sections for table in each.tables] if options.only else []
    for table in chosen or [glance(made.sections)]:
        _show(summary.part(table))
    if folder:
        _show(f"Report written to {run.write(made, folder)}.")


def _load(source: str, columns: "Columns") -> "Corpus":
    from training import data as labelled

    return labelled.load(source, columns=columns)


def _columns(text: str, label: str, positive: str, negative: str) -> "Columns":
    from dataclasses import replace

    from training.data import Columns

    columns = Columns(text=text, label=label)
    if positive:
        columns = replace(columns, positive=tuple(positive.split(",")))
    return replace(columns, negative=tuple(negative.split(","))) if negative else columns


def _show(part: "Table | str") -> None:
    """Print a table, or a line as it is."""
    if isinstance(part, str):
        typer.echo(part)
    else:
        Console(width=None if sys.stdout.isatty() else PIPED).print(part)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Says what is being done: a spinner on a terminal, lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: console.print(text, highlight=False)
        return
    with console.status("reading the data") as status:
        yield status.update
