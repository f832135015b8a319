from datetime import timedelta

import pytest
from sqlalchemy import text

from model.marks import Span
from serving.store import ads, decisions, export
from serving.store.purge import purge
from serving.store.values import Filter, Verdict
from serving.store.verify import verify
from tests.serving.store.conftest import new


@pytest.fixture
def used(store):
    """A store in which ads were decided, undone and taken out."""
    kept = ads.add(store, [new(f"Cook {number}") for number in range(4)])
    for ad in kept:
        marked = (Span(0, 4, ("debt_bondage",)),)
        decisions.decide(store, ad.id, Verdict(choice="deceptive", note="old", marked=marked))
    decisions.undo(store, kept[1].id)
    export.export(store, Filter(text="+48 600", band="high"), export.FORMS["csv"])
    return store


def test_an_untouched_log_has_no_faults(used):
    found = verify(used)
    assert (found.entries, found.faults) == (6, ())
    assert verify(used, head=found.head).faults == ()


def test_an_empty_log_has_no_faults(store):
    found = verify(store)
    assert (found.entries, found.faults) == (0, ())
    assert verify(store, head=found.head) == found


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE audit SET by = 'eve' WHERE seq = 2", "Entry 2"),
        ("UPDATE audit SET at = '2020' WHERE seq = 1", "Entry 1"),
        ("UPDATE audit SET detail = '[]' WHERE seq = 6", "Entry 6"),
        ("UPDATE audit SET subject = 'x' WHERE seq = 5", "Entry 5"),
        ("UPDATE audit SET hash = 'x' WHERE seq = 3", "Entry 3"),
        ("UPDATE audit SET seq = 9 WHERE seq = 6", "Entry 9"),
        ("DELETE FROM audit WHERE seq = 3", "Entry 4"),
        ("DELETE FROM audit WHERE seq = 1", "Entry 2"),
        ("DELETE FROM audit WHERE seq = 6", "does not hold the given head"),
        ("DELETE FROM audit", "does not hold the given head"),
        ("UPDATE decisions SET verdict = 'legitimate' WHERE seq = {first}", "was changed"),
        ("UPDATE decisions SET note = 'new' WHERE seq = {first}", "was changed"),
        ("UPDATE decisions SET by = 'eve' WHERE seq = {first}", "was changed"),
        ("UPDATE decisions SET marked = '[]' WHERE seq = {first}", "was changed"),
        ("UPDATE decisions SET undone = at WHERE seq = {first}", "undone or not"),
        ("UPDATE decisions SET undone = NULL WHERE undone IS NOT NULL", "undone or not"),
        ("DELETE FROM decisions WHERE seq = {first}", "was taken out"),
        ("UPDATE decisions SET id = 'new' WHERE seq = {first}", "is not in the log"),
    ],
)
def test_every_change_is_found(used, change, fault):
    head = verify(used).head
    with used.write() as connection:
        first = connection.execute(text("SELECT min(seq) FROM decisions")).scalar()
        connection.execute(text(change.format(first=first)))
    assert any(fault in each for each in verify(used, head=head).faults)


def test_no_entry_holds_words_of_an_ad_a_note_or_a_search(used):
    with used.read() as connection:
        told = str(connection.execute(text("SELECT * FROM audit")).all())
    assert "export" in told
    assert [each for each in ("Cook", "old", "+48") if each in told] == []


def test_a_purge_leaves_only_its_entries(used):
    after = used.clock() + timedelta(days=1)
    assert purge(used, before=after) == 4
    found = verify(used)
    assert (found.entries, found.faults) == (10, ())
    with used.read() as connection:
        for table in ("ads", "texts", "decisions", "tallies"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
