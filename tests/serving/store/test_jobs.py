from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from serving.store import jobs, uploads
from serving.store.errors import BadQuestion, NotStored, StillBusy
from serving.store.jobs import KILLED, LEASE, MOST_ATTEMPTS
from serving.store.uploads import Ask, Progress, Seen
from tests.serving.store.conftest import START

SEEN = Seen(columns=("id", "text"), guess=("text",), rows=(("1", "Cook\0wanted"),))
ASK = Ask(text=("text",), to="queue", source="board")


class Clock:
    """A clock that is moved on by hand."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def pass_(self, time=LEASE + timedelta(seconds=1)):
        self.now += time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def timed(store, clock):
    """The store, by a clock that stands still."""
    return replace(store, clock=clock)


def new(store, n=0):
    return uploads.new(store, uploads.new_id(store), name=f"{n}.csv", form="csv", packed="", size=9)


def looked_at(store):
    upload = new(store)
    jobs.claim(store, "look", "one")
    jobs.end(store, upload.id, "one", "done", Progress(), seen=SEEN)
    return uploads.get(store, upload.id)


def start(store, upload, ask=ASK):
    with store.write() as connection:
        jobs.start(connection, upload, ask, store.clock(), by="local")


def test_what_was_seen_and_asked_comes_back_as_it_was(timed):
    upload = looked_at(timed)
    assert (upload.status, upload.seen, upload.ask) == ("ready", SEEN, None)
    start(timed, upload)
    now = uploads.get(timed, upload.id)
    assert (now.status, now.ask, now.progress) == ("waiting", ASK, Progress())


def test_each_job_is_claimed_once(timed):
    made = {new(timed, n).id for n in range(12)}
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda n: jobs.claim(timed, "look", f"w{n}"), range(16)))
    held = [each.id for each in claimed if each is not None]
    while (
        more := jobs.claim(timed, "look", "last")
    ) is not None:  # PostgreSQL skips what is locked
        held.append(more.id)
    assert sorted(held) == sorted(made)
    assert jobs.claim(timed, "score", "one") is None


def test_a_job_is_taken_up_again_when_its_lease_has_run_out(timed, clock):
    upload = new(timed)
    jobs.claim(timed, "look", "one")
    assert jobs.claim(timed, "look", "two") is None
    clock.pass_(LEASE - timedelta(seconds=1))
    assert jobs.renew(timed, upload.id, "one", Progress(rows=5), moved=True)
    clock.pass_(LEASE - timedelta(seconds=1))
    assert jobs.claim(timed, "look", "two") is None
    clock.pass_()
    taken = jobs.claim(timed, "look", "two")
    assert (taken.id, taken.owner, taken.progress.rows) == (upload.id, "two", 5)
    assert not jobs.renew(timed, upload.id, "one", Progress(rows=9), moved=True)
    jobs.end(timed, upload.id, "one", "done", Progress(rows=9))
    now = uploads.get(timed, upload.id)
    assert (now.state, now.owner, now.progress.rows) == ("running", "two", 5)


def test_what_a_dead_worker_held_is_free_at_once(timed):
    upload = new(timed)
    jobs.claim(timed, "look", "one")
    jobs.leave(timed, "one")
    assert jobs.claim(timed, "look", "two").id == upload.id


@pytest.mark.parametrize("moved", [False, True])
def test_a_job_that_ends_its_workers_fails_unless_it_moves_on(timed, clock, moved):
    upload = new(timed)
    for n in range(MOST_ATTEMPTS):
        assert jobs.claim(timed, "look", f"w{n}").id == upload.id
        jobs.renew(timed, upload.id, f"w{n}", Progress(rows=n), moved=moved)
        clock.pass_()
    again = jobs.claim(timed, "look", "last")
    now = uploads.get(timed, upload.id)
    if moved:
        assert again.id == upload.id
    else:
        assert again is None
        assert (now.status, now.error, now.owner) == ("failed", KILLED, None)


def test_a_cancelled_job_is_left_by_its_worker(timed, clock):
    upload = looked_at(timed)
    start(timed, upload)
    jobs.claim(timed, "score", "one")
    cancelled = jobs.cancel(timed, upload.id)
    assert (cancelled.status, cancelled.busy) == ("cancelled", True)
    assert not jobs.renew(timed, upload.id, "one", Progress(), moved=False)
    with pytest.raises(StillBusy):
        start(timed, cancelled)
    clock.pass_()  # its worker has died
    assert jobs.claim(timed, "score", "two") is None
    now = uploads.get(timed, upload.id)
    assert (now.status, now.busy) == ("cancelled", False)
    start(timed, now)


@pytest.mark.parametrize(
    "ask",
    [
        replace(ASK, text=()),
        replace(ASK, text=("text", "none")),
        replace(ASK, id="none"),
        replace(ASK, language="none"),
    ],
)
def test_a_column_must_be_there(timed, ask):
    upload = looked_at(timed)
    with pytest.raises(BadQuestion):
        start(timed, upload, ask)
    assert uploads.get(timed, upload.id).status == "ready"


def test_what_is_not_there_is_said(timed):
    for act in (uploads.get, jobs.cancel):
        with pytest.raises(NotStored):
            act(timed, "none")
