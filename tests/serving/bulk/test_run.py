"""Whole runs: what goes in comes out, once, whoever does it and whatever happens meanwhile."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from serving.bulk.errors import BadFile, Busy, Changed, Stopped
from serving.bulk.folder import Local
from serving.bulk.lock import hold
from tests.serving.bulk.conftest import Heard, records

REJECTS = ".rejects.jsonl"
#: A run in a process of its own, which may be killed.
RUN = """
import sys
from serving.bulk.progress import Silence
from serving.bulk.request import Request
from serving.bulk.run import run
if __name__ == "__main__":
    place, output, model, *most = sys.argv[1:]
    if most:
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most[0]), int(most[0])))
    run(Request(places=(place,), output=output, model=model, rows=10, processes=2), Silence())
"""


@pytest.fixture(scope="module")
def undisturbed(ads, models, tmp_path_factory):
    """Output and rejects of a run that nothing has happened to."""
    target = tmp_path_factory.mktemp("undisturbed") / "out.jsonl"
    subprocess.run([*_command(tmp_path_factory), ads, target, models], check=True)
    return _all(target)


def _command(tmp_path_factory):
    script = tmp_path_factory.getbasetemp() / "run.py"
    script.write_text(RUN)
    return [sys.executable, script]


@pytest.fixture
def command(tmp_path_factory):
    return _command(tmp_path_factory)


def assert_same(target, undisturbed):
    """The output is whole, and nothing else has been left."""
    assert sorted(os.listdir(target.parent)) == [target.name, f"{target.name}{REJECTS}"]
    assert _all(target) == undisturbed


def _all(target):
    """Output and rejects, but for the input's name: copies of it have others."""
    rejects = records(Path(f"{target}{REJECTS}"))
    return target.read_bytes(), [each | {"input": ""} for each in rejects]


def test_every_row_comes_out_once(score, ads, tmp_path):
    tally, heard = score(ads, output=tmp_path / "out.jsonl")
    found = records(tmp_path / "out.jsonl")
    assert [each["id"] for each in found] == [n for n in range(60) if n != 33]
    assert [each["id"] for each in found if each["risk"] is None] == [7]
    [reject] = records(tmp_path / f"out.jsonl{REJECTS}")
    assert (reject["input"], reject["number"]) == (str(ads), 34)
    assert reject["raw"] == '{"id": 33, "text": "open'
    assert ads.read_bytes()[reject["at"] :].startswith(reject["raw"].encode())
    assert (tally.rows, tally.scored, tally.failed, tally.rejects) == (60, 58, 1, 1)
    assert heard.ticks[-1] == (tally, 1.0)
    assert heard.outputs.keys() == {"output", "rejects"}


@pytest.mark.parametrize(
    "how",
    [{"rows": 100}, {"processes": 1}, {"dask": "local"}, {"rows": 7}],
    ids=["here", "one process", "dask", "other units"],
)
def test_output_does_not_depend_on_who_does_it(score, ads, tmp_path, undisturbed, how):
    score(ads, output=tmp_path / "out.jsonl", **how)
    assert_same(tmp_path / "out.jsonl", undisturbed)


def test_addresses_are_read_and_written(score, ads, tmp_path, undisturbed):
    score(f"file://{ads}", output=f"file://{tmp_path}/out.jsonl")
    assert_same(tmp_path / "out.jsonl", undisturbed)


def test_stopped_run_goes_on(score, ads, tmp_path, undisturbed):
    class Patient(Heard):
        def stopped(self):
            return len(self.ticks) >= 2

    first = Patient()
    with pytest.raises(Stopped, match=r"Run it again to go on: what is done lies in .*\.work"):
        score(ads, output=tmp_path / "out.jsonl", heard=first, stopped=first.stopped)
    assert os.listdir(tmp_path) == ["out.jsonl.work"]
    _, second = score(ads, output=tmp_path / "out.jsonl")
    assert second.begun == first.ticks[-1][0]
    assert second.begun.rows >= 20
    assert_same(tmp_path / "out.jsonl", undisturbed)


