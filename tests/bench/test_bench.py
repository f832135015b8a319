"""The harness itself, on tiny invented ads; nothing here depends on how long anything takes."""

import gzip
import json

import numpy as np
import pytest
from rich.console import Console

from bench import __main__ as program
from bench import ads, floor, goals, hashing_peers, names, report, sklearn_peers, tables
from bench.labelled import Labelled
from bench.rounds import Contestant, Figure, interleave, single, timed

ROWS = [
    (language, "\n".join(f"{word}{i} {word}{i}x, {word} {i + n}." for n in range(9)))
    for language, word, count in (("en", "work", 60), ("es", "trabajo", 40))
    for i in range(100, 100 + count * 10, 10)
]
LABELLED = Labelled(
    ("visa paid and ticket paid", "office work in the city", "visa and ticket", "work in office"),
    ("en",),
    ("deceptive", "advance_fee"),
    np.array([[1, 1], [0, 0], [1, 0], [0, 1]], dtype=np.bool_),
)


def figure(name, *values):
    return Figure(name, "", "µs/ad", values)


@pytest.fixture(scope="module")
def pipeline():
    return sklearn_peers.Pipeline.fit(sklearn_peers.words(min_df=1), LABELLED)


def test_unseen_ads_keep_size_and_mix():
    found = ads.prepare(ROWS, count=5, rounds=4, size=200)
    texts = [text for each in found.rounds for text in each]
    assert found.mix == {"en": 12, "es": 8}
    assert all(200 - ads.SLACK <= len(text) <= 200 for text in texts)
    assert [sum("trabajo" in text for text in each) for each in found.rounds] == [2, 2, 2, 2]


def test_warm_and_unseen_ads_share_no_paragraph():
    found = ads.prepare(ROWS, count=5, rounds=4, size=200)
    unseen = {line for each in found.rounds for text in each for line in text.split("\n")[1:-1]}
    assert unseen
    assert not unseen & {line for text in found.warm for line in text.split("\n")}


def test_prepare_is_repeatable():
    assert ads.prepare(ROWS, count=5, rounds=2, size=200) == ads.prepare(
        ROWS, count=5, rounds=2, size=200
    )


def test_too_few_ads_are_refused():
    with pytest.raises(ads.TooFew, match="Ask for fewer"):
        ads.prepare(ROWS, count=5_000, rounds=4, size=200)


@pytest.mark.parametrize("count", [1, 7, 500])
def test_many_gives_the_count(count):
    assert len(ads.many(ROWS, count=count, size=200)) == count


def test_every_round_meets_every_contestant_in_turn():
    met = []
    contestants = [
        Contestant(
            name, "", lambda _, texts, name=name: met.append((name, len(texts))) or 1.0, most
        )
        for name, most in (("a", None), ("b", 1))
    ]
    figures = interleave(contestants, ["w"], [["x", "y"], ["z", "q"]])
    assert met == [("a", 2), ("b", 1)] * 2
    assert [each.values for each in figures] == [(1.0, 1.0)] * 2


@pytest.mark.parametrize("measure", [timed(len), single(len)], ids=["timed", "single"])
def test_measures_give_a_time(measure):
    assert measure(["warm"], ["one", "two"]) >= 0


def test_ratios_are_taken_round_by_round():
    assert figure("a", 6, 9).over(figure("b", 2, 1)) == (3, 9)


@pytest.mark.parametrize(
    ("figures", "mark"),
    [
        ([figure(names.SKLEARN, 40, 70), figure(names.OURS, 1, 2)], "aim"),
        ([figure(names.SKLEARN, 20), figure(names.OURS, 1)], "reached"),
        ([figure(names.SKLEARN, 19), figure(names.OURS, 1)], "short"),
        ([figure(names.ALONE, 300)], "aim"),
        ([figure(names.ALONE, 301)], "reached"),
        ([figure(names.ALONE, 1_001)], "short"),
    ],
)
def test_goals_are_judged_by_the_median(figures, mark):
    (verdict,) = goals.judge(figures)
    assert verdict.mark == mark


def test_goals_without_figures_are_left_out():
    assert goals.judge([figure(names.SKLEARN, 1)]) == []


def test_floor_counts_words():
    assert floor.words(["Visa, paid", "", "été 2025!"]) == 4


def test_clean_leaves_no_signs():
    assert hashing_peers.clean("Visa: PAID |a\nnow") == "visa paid now"


def test_places_of_words_and_pairs():
    found = sklearn_peers.places("Visa, paid")
    assert found == {"visa": (0, 4), "paid": (6, 10), "visa paid": (0, 10)}


@pytest.mark.parametrize("rows", [1, 3, 9])
def test_best_are_the_highest(rows):
    shares = np.random.default_rng(0).normal(size=(rows, 4))
    top = np.sort(np.take_along_axis(shares, sklearn_peers.best(shares), axis=0), axis=0)
    assert (top == np.sort(shares, axis=0)[-sklearn_peers.TOP :]).all()


def test_phrases_come_with_the_scores(pipeline):
    texts = ["Visa and ticket paid", "nothing known here"]
    (log_odds, phrases), (_, none) = pipeline.phrases(texts)
    assert np.allclose(log_odds, pipeline.scores(texts)[0])
    assert [len(each) for each in phrases] == [3, 3]
    assert none == [[], []]


def test_report_holds_every_round(tmp_path):
    figures = [figure(names.SKLEARN, 40, 50), figure(names.OURS, 1, 2)]
    report.write(tmp_path / "found.json", {"cores": "2"}, figures)
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found["figures"][0]["rounds"] == [40, 50]
    assert found["goals"][0]["found"] == 32.5


def test_report_shows_ratio_and_mark(capsys):
    figures = [figure(names.SKLEARN, 40), figure(names.OURS, 1)]
    report.show(Console(width=200), {"cores": "2"}, figures)
    shown = capsys.readouterr().out
    assert "✓✓ aim" in shown
    assert "cores 2" in shown


def test_absent_ads_are_said(tmp_path, capsys):
    assert program.main(["--real", str(tmp_path)]) == 0
    assert "Skipped" in capsys.readouterr().out


def test_ads_are_read_from_files(tmp_path):
    line = json.dumps({"id": "1", "language": "en", "text": "Work", "label": "legitimate"})
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(line + "\n")
    assert ads.read(tmp_path) == [("en", "Work")]


def test_every_reader_of_tables_is_measured_on_every_round(tmp_path):
    found = tables.figures(
        ["Work, abroad", "Ищем\nняню"], tmp_path, rounds=2, progress=lambda _: None
    )
    assert [each.name for each in found] == [
        *("csv, cut", "csv, read", "csv, csv.reader", "csv, arrow", "csv, arrow rows"),
        *("jsonl, cut", "jsonl, read", "jsonl, json.loads"),
        *("parquet, read", "parquet, arrow rows"),
    ]
    assert all(len(each.values) == 2 and each.unit == "MB/s" for each in found)
