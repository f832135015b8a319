import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from model.ad import Ad
from serving.bulk import finds as finding
from serving.bulk.ads import Fields
from serving.bulk.finds import Finds, Summary
from serving.bulk.rows import Row

LURE = (
    "Leave next week, visa and ticket paid. No interview and no contract needed. Passport stays "
    "with madam, first three months salary goes back to the office. Passport stays with madam. "
    "Write to +44 7700 900123 <script>alert(1)</script>"
)


@pytest.fixture
def found(scorer):
    """What is found in `texts`, in batches of two."""

    def found(texts):
        made, fields = Finds(), Fields(("text",), "id")
        for first in range(0, len(texts), 2):
            batch = texts[first : first + 2]
            rows = [Row(first + n, {"id": f"n{n}", "text": text}) for n, text in enumerate(batch)]
            made.add(rows, scorer.score([Ad(text) for text in batch]), fields)
        return made

    return found


def test_units_add_up_to_the_whole(found):
    texts = [LURE, "Care assistant, interview on Tuesday.", LURE.upper(), LURE, f"{LURE} Now."]
    whole, parts = found(texts), Finds()
    for first in (0, 2, 4):
        parts.merge(found(texts[first : first + 2]).dump())
    assert (parts.risks, sum(whole.risks)) == (whole.risks, 5)
    assert (parts.languages, parts.indicators) == (whole.languages, whole.indicators)
    assert parts.contacts.top() == whole.contacts.top() == [("phone:+447700900123", 4)]
    assert [n for _, n in parts.texts.top()] == [3, 1, 1]  # case does not count
    assert parts.phrases.top() == whole.phrases.top() != []
    assert [each["risk"] for each in parts.highest] == [each["risk"] for each in whole.highest]


def test_counts_that_fall_short_say_by_how_much(monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    true, summary = Counter(), Summary()
    for n in range(200):
        batch = Counter({"often": 2, f"{n % 50}": 1})
        true += batch
        summary.add(batch)
    assert 0 < summary.short < 400
    assert summary.top()[0][0] == "often"
    for key, count in summary.counts.items():
        assert true[key] - summary.short <= count <= true[key]


def test_report_asks_for_nothing_and_runs_nothing(score, tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(f'id,text\nfirst,"{LURE}"\nsecond,"{LURE}"\nthird,\n', "utf-8")
    report = tmp_path / "report.html"
    _, heard = score(source, output=tmp_path / "out.csv", report=str(report), id="id", rows=2)
    page = report.read_text("utf-8")
    assert heard.outputs["report"] == str(report)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.findall(r"(?:src|href|url)\s*[=(]", page)
    assert "7700" not in page
    assert "default-src 'none'" in page
    _Balanced().feed(page)
    score(source, output=tmp_path / "out.csv", report=str(report), contacts=True, rows=2)
    assert "+447700900123" in report.read_text("utf-8")


class _Balanced(HTMLParser):
    """Fails for a tag that is not closed."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, _):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
