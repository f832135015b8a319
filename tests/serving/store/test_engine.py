import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from serving.store import ads, decisions, engine, queue
from serving.store.errors import BadStore, StoreAway
from serving.store.tables import metadata
from serving.store.values import Filter, Verdict
from tests.serving.store import postgres
from tests.serving.store.conftest import new


@pytest.mark.parametrize(
    "url",
    [
        "lurewatch.db",
        "mysql://host/name",
        "",
        "sqlite:////nowhere/at/all/ads.db",
        "postgresql://lurewatch:secret@127.0.0.1:1/ads",
    ],
)
def test_a_database_that_cannot_be_opened_is_refused(url):
    with pytest.raises(BadStore, match="LUREWATCH_DATABASE_URL") as refused:
        engine.open(url)
    assert "secret" not in str(refused.value)


def test_migrations_make_the_tables_that_the_code_expects(store):
    with store.read() as connection:
        context = MigrationContext.configure(connection)
        found = compare_metadata(context, metadata)
    # The full-text index is no table of SQLAlchemy's.
    changes = [change for change in found if "words" not in str(change)]
    assert changes == []


def test_opening_again_keeps_what_is_there(empty):
    url = empty()
    for number in range(2):
        store = engine.open(url)
        ads.add(store, [new(f"Cook {number}")])
        assert len(queue.page(store, Filter(), "newest").ads) == number + 1
        store.close()


def test_several_may_open_a_new_database_at_once(empty):
    url = empty()
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: engine.open(url), range(4)))
    ads.add(stores[0], [new()])
    assert [len(queue.page(each, Filter(), "risk").ads) for each in stores] == [1, 1, 1, 1]
    for each in stores:
        each.close()


def test_several_may_add_the_same_ads_and_decide_at_once(store):
    made = [new(f"Cook {number}", risk=number / 20) for number in range(20)]

    def work(person):
        kept = ads.add(store, made if person % 2 else made[::-1])
        for ad in kept[:5]:
            decisions.decide(store, ad.id, Verdict(choice="unsure"), by=str(person))
        return {ad.id for ad in kept}

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(work, range(4)))
    assert all(each == ids[0] for each in ids)
    counts = queue.counts(store, Filter())
    assert counts["status"] == {"decided": 10, "open": 10}
    assert sum(counts["band"].values()) == 20


def test_a_database_of_a_newer_version_is_refused(empty):
    url = empty()
    store = engine.open(url)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(BadStore, match="made by another version"):
        engine.open(url)


def test_what_fails_half_way_leaves_nothing(store):
    def fail() -> None:
        with store.write() as connection:
            connection.execute(text("INSERT INTO indicators VALUES (1, 'x')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM indicators")).scalar() == 0


def test_a_locked_file_is_away_and_then_back(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0)
    store = engine.open(f"sqlite:///{tmp_path}/ads.db")
    other = sqlite3.connect(tmp_path / "ads.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreAway, match="Try again"):
        ads.add(store, [new()])
    assert queue.page(store, Filter(), "risk").ads == ()
    other.close()
    assert len(ads.add(store, [new()])) == 1
    store.close()


def test_a_server_that_stops_is_away_and_then_back():
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.running() as server:
        store = engine.open(server.url("postgres"))
        [ad] = ads.add(store, [new()])
        decisions.decide(store, ad.id, Verdict(choice="deceptive"))
        server.stop()
        for work in (ads.get, decisions.history, decisions.undo):
            with pytest.raises(StoreAway):
                work(store, ad.id)
        server.start()
        assert ads.get(store, ad.id).verdict == "deceptive"
        store.close()
