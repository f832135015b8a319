"""The command line: `lurewatch score` and `lurewatch serve`.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from serving.exits import CODES, FAILED_ROWS, Group
from serving.patience import patience

if TYPE_CHECKING:
    from model.scorer import Scorer
    from serving.score_file import Options
    from serving.settings import Settings

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Score recruitment ads for the lures by which people are trafficked.",
    epilog=CODES,
)

Model = Annotated[
    Path | None, typer.Option(help="Model folder (else LUREWATCH_MODEL, else models).")
]
_SERVE_EXAMPLE = "Example: lurewatch serve --port 8080"
_SCORE_EXAMPLES = f"""Examples:

lurewatch score ads.csv -o scored.csv

lurewatch score --text "Leave next week, visa and ticket paid" --json

cat ads.jsonl | lurewatch score - --format jsonl -o - > scored.jsonl

{CODES}"""


class Format(StrEnum):
    """The formats a file may have."""

    CSV = "csv"
    JSONL = "jsonl"


def main() -> None:
    """Run the command line."""
    app()


@app.command(epilog=_SCORE_EXAMPLES)
def score(
    file: Annotated[str | None, typer.Argument(help="CSV or JSONL; - is standard input.")] = None,
    text: Annotated[str | None, typer.Option(help="Score this text, not a file.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --text: print the object that HTTP gives.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="CSV or JSONL by its name; - is standard output."),
    ] = None,
    text_column: Annotated[str | None, typer.Option(help="The column that holds the ads.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="The input's format, if its name hides it.")
    ] = None,
    no_escape: Annotated[
        bool, typer.Option("--no-escape", help="For machines: formulas as they are, no BOM.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if a row failed.")] = False,
    model: Model = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Score the ads in a file, row by row, or one text."""
    for_files = {"-o": output, "--text-column": text_column, "--format": form}
    switches = {"--no-escape": no_escape, "--strict": strict, "--quiet": quiet}
    _check(file, text, as_json=as_json, for_files={**for_files, **switches})
    # Of the environment only this: a file is scored whatever the service may be told.
    environ = {"LUREWATCH_MODEL": os.environ.get("LUREWATCH_MODEL", "")}
    scorer = _load(_settings(environ, model=model).model, quiet=quiet)
    if text is not None:
        _score_text(scorer, text, as_json=as_json)
        return
    from serving.score_file import Options

    options = Options(None if form is None else form.value, text_column, not no_escape)
    failed = _score_file(scorer, file or "-", output, options=options, quiet=quiet)
    if strict and failed:
        raise typer.Exit(FAILED_ROWS)


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


def _check(
    file: str | None, text: str | None, *, as_json: bool, for_files: Mapping[str, object]
) -> None:
    """Refuse options that do not go together."""
    if (file is None) == (text is None):
        raise typer.BadParameter("Give a FILE or --text, one of the two.")
    lost = [name for name, value in for_files.items() if value]
    if text is not None and lost:
        raise typer.BadParameter(f"{', '.join(lost)} goes with a FILE, not with --text.")
    if text is None and as_json:
        raise typer.BadParameter("--json goes with --text. For a file, give -o a name in .jsonl.")


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


def _score_file(
    scorer: "Scorer", file: str, output: str | None, *, options: "Options", quiet: bool
) -> int:
    """Score a file, show how it goes on standard error, and count the rows that failed."""
    from rich.console import Console

    from serving.progress import summary, watching
    from serving.score_file import default_target, score_file

    source = typer.get_binary_stream("stdin") if file == "-" else Path(file)
    name = output or (str(default_target(source)) if isinstance(source, Path) else "-")
    target = typer.get_binary_stream("stdout") if name == "-" else Path(name)
    console, start = Console(stderr=True), perf_counter()
    with watching(console, perf_counter, quiet=quiet) as watch:
        tally = score_file(scorer, source, target, watch=watch, options=options)
    if not quiet:
        summary(console, tally, perf_counter() - start, "standard output" if name == "-" else name)
    return tally.failed
