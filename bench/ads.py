"""Real ads, glued and cut to one size, in two sets that share no paragraph.

One set is for warming caches up, the other is measured. Both have the real ads' mix of languages.
"""

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

#: The part of the real ads that nothing is measured on.
WARM_SHARE = 0.25
#: A text is cut at white space where there is some in so many characters before its end.
SLACK = 40


class TooFew(ValueError):
    """There are not enough real ads for what is to be measured."""


@dataclass(frozen=True, slots=True)
class Ads:
    """Texts to warm up with, and unseen ones: `rounds` lists with the same mix of languages."""

    warm: tuple[str, ...]
    rounds: tuple[tuple[str, ...], ...]
    mix: Mapping[str, int]  # language -> unseen texts


def read(folder: Path) -> list[tuple[str, str]]:
    """Language and text of every ad in the folder's *.jsonl.gz files."""
    rows = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return [(row["language"], row["text"]) for row in rows]


def prepare(
    rows: Iterable[tuple[str, str]], *, count: int, rounds: int, size: int, seed: int = 0
) -> Ads:
    """`rounds` lists of about `count` unseen texts of `size` characters, and warm-up texts.

    No part of a real ad stands in two unseen texts. Raises `TooFew` where that cannot be.
    """
    rows = list(rows)
    warm_pool, unseen_pool = _halves(rows, random.Random(seed))
    shares = _shares(Counter(language for language, _ in rows), count * rounds)
    warm, unseen = [], []
    for language, wanted in shares.items():
        warm += _cut("\n".join(warm_pool[language]), size)[:wanted]
        texts = _cut("\n".join(unseen_pool[language]), size)
        if len(texts) < wanted:
            raise TooFew(
                f"The real ads make {len(texts)} unseen texts of {size:,} characters in "
                f"{language!r}, {wanted} are wanted. Ask for fewer --ads or --rounds."
            )
        unseen += texts[:wanted]
    random.Random(seed).shuffle(warm)
    return Ads(tuple(warm), tuple(tuple(unseen[i::rounds]) for i in range(rounds)), shares)


def many(rows: Iterable[tuple[str, str]], *, count: int, size: int, seed: int = 0) -> list[str]:
    """Any number of texts of `size` characters, the ads in a new order whenever all were used."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for language, text in rows:
        by_language[language].append(text)
    order = random.Random(seed)
    sizes = {language: len(texts) for language, texts in by_language.items()}
    found: list[str] = []
    for language, wanted in _shares(sizes, count).items():
        texts: list[str] = []
        while len(texts) < wanted:
            order.shuffle(by_language[language])
            more = _cut("\n".join(by_language[language]), size)
            if not more:
                raise TooFew(f"The real ads in {language!r} have fewer than {size:,} characters.")
            texts += more
        found += texts[:wanted]
    order.shuffle(found)
    return found


def _halves(
    rows: list[tuple[str, str]], order: random.Random
) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Ads by language, each paragraph kept only where it stands first."""
    warm: dict[str, list[str]] = defaultdict(list)
    unseen: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for language, text in order.sample(rows, len(rows)):
        new = [line for line in text.splitlines() if line.strip() and line not in seen]
        seen.update(new)
        half = warm if order.random() < WARM_SHARE else unseen
        half[language].append("\n".join(new))
    return warm, unseen


def _shares(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` divided as the counts are, the largest first; it gets what rounding leaves."""
    every = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shares = {name: round(total * count / every) for name, count in ordered}
    shares[ordered[0][0]] += total - sum(shares.values())
    return {name: share for name, share in shares.items() if share}


def _cut(text: str, size: int) -> list[str]:
    """The text in pieces of at most `size` characters; what is left over at its end is dropped."""
    pieces, at = [], 0
    while at + size <= len(text):
        piece = text[at : at + size]
        space = max(piece.rfind(gap, size - SLACK) for gap in " \n")
        end = space + 1 if space > 0 else size
        pieces.append(piece[:end])
        at += end
    return pieces
