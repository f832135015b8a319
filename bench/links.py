"""`python -m bench.links`: how rightly ads are tied together.

Ads that are known to belong together (see `bench.families`) are stored, and their campaigns
compared with their families, pair by pair; the same with datasketch.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.families import Posted, build
from serving.store import ads, engine
from serving.store.values import New
from training import data

ROOT = Path(__file__).parents[1]
HOWS = ("copy", "slots", "words", "order", "contact")
BATCH = 100
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> int:
    """Print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m bench.links", description=__doc__)
    parser.add_argument("--families", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    records = data.load(ROOT / "data/labeled").records
    texts = [(each.language, each.text) for each in records]
    posted = build(texts, families=asked.families, seed=asked.seed)
    table = Table("by", "precision", "recall", *HOWS)
    table.add_row("ours", *_shown(posted, ours(posted)))
    for threshold in THRESHOLDS:
        table.add_row(f"datasketch {threshold}", *_shown(posted, datasketch(posted, threshold)))
    console = Console()
    console.print(f"{len(posted):,} ads, {asked.families} families")
    console.print(table)
    return 0


def ours(posted: Sequence[Posted]) -> list[Hashable]:
    """The campaign of each ad after all were stored; its id where it has none."""
    made = [new(each, number) for number, each in enumerate(posted)]
    with TemporaryDirectory() as folder:
        store = engine.open(f"sqlite:///{folder}/kin.db")
        parts = [made[at : at + BATCH] for at in range(0, len(made), BATCH)]
        for part in parts:
            ads.add(store, part)
        found = [each for part in parts for each in ads.add(store, part)]  # as they are now
        store.close()
    return [each.campaign or each.id for each in found]


def new(posted: Posted, number: int) -> New:
    """An ad to store, with a result that says nothing."""
    result = {
        "risk": 0.5,
        "band": "review",
        "indicators": {},
        "language": {"code": posted.language, "known": True},
        "model": "none",
    }
    name = str(number)
    return New(text=posted.text, result=result, nearness=0, source="built", external_id=name)


def datasketch(posted: Sequence[Posted], threshold: float) -> list[Hashable]:
    """The connected ads by datasketch's MinHash of 128 hashes of 5 characters, and its index."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    group: list[int] = list(range(len(posted)))

    def top(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for i, each in enumerate(posted):
        text = each.text.lower()
        hashes = MinHash(num_perm=128)
        hashes.update_batch([text[at : at + 5].encode() for at in range(max(1, len(text) - 4))])
        for found in index.query(hashes):
            group[top(found)] = top(i)
        index.insert(i, hashes)
    return [top(i) for i in range(len(posted))]


def measure(posted: Sequence[Posted], groups: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall over pairs of ads: of those tied, and of those that belong together."""
    families = [each.family for each in posted]
    both = _pairs(zip(families, groups, strict=True))
    return both / _pairs(groups), both / _pairs(families)


def found(posted: Sequence[Posted], groups: Sequence[Hashable], how: str) -> float:
    """The share of the ads made in one way that are tied to the first of their family."""
    first = {
        each.family: at for each, at in zip(posted, groups, strict=True) if each.how == "first"
    }
    hits = [
        at == first[each.family] for each, at in zip(posted, groups, strict=True) if each.how == how
    ]
    return sum(hits) / len(hits)


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def _shown(posted: Sequence[Posted], groups: Sequence[Hashable]) -> list[str]:
    values = [*measure(posted, groups), *(found(posted, groups, how) for how in HOWS)]
    return [f"{value:.3f}" for value in values]


if __name__ == "__main__":
    sys.exit(main())
