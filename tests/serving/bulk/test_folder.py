"""Folders here and elsewhere, and the lock that one run holds on one."""

import json
import os
import socket

import fsspec
import pytest

from serving.bulk import lock
from serving.bulk.errors import BadFile, Busy
from serving.bulk.folder import folder, here, put, split


@pytest.fixture(params=["local", "memory"])
def place(request, tmp_path):
    """A folder that does not exist yet."""
    if request.param == "local":
        yield folder(str(tmp_path / "work"))
        return
    url = f"memory://{tmp_path.name}/work"
    yield folder(url)
    fsspec.filesystem("memory").store.clear()


def test_file_is_there_when_it_is_whole(place):
    assert place.names() == []
    with place.publishing("a") as path:
        path.write_text("whole")
        assert place.names() in ([], [path.name])  # what is unfinished has another name
    assert (place.names(), place.read("a")) == (["a"], b"whole")
    with place.fetching("a") as path:
        assert path.read_text() == "whole"


def test_failed_write_leaves_the_old_file(place):
    put(place, "a", ["old"])
    with pytest.raises(TypeError), place.publishing("a") as path:
        path.write_text(3)
    assert (place.names(), json.loads(place.read("a"))) == (["a"], ["old"])


def test_files_are_delivered_and_removed(place):
    for name in ("a", "b"):
        put(place, name, name)
    around, _ = split(place.url)
    place.deliver("a", around.path("out"))
    assert (around.read("out"), place.names()) == (b'"a"', ["b"])
    place.remove("b")
    place.remove("b")
    assert place.names() == []
    place.clear()
    assert "work" not in around.names()


def test_missing_file_is_named(place):
    with pytest.raises(BadFile, match=r"work/gone cannot be read: "):
        place.read("gone")


def test_folder_is_brought_here(place):
    put(place, "a", 1)
    with here(place.url) as path:
        assert (path / "a").read_text() == "1"


def test_what_killed_writers_left_is_swept_away(tmp_path):
    (tmp_path / "a.123.partial").touch()
    (tmp_path / "a").touch()
    folder(str(tmp_path)).sweep()
    assert os.listdir(tmp_path) == ["a"]


def test_full_disk_is_named(tmp_path):
    with (
        pytest.raises(BadFile, match=r"/a cannot be written: No space left on device\."),
        folder(str(tmp_path)).publishing("a") as path,
    ):
        os.symlink("/dev/full", path) or path.write_text("x" * 100_000)
    assert os.listdir(tmp_path) == []


def test_lock_is_held_by_one_and_freed(place):
    for _ in range(2):
        with lock.hold(place, "out.csv"):
            assert lock.NAME in place.names()
            with (
                pytest.raises(Busy, match=rf"out.csv is being written by process {os.getpid()} "),
                lock.hold(place, "out.csv"),
            ):
                pass


@pytest.mark.parametrize(
    ("owner", "free"),
    [
        pytest.param({"host": socket.gethostname(), "process": 1 << 30}, True, id="ended here"),
        pytest.param({"host": "elsewhere", "process": 1 << 30}, False, id="elsewhere"),
        pytest.param("?", False, id="not to be read"),
    ],
)
def test_lock_left_elsewhere_is_told(tmp_path, owner, free):
    place = folder(f"memory://{tmp_path.name}")
    put(place, lock.NAME, owner)
    if free:
        with lock.hold(place, "out.csv"):
            pass
        assert lock.NAME not in place.names()
        return
    with pytest.raises(Busy, match=r"delete memory://.*/lock"), lock.hold(place, "out.csv"):
        pass
