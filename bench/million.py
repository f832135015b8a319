"""`python -m bench.million`: how long tying an ad, and a look at campaigns, takes among a million.

The stored ads are the labelled texts over and over with a third of their words exchanged; a fifth
of them are copies but for numbers, 10,000 of one. The lists are loaded as they would be after each
ad was tied; near-copies are then added one by one.
"""

import argparse
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table as Shown
from sqlalchemy import Connection, Table, func, select

from bench.families import Posted
from bench.links import new
from serving.links import nearby
from serving.store import ads, campaigns, copies, engine, ids, kin
from serving.store.engine import Store
from serving.store.tables import ads as ads_table
from serving.store.tables import bands, contacts, forms, shapes, texts
from serving.store.tables import campaigns as campaigns_table
from serving.store.values import Stored
from training import data

ROOT = Path(__file__).parents[1]
CHUNK = 5_000
COPIES = 10_000
Corpus = Sequence[tuple[str, str]]


def main() -> int:
    """Fill a database, or take a filled one, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.million", description=__doc__)
    parser.add_argument("database", help="an empty one, or one that this has filled")
    parser.add_argument("--ads", type=int, default=1_000_000)
    parser.add_argument("--tied", type=int, default=200, help="ads to add of each kind")
    asked = parser.parse_args()
    records = data.load(ROOT / "data/labeled").records
    corpus = [(each.language, each.text) for each in records if len(each.text) > 100]
    store = engine.open(asked.database)
    with store.read() as connection:
        empty = connection.execute(ads_table.select().limit(1)).first() is None
    if empty:
        _fill(store, corpus, asked.ads, Console(stderr=True).print)
    Console().print(_measured(store, corpus, asked.ads, asked.tied))
    return 0


def _origin(number: int) -> int:
    """The ad that an ad is a copy of: itself, the one before it, or the first of all."""
    if number % 5 < 4:
        return number
    return number - 1 if number % 100 > 4 else 0


def _mail(number: int) -> str | None:
    third = _origin(number) // 3
    return f"demo{third}@example.com" if third % 5 < 3 else None


def _text(number: int, corpus: Corpus) -> tuple[str, str]:
    """Language and text of an ad, always the same; a copy has another number in it."""
    origin = _origin(number)
    rng = random.Random(origin)
    language, base = corpus[origin % len(corpus)]
    words = [word for _ in range(8) for word in rng.choice(corpus)[1].split()]
    text = exchange(base, words, share=0.35, rng=rng)
    return language, f"{text} {_mail(number) or ''} Ref {number}"


def exchange(text: str, words: Sequence[str], *, share: float, rng: random.Random) -> str:
    """The text with a share of its words, in Chinese of its characters, exchanged."""
    parts = re.split(r"(\s+|(?<=[\u4e00-\u9fff]))", text)
    return "".join(
        rng.choice(words)[:12] if part.strip() and rng.random() < share else part for part in parts
    )


Chunk = tuple[range, list[tuple[str, str]], list[int], NDArray[np.int64]]


def _chunk(numbers: range, corpus: Corpus) -> Chunk:
    made = [_text(number, corpus) for number in numbers]
    shaped = [nearby.form(text) for _, text in made]
    digests = [nearby.digest(form) for form in shaped]
    return numbers, made, digests, np.array(list(map(nearby.bands, shaped)), np.int64)


def _fill(store: Store, corpus: Corpus, count: int, progress: Callable[[str], None]) -> None:
    starts = range(0, count, CHUNK)
    ranges = [range(start, min(count, start + CHUNK)) for start in starts]
    names = [ids.new(datetime.now(UTC)) for _ in range(count)]
    groups = [number // 3 if _mail(number) else -number for number in map(_origin, range(count))]
    first = dict(zip(reversed(groups), reversed(names), strict=True))
    sizes = Counter(groups)
    known: dict[int, int] = {}
    found: list[NDArray[np.int64]] = []
    with ProcessPoolExecutor(2) as pool, store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for numbers, made, digests, of in pool.map(_chunk, ranges, repeat(corpus)):
            rows = []
            for number, (language, _) in zip(numbers, made, strict=True):
                group = groups[number]
                campaign = first[group] if sizes[group] > 1 else None
                rows.append(_ad(number, names[number], language, campaign, sizes[group]))
            new_at = [at for at, digest in enumerate(digests) if digest not in known]
            for at in new_at:
                known.setdefault(digests[at], len(known) + 1)
            form = [known[digest] for digest in digests]
            _load(connection, ads_table, COLUMNS, rows)
            _load(
                connection,
                texts,
                ("seq", "text", "result"),
                ((number + 1, text, "{}") for number, (_, text) in zip(numbers, made, strict=True)),
            )
            _load(
                connection,
                shapes,
                ("seq", "form"),
                ((number + 1, each) for number, each in zip(numbers, form, strict=True)),
            )
            for at in new_at:
                found.append(np.column_stack([of[at], np.full(of.shape[1], form[at])]))
            progress(f"{numbers.stop:,} ads")
        _load(connection, forms, ("id", "digest"), ((id, digest) for digest, id in known.items()))
        pairs = np.unique(np.concatenate(found), axis=0)
        _load(
            connection,
            bands,
            ("band", "form"),
            (tuple(row) for part in np.array_split(pairs, 1_000) for row in part.tolist()),
        )
        named = {first[group]: size for group, size in sizes.items() if size > 1}
        _load(connection, campaigns_table, ("name", "size"), named.items())
        keys = sorted((f"mail:{mail}", n + 1) for n in range(count) if (mail := _mail(n)))
        _load(connection, contacts, ("key", "seq"), keys)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


COLUMNS = (
    *("seq", "id", "key", "received", "source", "sha256", "risk", "nearness", "band"),
    *("language", "found", "model", "status", "assignee", "campaign", "size"),
)


def _ad(number: int, id: str, language: str, campaign: str | None, size: int) -> tuple[Any, ...]:
    risk = random.Random(number).random()
    at = "2026-01-01 00:00:00+00"
    key = f"{number:064}"
    return (
        number + 1,
        id,
        key,
        at,
        "built",
        key,
        risk,
        -abs(risk - 0.5),
        "review",
        language,
        0,
        "none",
        "open",
        "",
        campaign,
        size,
    )


def _load(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Any]
) -> None:
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if table in (ads_table, forms):
            last = f"(SELECT max({columns[0]}) FROM {table.name})"
            sequence = f"pg_get_serial_sequence('{table.name}', '{columns[0]}')"
            cursor.execute(f"SELECT setval({sequence}, {last})")
        return
    marks = ", ".join("?" * len(columns))
    cursor.executemany(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})", rows)


def _kinds(corpus: Corpus, count: int, number: int) -> dict[str, Posted]:
    """An ad of each kind to add; `number` is a seed."""
    rng = random.Random(-number)
    like = rng.randrange(count)
    language, text = _text(like, corpus)
    other, stranger = rng.choice(corpus)
    words = stranger.split()
    return {
        "stranger": Posted(exchange(stranger, text.split(), share=0.5, rng=rng), other, 0, ""),
        "copy": Posted(f"{text} 0 {number}", language, 0, ""),
        "reworded": Posted(exchange(text, words, share=0.15, rng=rng), language, 0, ""),
        "contact": Posted(f"{stranger[:300]} demo{like // 15 * 5}@example.com", other, 0, ""),
        f"copy of {COPIES:,}": Posted(f"{_text(0, corpus)[1]} 0 {number}", corpus[0][0], 0, ""),
    }


def _measured(store: Store, corpus: Corpus, count: int, tied: int) -> Shown:
    times: dict[str, list[float]] = {}
    ties = Counter[str]()
    with store.read() as connection:
        first = connection.scalar(select(func.max(ads_table.c.seq))) or 0
    for number in range(first, first + tied):
        for kind, posted in _kinds(corpus, count, number).items():
            start = time.perf_counter()
            stored = ads.add(store, [new(posted, time.time_ns())])[0]
            added = time.perf_counter()
            kin.of(store, stored)
            times.setdefault(f"add: {kind}", []).append(added - start)
            times.setdefault(f"kin: {kind}", []).append(time.perf_counter() - added)
            ties[f"add: {kind}"] += stored.campaign is not None
            for name, took in _looked(store, stored):
                times.setdefault(f"{name}: {kind}", []).append(took)
    shown = Shown("", "median ms", "95 % ms", "worst ms", "in a campaign", title=f"{count:,} ads")
    for name, each in times.items():
        values = (statistics.median(each), statistics.quantiles(each, n=20)[18], max(each))
        share = f"{ties[name] / tied:.0%}" if name in ties else ""
        shown.add_row(name, *(f"{value * 1000:.1f}" for value in values), share)
    return shown


def _looked(store: Store, ad: Stored) -> Iterator[tuple[str, float]]:
    """How long the pages of campaigns take."""
    start = time.perf_counter()
    page = campaigns.page(store)
    campaigns.page(store, after=page[-1].name)
    yield "two pages of campaigns", time.perf_counter() - start
    start = time.perf_counter()
    copies.of(store, ad)
    yield "near-copies", time.perf_counter() - start
    if ad.campaign is not None:
        start = time.perf_counter()
        campaigns.get(store, ad.campaign)
        campaigns.members(store, ad.campaign)
        yield "campaign", time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
