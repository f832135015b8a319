"""The command line: `lurewatch score`, `lurewatch serve`, and what works on ads that are kept.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.exits import CODES, NOT_ALL, Group
from serving.patience import patience
from serving.store import account_commands, commands

if TYPE_CHECKING:
    from model.scorer import Scorer
    from serving.settings import Settings

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Score recruitment ads for the lures by which people are trafficked.",
    epilog=CODES,
)

app.command()(commands.export)
app.command()(commands.purge)
app.add_typer(commands.audit, name="audit")
app.add_typer(account_commands.people, name="people")
app.add_typer(account_commands.keys, name="keys")

Model = Annotated[
    Path | None, typer.Option(help="Model folder (else LUREWATCH_MODEL, else models).")
]
_SERVE_EXAMPLE = "Example: lurewatch serve --port 8080"
_SCORE_EXAMPLES = f"""Examples:

lurewatch score ads.csv -o scored.xlsx --report report.html

lurewatch score crawl/*.jsonl.gz -o scored.parquet --text-column title --text-column body

lurewatch score --text "Leave next week, visa and ticket paid" --json

cat ads.jsonl | lurewatch score - --format jsonl -o - > scored.jsonl

{CODES}"""


class Format(StrEnum):
    """The formats a file may have."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


def main() -> None:
    """Run the command line."""
    app()


@app.command(epilog=_SCORE_EXAMPLES)
def score(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, patterns, addresses; - is standard input."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="Score this text, not files.")] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="For programs: the object of HTTP, or progress line by line."),
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="CSV, JSONL, Parquet or XLSX by its name; - is standard output."
        ),
    ] = None,
    text_column: Annotated[
        list[str] | None,
        typer.Option(help="The column that holds the ads; several are joined."),
    ] = None,
    id_column: Annotated[str | None, typer.Option(help="The column that names a row.")] = None,
    language_column: Annotated[
        str | None, typer.Option(help="The column that tells the language.")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="The input's format, if its name hides it.")
    ] = None,
    no_escape: Annotated[
        bool, typer.Option("--no-escape", help="For machines: formulas as they are, no BOM.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a row was rejected or has no score.")
    ] = False,
    report: Annotated[str | None, typer.Option(help="Write a report here, as HTML.")] = None,
    show_contacts: Annotated[
        bool, typer.Option("--show-contacts", help="Do not mask contacts in the report.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes that score; one for each core by default.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(help="Score on the Dask cluster at this address, or local.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Drop what an unfinished run has done.")
    ] = False,
    model: Model = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Score the ads in files, row by row, or one text."""
    for_files = {
        "-o": output,
        "--text-column": text_column,
        "--id-column": id_column,
        "--language-column": language_column,
        "--format": form,
        "--no-escape": no_escape,
        "--strict": strict,
        "--report": report,
        "--show-contacts": show_contacts,
        "--processes": processes,
        "--dask": dask,
        "--restart": restart,
        "--quiet": quiet,
    }
    _check(files, text, for_files)
    # Of the environment only this: a file is scored whatever the service may be told.
    environ = {"LUREWATCH_MODEL": os.environ.get("LUREWATCH_MODEL", "")}
    folder = _settings(environ, model=model).model
    if text is not None:
        _score_text(_load(folder), text, as_json=as_json)
        return
    with patience(quiet=quiet):
        from serving.bulk.command import default_output, score_files
        from serving.bulk.request import Request
    places = tuple(files or ())
    output = output or default_output(places)
    if as_json and output == "-":
        raise typer.BadParameter("--json and -o - both write to standard output. Choose one.")
    tally = score_files(
        Request(
            places=places,
            output=output,
            model=str(folder),
            form=None if form is None else form.value,
            text=tuple(text_column or ()),
            id=id_column,
            language=language_column,
            escape=not no_escape,
            report=report,
            contacts=show_contacts,
            processes=processes,
            dask=dask,
            restart=restart,
        ),
        as_json=as_json,
        quiet=quiet,
    )
    if strict and (tally.rejects or tally.failed):
        raise typer.Exit(NOT_ALL)


@app.command(epilog=_SERVE_EXAMPLE)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    model: Model = None,
) -> None:
    """Answer over HTTP."""
    from serving import server

    settings = _settings(os.environ, host=host, port=port, model=model)
    server.run(_load(settings.model), settings)


def _check(files: list[str] | None, text: str | None, for_files: Mapping[str, object]) -> None:
    """Refuse options that do not go together."""
    if bool(files) == (text is not None):
        raise typer.BadParameter("Give FILES or --text, one of the two.")
    lost = [name for name, value in for_files.items() if value]
    if text is not None and lost:
        raise typer.BadParameter(f"{', '.join(lost)} goes with FILES, not with --text.")


def _settings(environ: Mapping[str, str], **given: object) -> "Settings":
    from serving.settings import Settings

    said = {name: str(value) for name, value in given.items() if value is not None}
    return Settings.read({**environ, **{f"LUREWATCH_{n.upper()}": v for n, v in said.items()}})


def _load(folder: Path, *, quiet: bool = False) -> "Scorer":
    """The scorer in a folder, compiled: loading scores a few texts."""
    with patience(quiet=quiet):
        from model import artifact

        return artifact.load(folder)


def _score_text(scorer: "Scorer", text: str, *, as_json: bool) -> None:
    from pydantic_core import to_json
    from rich.console import Console

    from model.ad import Ad
    from serving.console import show
    from serving.results import result

    [scored] = scorer.score([Ad(text)])
    if as_json:
        typer.echo(to_json(result(scored, scorer.indicators, text), indent=2))
    else:
        show(Console(), scored, text, scorer.indicators)
