import os
from datetime import timedelta

import pytest

from serving.store import uploads
from serving.store.purge import purge
from serving.uploads import manage
from serving.uploads.shelf import Shelf


@pytest.fixture
def shelf(settings):
    return Shelf(settings.data)


@pytest.mark.usefixtures("workers")
def test_purge_takes_old_uploads_with_their_files(sender, store, shelf):
    done = [sender.run(f"{n}.csv", b"text\nCook wanted\n", to="csv") for n in range(3)]
    before = uploads.get(store, done[2]["id"]).received
    assert manage.purge(store, shelf, before=before) == 2
    assert [each.name for each in shelf.root.iterdir()] == [done[2]["id"]]
    assert [each["id"] for each in sender.http.get("/v1/uploads").json()["uploads"]] == [
        done[2]["id"]
    ]


def test_purge_spares_what_is_worked_on(sender, store, shelf):
    sent = sender.send("ads.csv", b"text\nCook\n")  # it waits to be looked at
    assert manage.purge(store, shelf, before=store.clock()) == 0
    assert sender.look(sent)["status"] == "looking"


def test_purge_takes_files_that_never_became_an_upload(store, shelf):
    lost, arriving = (shelf.make(uploads.new_id(store)) for _ in range(2))
    theirs = shelf.root / "not-ours"
    theirs.mkdir()
    old = (store.clock() - timedelta(days=3)).timestamp()
    for each in (lost, theirs):
        os.utime(each, (old, old))
    manage.purge(store, shelf, before=store.clock())
    assert sorted(shelf.root.iterdir()) == sorted([arriving, theirs])


@pytest.mark.usefixtures("workers")
def test_ads_outlive_their_upload(sender, store, shelf):
    done = sender.run("ads.csv", b"text\nCook wanted\n")
    manage.delete(store, shelf, done["id"])
    assert purge(store, before=store.clock()) == 1
