"""The commands that work on ads that are kept. What takes long to import comes with the call."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from serving.store.engine import Store

FAULTY = 1

audit = typer.Typer(no_args_is_help=True, help="The log of what was done.")


class Form(StrEnum):
    """The formats ads may be taken out in."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    MARKED = "marked"
    LABEL_STUDIO = "labelstudio"
    MISP = "misp"


class Of(StrEnum):
    """The statuses an ad may have."""

    OPEN = "open"
    DECIDED = "decided"
    SKIPPED = "skipped"


@audit.callback()
def group() -> None:
    """The log of what was done."""


@audit.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="The hash that an earlier run told, to be found again.")
    ] = None,
) -> None:
    """Find out whether the log, or a decision it tells of, was changed."""
    from serving.store.verify import verify

    with opened() as store:
        found = verify(store, head=head)
    for fault in found.faults:
        typer.echo(f"Fault: {fault}")
    typer.echo(f"{found.entries:,} entries, {len(found.faults):,} faults. Head: {found.head}")
    if found.faults:
        raise typer.Exit(FAULTY)


def purge(
    older_than: Annotated[int, typer.Option(min=0, help="Days since it was received.")],
    status: Annotated[Of | None, typer.Option(help="Only ads of this status.")] = None,
) -> None:
    """Delete ads for good, with all that was decided about them, and uploads with their files."""
    from serving.settings import Settings
    from serving.store.purge import purge
    from serving.uploads import manage
    from serving.uploads.shelf import Shelf

    with opened() as store:
        before = store.clock() - timedelta(days=older_than)
        gone = purge(store, before=before, status=None if status is None else status.value)
        files = manage.purge(store, Shelf(Settings.read(os.environ).data), before=before)
    typer.echo(f"{gone:,} ads and {files:,} uploads deleted.")


def export(
    form: Annotated[Form, typer.Option("--format", help="The format.")],
    status: Annotated[Of | None, typer.Option(help="Only ads of this status.")] = None,
) -> None:
    """Write ads with their decisions to standard output, newest first."""
    from serving.store.export import FORMS, export
    from serving.store.values import Filter

    with opened() as store:
        where = Filter(status=None if status is None else status.value)
        for piece in export(store, where, FORMS[form.value]):
            typer.echo(piece, nl=False)


@contextmanager
def opened() -> Iterator["Store"]:
    """The store that the environment names."""
    from serving.settings import Settings
    from serving.store import engine

    store = engine.open(Settings.read(os.environ).database)
    try:
        yield store
    finally:
        store.close()