@pytest.mark.parametrize("seed", range(4))
def test_killed_run_goes_on(ads, models, tmp_path, undisturbed, command, seed):
    """SIGKILL for the parent or a worker, at any moment."""
    target, dice = tmp_path / "out.jsonl", random.Random(seed)
    running = subprocess.Popen([*command, ads, target, models])
    sleep(dice.uniform(1, 8))
    victims = [running.pid, *_children(running.pid)]
    os.kill(dice.choice(victims), signal.SIGKILL)
    running.wait()
    subprocess.run([*command, ads, target, models], check=True)
    assert_same(target, undisturbed)
    assert not list(filter(_runs, victims))


def _children(pid: int) -> list[int]:
    """Processes below one, but for the tracker and the server of forks, which hold no work."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    below = [int(each) for each in tasks]
    return below + [deeper for each in below for deeper in _children(each)]


def _runs(pid: int) -> bool:
    path = Path(f"/proc/{pid}/stat")
    return path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z"


def test_changes_are_noticed(score, ads, tmp_path, undisturbed):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    shutil.copy(ads, source)
    heard = Heard()
    with pytest.raises(Stopped):
        score(source, output=target, heard=heard, stopped=lambda: bool(heard.ticks))
    with pytest.raises(Changed, match=r"--id-column has changed from None to 'id'.*--restart"):
        score(source, output=target, id="id")
    source.write_bytes(ads.read_bytes().replace(b"number 59", b"number 60"))
    with pytest.raises(Changed, match=r"in.jsonl has changed"):
        score(source, output=target)
    with pytest.raises(Changed, match=r"in.jsonl is not among the inputs any more"):
        score(ads, output=target)
    record = next(Path(f"{target}.work").glob("0*.json"))
    record.write_text(record.read_text().replace("sha256", "md5"))
    with pytest.raises(Changed, match="Lurewatch itself has changed"):
        score(source.with_name("in.jsonl"), output=target)
    tally, _ = score(ads, output=target, restart=True)
    source.unlink()
    assert tally.rows == 60
    assert_same(target, undisturbed)


def test_two_runs_do_not_mix(score, ads, tmp_path):
    target = tmp_path / "out.jsonl"
    with (
        hold(Local(f"{target}.work"), str(target)),
        pytest.raises(Busy, match=rf"out.jsonl is being written by process {os.getpid()} on "),
    ):
        score(ads, output=target)


def test_full_disk_is_named_and_the_run_goes_on(ads, models, tmp_path, undisturbed, command):
    target = tmp_path / "out.jsonl"
    full = subprocess.run(
        [*command, ads, target, models, "2000"], capture_output=True, text=True, check=False
    )
    assert "BadFile" in full.stderr
    assert f"{target}.work" in full.stderr
    assert "cannot be written: File too large" in full.stderr
    assert not [name for name in os.listdir(f"{target}.work") if name.endswith(".partial")]
    subprocess.run([*command, ads, target, models], check=True)
    assert_same(target, undisturbed)


def test_vanished_input_is_named_and_the_run_goes_on(score, ads, tmp_path, undisturbed):
    source, target = tmp_path / "in.jsonl", tmp_path / "out" / "out.jsonl"
    target.parent.mkdir()
    shutil.copy(ads, source)

    class Thief(Heard):
        def tick(self, *_):
            if source.exists():
                source.rename(tmp_path / "away")

    with pytest.raises(BadFile, match=r"in.jsonl cannot be read: No such file"):
        score(source, output=target, heard=Thief())
    (tmp_path / "away").rename(source)
    score(source, output=target)
    assert_same(target, undisturbed)


def test_damaged_part_is_done_again(score, ads, tmp_path, undisturbed):
    target, heard = tmp_path / "out.jsonl", Heard()
    with pytest.raises(Stopped):
        score(ads, output=target, heard=heard, stopped=lambda: bool(heard.ticks))
    part = next(Path(f"{target}.work").glob("*.part"))
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(BadFile, match=r"\.part is damaged. Run again"):
        score(ads, output=target)
    score(ads, output=target)
    assert_same(target, undisturbed)
