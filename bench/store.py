"""`python -m bench.store`: pages, counts and decisions with a million stored ads.

The ads are those of data/labeled over and over, with other digits and other risks. A database
that already has enough ads is measured as it is.
"""

import argparse
import itertools
import math
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, func, insert, select, text

from bench import labelled
from model import artifact
from model.ad import Ad
from model.score import Score
from model.scorer import Scorer, band
from serving.results import result
from serving.store import ads, decisions, engine, queue, words
from serving.store.engine import Store
from serving.store.tables import ads as ads_table
from serving.store.tables import tallies
from serving.store.tally import KEYS
from serving.store.values import SORTS, Filter, New, Verdict

ROOT = Path(__file__).parents[1]
FIRST = 20_000
BATCH = 1_000
COPY = (
    """
    INSERT INTO ads
    SELECT seq + :step, :m || substr(id, 4), :m || substr(key, 4), received, source,
        external_id, sha256, risk * (1 - 1e-6 * :n), nearness * (1 - 1e-6 * :n), band, language,
        found, model, status, verdict, assignee, campaign, size
    FROM ads WHERE seq <= :first
    """,
    "INSERT INTO texts SELECT seq + :step, text, nuls, result FROM texts WHERE seq <= :first",
)
COPY_WORDS = "INSERT INTO words SELECT rowid + :step, terms FROM words WHERE rowid <= :first"
SOURCES = ("board", "forum", "telegram", "hotline", "partner", "crawl-a", "crawl-b", "desk")
#: As a queue in work may be: a third decided, some taken, some in campaigns.
WORKED = """
UPDATE ads SET
    status = CASE WHEN seq % 10 < 3 THEN 'decided' WHEN seq % 10 = 3 THEN 'skipped' ELSE status END,
    verdict = CASE WHEN seq % 10 < 2 THEN 'deceptive' WHEN seq % 10 = 2 THEN 'legitimate' END,
    assignee = CASE seq % 7 WHEN 0 THEN 'ana' WHEN 1 THEN 'ben' ELSE '' END,
    size = CASE WHEN seq % 11 = 0 THEN 2 + seq % 97 ELSE 1 END
"""
ASKED = ("passport", "hotel", "trabajo", "работа", "护照", "visa ticket", "zzzz", "+48 600")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a database if need be, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m bench.store", description=__doc__)
    parser.add_argument("database", help="its address: an empty one, or one that this has filled")
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="folder of a model")
    parser.add_argument("--ads", type=int, default=1_000_000, help="how many to store")
    parser.add_argument("--rounds", type=int, default=300, help="questions of each kind")
    asked = parser.parse_args(arguments)
    store = engine.open(asked.database)
    fill(store, artifact.load(asked.model), count=asked.ads)
    show(store, rounds=asked.rounds)
    store.close()
    return 0


