"""What is known of secrets, and for how long."""

import asyncio

import pytest

from serving.known import FRESH, OLD, REST, Known
from serving.store import api_keys, people, sessions
from serving.store.errors import StoreAway


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def known(store, clock):
    return Known(store, anybody=False, clock=clock)


def ask(waiting):
    return asyncio.run(waiting)


def away(store, tmp_path):
    """Take the database away; gives a way to bring it back."""
    store.close()
    moved = [(file, file.rename(tmp_path / f"away-{file.name}")) for file in tmp_path.glob("ads*")]
    (tmp_path / "ads.db").mkdir()

    def back():
        store.close()
        (tmp_path / "ads.db").rmdir()
        for file, kept in moved:
            kept.rename(file)

    return back


def test_a_revoked_key_is_known_for_less_than_a_second(store, known, clock):
    assert FRESH < 1
    made, secret = api_keys.add(store, "crawler", "feed", a_minute=7)
    program = ask(known.program(secret))
    assert (program.caller.name, program.caller.role, program.a_minute) == (
        "key crawler",
        "feed",
        7,
    )
    api_keys.revoke(store, made.id)
    clock.now += FRESH * 0.9
    assert ask(known.program(secret)) == program
    clock.now += FRESH * 0.2
    assert ask(known.program(secret)) is None


def test_what_changes_here_is_known_at_once(store, known):
    boss = people.add(store, "boss", "four words that differ", "admin")
    secret = sessions.begin(store, boss)
    assert ask(known.person(secret)).name == "boss"
    sessions.end(store, secret)
    known.forget()
    assert ask(known.person(secret)) is None
    assert ask(known.anybody())


def test_a_secret_that_is_none_is_never_remembered(store, known):
    assert ask(known.program("lw_")) is None
    _, secret = api_keys.add(store, "crawler", "score")
    assert ask(known.program(secret)).caller.name == "key crawler"


def test_while_the_database_is_away_old_knowledge_is_for_scoring_alone(
    store, known, clock, tmp_path
):
    _, secret = api_keys.add(store, "crawler", "score")
    program = ask(known.program(secret))
    back = away(store, tmp_path)
    clock.now += OLD - 1
    with pytest.raises(StoreAway):
        ask(known.program(secret))
    with pytest.raises(StoreAway):
        ask(known.anybody())
    assert ask(known.program(secret, old=True)) == program
    assert ask(known.anybody(old=True)) is False
    with pytest.raises(StoreAway):
        ask(known.program("lw_other", old=True))
    clock.now += REST + 1
    with pytest.raises(StoreAway):
        ask(known.program(secret, old=True))  # too old
    back()
    assert ask(known.program(secret)) == program


def test_a_database_that_is_away_is_left_in_peace(store, known, clock, tmp_path):
    _, secret = api_keys.add(store, "crawler", "score")
    program = ask(known.program(secret))
    back = away(store, tmp_path)
    clock.now += FRESH
    assert ask(known.program(secret, old=True)) == program
    back()
    api_keys.revoke(store, api_keys.named(store, "crawler").id)
    clock.now += REST * 0.9
    assert ask(known.program(secret, old=True)) == program  # nobody asked
    clock.now += REST * 0.2
    assert ask(known.program(secret, old=True)) is None
