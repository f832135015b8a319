"""Honest texts around a lure, and a lure inside an honest text, for the attacks."""

import re
from collections import defaultdict
from random import Random

import numpy as np

from training.report.folds import Folds
from training.report.parts import Row, Table

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")


def around(folds: Folds, times: int) -> list[str]:
    """For each text honest ones, together at least so many times as long, if there are as many."""
    pools, padding = _pools(folds), []
    for i, record in enumerate(folds.records):
        pool = [j for j in pools[record.language, int(folds.held.fold[i])] if j != i]
        Random(f"{folds.plan.seed} padding {record.id}").shuffle(pool)
        text = ""
        for j in pool:
            if len(text) >= times * len(record.text):
                break
            text += folds.records[j].text + "\n\n"
        padding.append(text.strip())
    return padding


def one_sentence(folds: Folds) -> Table:
    """Each deceptive text lends a sentence with a mark to an honest ad of its language."""
    pools, texts, alone, of, hosts = _pools(folds), [], [], [], []
    for i, record in enumerate(folds.records):
        pool = pools[record.language, int(folds.held.fold[i])]
        if record.label and record.spans and pool:
            chance = Random(f"{folds.plan.seed} sentence {record.id}")
            span = chance.choice(record.spans)
            lure, host = sentence(record.text, span.start), chance.choice(pool)
            texts.append(inside(lure, folds.records[host].text, chance))
            alone.append(lure)
            of.append(i)
            hosts.append(host)
    rows: list[Row] = []
    for name, scores in (
        ("the honest ads alone", [folds.scores[i] for i in hosts]),
        ("with one lure sentence inside", folds.score(texts, hosts)),
        ("the sentences alone", folds.score(alone, of)),
    ):
        reached = [
            [each.band != "low" for each in scores],
            [each.band == "high" for each in scores],
        ]
        figures = (folds.mean(np.array(each, float), of, share=True) for each in reached)
        rows.append((name, len(of), *figures))
    columns = ("texts", "count", "review or above", "high")
    return Table("One lure sentence inside an honest ad", columns, tuple(rows))


def inside(lure: str, host: str, chance: Random) -> str:
    """The ad with the sentence between two of its own."""
    ends = [match.end() for match in _SENTENCE.finditer(host)] or [len(host)]
    place = chance.choice(ends[:-1] or ends)
    return f"{host[:place]} {lure} {host[place:].lstrip()}"


def sentence(text: str, place: int) -> str:
    """The sentence at a place of the text; the rest of the text where there is none."""
    for match in _SENTENCE.finditer(text):
        if match.end() > place:
            return match[0].strip()
    return text[place:]


def _pools(folds: Folds) -> dict[tuple[str, int], list[int]]:
    """The honest records of each language and fold, which the same model has not seen."""
    pools = defaultdict(list)
    for i, (record, fold) in enumerate(zip(folds.records, folds.held.fold.tolist(), strict=True)):
        if not record.label:
            pools[record.language, fold].append(i)
    return pools