def fill(store: Store, scorer: Scorer, *, count: int) -> None:
    """Store `count` ads: so many as scoring allows, and copies of them."""
    with store.read() as connection:
        if connection.execute(select(func.count()).select_from(ads_table)).scalar_one() >= count:
            return
    first = list(itertools.islice(generate(scorer), min(count, FIRST)))
    start = time.perf_counter()
    for at in range(0, len(first), BATCH):
        ads.add(store, first[at : at + BATCH])
    took = time.perf_counter() - start
    Console(stderr=True).print(f"stored {len(first):,} ads, {len(first) / took:,.0f} a second")
    terms = [" ".join(words.of(each.text)) for each in first]
    for copy in range(1, count // len(first)):
        with _unhurried(store) as connection:
            _copy(connection, copy, terms)
    _finish(store)


def _copy(connection: Connection, copy: int, terms: Sequence[str]) -> None:
    """The first ads once more, with other names and a little less risk."""
    postgresql = connection.dialect.name == "postgresql"
    places = {"n": copy, "m": f"z{copy:02}", "step": copy * len(terms), "first": len(terms)}
    for statement in COPY:
        connection.execute(text(statement), places)
    if postgresql:
        connection.execute(text(COPY_WORDS), places)
    else:
        rows = [{"seq": places["step"] + at, "terms": each} for at, each in enumerate(terms, 1)]
        connection.execute(text("INSERT INTO words (rowid, terms) VALUES (:seq, :terms)"), rows)


@contextmanager
def _unhurried(store: Store) -> Iterator[Connection]:
    """A transaction that may take long."""
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def _finish(store: Store) -> None:
    """Make it a queue in work, count it, and let the database look at it."""
    postgresql = store.engine.dialect.name == "postgresql"
    with _unhurried(store) as connection:
        if postgresql:
            connection.execute(text("SELECT setval('ads_seq_seq', (SELECT max(seq) FROM ads))"))
        connection.execute(text(WORKED))
        connection.execute(tallies.delete())
        cells = [ads_table.c[key] for key in KEYS]
        counted = select(*cells, func.count()).group_by(*cells)
        connection.execute(insert(tallies).from_select([*KEYS, "n"], counted))
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if postgresql:
            connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE" if postgresql else "ANALYZE"))


def generate(scorer: Scorer) -> Iterator[New]:
    """Ads without end: each with digits and a risk of its own."""
    texts = labelled.load(ROOT / "data/labeled").texts
    scores = scorer.score([Ad(each) for each in texts])
    order = random.Random(0)
    for number in itertools.count():
        at = order.randrange(len(texts))
        own = re.sub(r"\d", lambda _: str(order.randrange(10)), texts[at])
        score = _moved(scores[at], scorer, order)
        yield New(
            text=own,
            result=result(score, scorer.indicators, own),
            nearness=-abs(score.risk - scorer.thresholds.review),
            source=order.choice(SOURCES),
            external_id=str(number),
        )


def _moved(score: Score, scorer: Scorer, order: random.Random) -> Score:
    risk = 1 / (1 + math.exp(-score.log_odds - order.gauss(0, 0.5)))
    strengths = {each.name: each.strength for each in scorer.indicators}
    found = tuple(name for name in score.found if order.random() < 0.9)
    return replace(
        score,
        risk=risk,
        found=found,
        band=band(risk, [strengths[name] for name in found], scorer.thresholds),
    )


def show(store: Store, *, rounds: int) -> None:
    """Print how long each kind of question takes."""
    order = random.Random(0)
    table = Table("question", "median ms", "p95 ms", "most ms", title=store.engine.dialect.name)
    for name, question in _questions(store, order).items():
        took = [_timed(question) for _ in range(rounds)]
        p95 = statistics.quantiles(took, n=20)[-1]
        table.add_row(name, f"{statistics.median(took):.1f}", f"{p95:.1f}", f"{max(took):.1f}")
    Console(width=100).print(table)


def _questions(store: Store, order: random.Random) -> dict[str, Callable[[], object]]:
    facets = queue.counts(store, Filter())

    def where(*, status: str | None = None, asking: bool = False) -> Filter:
        """One to three facets, each value as likely as another, so that rare ones are asked for."""
        names = order.sample(sorted(facets), order.randint(1, 3))
        asked = {name: order.choice(sorted(facets[name])) for name in names}
        if status:
            asked["status"] = status
        return Filter(**asked, text=order.choice(ASKED) if asking else None)

    def follow() -> object:
        """The page after a page."""
        asked, sort = where(), order.choice(SORTS)
        first = queue.page(store, asked, sort)
        return first.next and queue.page(store, asked, sort, after=first.next)

    def work() -> object:
        """Decide an ad, and get the next one."""
        asked = replace(where(status="open"))
        ad = queue.next(store, asked, "risk")
        if ad is None:
            return None
        decisions.decide(store, ad.id, Verdict(choice="legitimate"))
        return queue.next(store, asked, "risk", past=ad.id)

    def page(sort: str) -> Callable[[], object]:
        return lambda: queue.page(store, where(), sort)

    return {
        **{f"page by {sort}": page(sort) for sort in SORTS},
        "page by any, with words": lambda: queue.page(
            store, where(asking=True), order.choice(SORTS)
        ),
        "two pages, one after the other": follow,
        "counts": lambda: queue.counts(store, where()),
        "counts, with words": lambda: queue.counts(store, where(asking=True)),
        "next, decide and next": work,
    }


def _timed(question: Callable[[], object]) -> float:
    start = time.perf_counter()
    question()
    return 1_000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
