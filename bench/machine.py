"""The machine: which processors this process may use, and what a reader should know of it."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "lurewatch",
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "shap",
    "lime",
    "vowpalwabbit",
    "fasttext-wheel",
    "fastapi",
    "uvicorn",
)
#: The processors that this process may use before it pins itself.
CORES = os.sched_getaffinity(0)
TWO = set(sorted(CORES)[:2])
FIRST, LAST = {min(CORES)}, {max(CORES)}


def pin(cores: set[int], pid: int | str = "self") -> None:
    """Keep every thread of a process on these cores."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), cores)


@contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """Keep this process on these cores for a while."""
    before = os.sched_getaffinity(0)
    pin(cores)
    try:
        yield
    finally:
        pin(before)


def facts() -> dict[str, str]:
    """Processor, cores, load, date and versions, by name."""
    return {
        "processor": _processor(),
        "cores": str(len(CORES)),
        "load average": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "python": platform.python_version(),
        **{name: found for name in PACKAGES if (found := _version(name))},
    }


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, in user and in kernel mode; 0 if it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def children(pid: int) -> list[int]:
    """The processes that a process, in any of its threads, has started and that run."""
    found = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, file.read_text().split())
    return found


def own_gib(pid: int) -> float:
    """Memory of a process, of what it shares with others its share; 0 if it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 2**20
    return 0.0


def peak_gib() -> float:
    """The most memory that this process has held; `getrusage` would count its parent's as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (kib,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kib) / 2**20


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
