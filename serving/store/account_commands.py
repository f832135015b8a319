"""The commands for people and keys. What takes long to import comes with the call."""

import sys
from enum import StrEnum
from typing import Annotated, cast

import typer

from serving.roles import OF_PEOPLE, ROLES, Role
from serving.store.commands import opened

people = typer.Typer(no_args_is_help=True, help="People who may log in.")
keys = typer.Typer(no_args_is_help=True, help="Keys for programs.")

OfPeople = StrEnum("OfPeople", {role.upper(): role for role in OF_PEOPLE})  # type: ignore[misc]  # mypy wants names spelt out
OfKeys = StrEnum("OfKeys", {role.upper(): role for role in ROLES})  # type: ignore[misc]  # the same
Name = Annotated[str, typer.Argument(help="The name.")]


@people.callback()
def of_people() -> None:
    """People who may log in."""


@keys.callback()
def of_keys() -> None:
    """Keys for programs."""


@people.command("add")
def add_person(
    name: Name, role: Annotated[OfPeople, typer.Option(help="What they may do.")]
) -> None:
    """Let somebody in. The password is asked for, or read from standard input."""
    from serving.store import people

    with opened() as store:
        people.add(store, name, _password(), _role(role))
    typer.echo(f"{name} may log in.")


@people.command("list")
def list_people() -> None:
    """List people with their roles."""
    from serving.store import people

    with opened() as store:
        for each in people.every(store):
            typer.echo(f"{each.name}\t{each.role}")


@people.command("role")
def change_role(name: Name, role: Annotated[OfPeople, typer.Argument(help="The role.")]) -> None:
    """Give somebody another role."""
    from serving.store import people

    with opened() as store:
        people.change_role(store, people.named(store, name).id, _role(role))


@people.command("password")
def change_password(name: Name) -> None:
    """Give somebody another password, and log them out."""
    from serving.store import people

    with opened() as store:
        people.change_password(store, people.named(store, name).id, _password())


@people.command("remove")
def remove_person(name: Name) -> None:
    """Let somebody in no longer. What they did stays."""
    from serving.store import people

    with opened() as store:
        people.remove(store, people.named(store, name).id)


@keys.command("add")
def add_key(
    name: Name,
    role: Annotated[OfKeys, typer.Option(help="What the program may do.")],
    a_minute: Annotated[int, typer.Option(help="Requests it may make a minute.")] = 600,
) -> None:
    """Make a key and write it to standard output, this once."""
    from serving.store import api_keys

    with opened() as store:
        _, secret = api_keys.add(store, name, _role(role), a_minute=a_minute)
    typer.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """List keys with their roles, without their secrets."""
    from serving.store import api_keys

    with opened() as store:
        for each in api_keys.every(store):
            typer.echo(f"{each.name}\t{each.role}\t{each.a_minute} a minute")


@keys.command("revoke")
def revoke_key(name: Name) -> None:
    """Let a key open nothing any longer."""
    from serving.store import api_keys

    with opened() as store:
        api_keys.revoke(store, api_keys.named(store, name).id)


def _role(said: StrEnum) -> Role:
    return cast("Role", said.value)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    said: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return said
