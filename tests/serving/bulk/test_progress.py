import io
import json

from rich.console import Console

from serving.bulk.progress import Json, watching
from serving.bulk.tally import Tally

TALLY = Tally(rows=1200, scored=900, failed=200, rejects=100, bands={"low": 800, "high": 100})


class Clock:
    """Seconds, as the test sets them."""

    now = 0.0

    def __call__(self):
        return self.now


def watched(times, *, begun=0, **options):
    out, clock = io.StringIO(), Clock()
    with watching(Console(file=out, width=160, **options), clock) as watch:
        watch.note("Text column: '[b]\x1b'.")
        watch.begin(Tally(rows=begun))
        for clock.now in times:
            watch.tick(TALLY, 0.5)
    return out.getvalue()


def test_lines_come_now_and_then_where_there_is_no_terminal():
    note, first, second = watched([1.0, 6.0, 7.0, 12.0]).splitlines()
    assert note == "Text column: '[b]<U+001B>'."
    assert first.startswith("50%: 1,200 rows, 200 a second; low 800, review 0, high 100, failed")
    assert first.endswith("failed 200, rejects 100")
    assert second.startswith("50%: 1,200 rows, 100 a second")


def test_bar_moves_on_a_terminal():
    told = watched([2.0], force_terminal=True, _environ={"TERM": "xterm", "NO_COLOR": "1"})
    assert "Text column: '[b]<U+001B>'." in told
    assert "50%" in told
    assert "600 a second" in told


def test_earlier_work_is_said_and_not_counted_as_pace():
    told = watched([6.0], begun=600)
    assert "Going on: 600 rows were done by an earlier run." in told
    assert "1,200 rows, 100 a second" in told


def test_summary_accounts_for_all_rows():
    out = io.StringIO()
    with watching(Console(file=out, width=160), lambda: 1.0) as watch:
        watch.end(TALLY, {"output": "out.csv", "rejects": "out.csv.rejects.jsonl"})
    lines = out.getvalue().splitlines()
    assert lines[1].split() == ["low", "800", "88.9%"]
    assert lines[4].startswith("1,200 rows in = 1,100 rows out + 100 rejects; 200 rows out have no")
    assert lines[5:] == ["Output: out.csv", "Rejects: out.csv.rejects.jsonl"]


def test_programs_get_an_event_a_line():
    out, clock = io.StringIO(), Clock()
    watch = Json(out, clock)
    watch.note("Text column: 'ü'.")
    watch.begin(Tally())
    clock.now = 2.0
    watch.tick(TALLY, 0.5)
    watch.end(TALLY, {"output": "out.csv"})
    note, begin, tick, end = map(json.loads, out.getvalue().splitlines())
    assert note == {"event": "note", "text": "Text column: 'ü'."}
    assert (begin["event"], begin["rows"]) == ("begin", 0)
    assert (tick["event"], tick["rejects"]) == ("progress", 100)
    assert (tick["share"], tick["rate"]) == (0.5, 600)
    assert (end["event"], end["written"], end["output"]) == ("end", 1100, "out.csv")
    assert end["bands"] == {"low": 800, "high": 100}
