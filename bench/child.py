"""What must be measured in a new process: a cold cache, and the peak of memory."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(arguments: list[str]) -> None:
    """`cold MODEL` with texts on standard input, or `memory REAL COUNT SIZE`."""
    parts: dict[str, Callable[..., float]] = {"cold": cold, "memory": memory}
    name, *rest = arguments
    sys.stdout.write(f"{parts[name](*rest)}\n")


def cold(model: str) -> float:
    """Microseconds for one of the texts, none of whose words were met before."""
    from model import artifact
    from model.linear import explain

    linear = artifact.load(Path(model)).linear
    texts = json.load(sys.stdin)
    explain(linear, ["a"])
    start = time.process_time()
    explain(linear, texts)
    return (time.process_time() - start) / len(texts) * 1e6


def memory(real: str, count: str, size: str) -> float:
    """GiB in use at the highest point of a fit, the texts included."""
    import numpy as np

    from bench import ads, machine
    from model.ngrams import NgramVectorizer
    from training import plan

    texts = ads.many(ads.read(Path(real)), count=int(count), size=int(size))
    ranges = plan.load().ngrams.ranges
    NgramVectorizer(ranges=ranges, dtype=np.float32).fit_transform(texts)
    return machine.peak_gib()


if __name__ == "__main__":
    main(sys.argv[1:])
