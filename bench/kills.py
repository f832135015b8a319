"""`python -m bench.kills`: end runs at random moments, resume them, and compare the output.

SIGKILL for the parent or for one of its workers, until so many have been killed; the parent's run
is begun again each time. Whatever happened, the output must be that of a run left in peace, and
nothing else may lie about.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from bench import ads, bulk, machine

ROOT = Path(__file__).parents[1]
#: What begins each run; the command itself has no option for the size of a unit.
RUN = """
import sys
from serving.bulk.progress import Silence
from serving.bulk.request import Request
from serving.bulk.run import run
if __name__ == "__main__":
    place, output, model, rows, dask = sys.argv[1:]
    asked = {"places": (place,), "output": output, "model": model, "rows": int(rows)}
    run(Request(**asked, processes=2, dask="local" if dask == "dask" else None), Silence())
"""


def main() -> int:
    """Kill, resume, compare; the exit code is 1 if anything differs."""
    asked = _parse()
    texts = [text for _, text in ads.read(asked.real)]
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        bulk.write(folder / "in.csv", "csv", texts, rows=asked.rows)
        (folder / "run.py").write_text(RUN)
        for each in ("peace", "war"):
            (folder / each).mkdir()
        _begin(folder, "peace", asked).wait()
        killed = _war(folder, asked)
        same = _sorted(folder / "peace") == _sorted(folder / "war")
        left = [path.name for path in (folder / "war").iterdir() if path.name != "out.csv"]
    Console().print(
        f"{asked.rows:,} rows in units of {asked.unit}; killed: "
        f"{', '.join(f'{who} {count}' for who, count in killed.items())}. "
        f"Output {'equal' if same else 'DIFFERENT'}, left over: {left or 'nothing'}."
    )
    return 0 if same and not left else 1


def _war(folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """Kill until enough have been killed, then let the run end."""
    dice, killed = random.Random(asked.seed), Counter[str]()
    running = _begin(folder, "war", asked)
    while killed.total() < asked.kills:
        _wait(folder, running, dice)
        workers = _below(running.pid)
        parent = not workers or dice.random() < 0.5
        if running.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(running.pid if parent else dice.choice(workers), signal.SIGKILL)
                killed["parent" if parent else "worker or helper"] += 1
        if parent:
            running.wait()
        if running.poll() is not None:
            running = _begin(folder, "war", asked)
    while running.wait():
        running = _begin(folder, "war", asked)
    return killed


def _wait(folder: Path, running: "subprocess.Popen[bytes]", dice: random.Random) -> None:
    """Until none to three more units are done, however long that takes, and up to a second more."""
    work = folder / "war" / "out.csv.work"
    wanted = len(list(work.glob("0*.json"))) + dice.randint(0, 3)
    while running.poll() is None and len(list(work.glob("0*.json"))) < wanted:
        time.sleep(0.02)
    time.sleep(dice.random())


def _begin(folder: Path, name: str, asked: argparse.Namespace) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            *(sys.executable, folder / "run.py", folder / "in.csv", folder / name / "out.csv"),
            *(asked.model.resolve(), str(asked.unit), "dask" if asked.dask else "processes"),
        ],
        stderr=subprocess.DEVNULL,
    )


def _below(pid: int) -> list[int]:
    found = machine.children(pid)
    return found + [deeper for each in found for deeper in _below(each)]


def _sorted(folder: Path) -> list[bytes]:
    return sorted((folder / "out.csv").read_bytes().splitlines())


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    real = ROOT.parent / "shared/data/real"
    parser.add_argument("--real", type=Path, default=real, help="folder of real ads, *.jsonl.gz")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="the model's folder")
    parser.add_argument("--dask", action="store_true", help="on a Dask cluster of two workers")
    parser.add_argument("--seed", type=int, default=0, help="of the moments and the victims")
    for name, default in (("kills", 50), ("rows", 20_000), ("unit", 250)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
