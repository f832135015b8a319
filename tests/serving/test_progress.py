import io

import pytest
from rich.console import Console

from serving.progress import so_far, summary, watching
from serving.score_file import Tally

TALLY = Tally(rows=1200, scored=1000, failed=200, bands={"low": 900, "high": 100})


def watched(ticks, *, quiet=False, **options):
    out, times = io.StringIO(), iter([0.0, *(time for time in ticks)])
    console = Console(file=out, width=120, **options)
    with watching(console, lambda: next(times), quiet=quiet) as watch:
        watch.note("Text column: '[b]\x1b'.")
        for _ in ticks:
            watch.tick(TALLY, 0.5)
    return out.getvalue()


def test_lines_come_now_and_then_where_there_is_no_terminal():
    note, first, second = watched([1.0, 6.0, 7.0, 12.0]).splitlines()
    assert note == "Text column: '[b]<U+001B>'."
    assert first == "50%: 1,200 rows, 200 a second; low 900, review 0, high 100, failed 200"
    assert second.startswith("50%: 1,200 rows, 100 a second")


def test_bar_moves_on_a_terminal():
    text = watched([1.0, 2.0], force_terminal=True, _environ={"TERM": "xterm", "NO_COLOR": "1"})
    assert "Text column: '[b]<U+001B>'." in text
    assert "50%" in text
    assert "600 a second" in text


def test_quiet_says_nothing():
    assert watched([6.0], quiet=True) == ""


def test_no_time_is_no_rate():
    assert so_far(TALLY, 0.0).startswith("1,200 rows, 0 a second;")


@pytest.mark.parametrize(
    "line",
    [
        "low     900  90.0%",
        "review    0   0.0%",
        "high    100  10.0%",
        "1,200 rows in, 1,200 rows out, 200 failed, 2.5 s. Written to out.csv.",
    ],
)
def test_summary_is_a_table_of_bands(line):
    out = io.StringIO()
    summary(Console(file=out, width=100), TALLY, 2.5, "out.csv")
    assert line in [each.rstrip() for each in out.getvalue().splitlines()]
