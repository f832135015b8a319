import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import BadData
from training.check import check
from training.likeness import alike

LABELED = Path(__file__).parents[2] / "data" / "labeled"
LURE = "Fly on Monday. [[upfront_fee|Pay 200 euros for the visa first]] and bring a friend along."
HONEST = "Kitchen porter wanted at Casa Luna, Lisbon. 38 hours a week, contract from the first day."


def row(number, **changes):
    deceptive = number % 2 == 1
    return {
        "id": f"en-a-{number:04}",
        "language": "en",
        "label": "deceptive" if deceptive else "legitimate",
        "kind": "ad",
        "channel": "sms",
        "sector": "hospitality",
        "origin": None,
        "destination": "PT",
        "pair": f"en-a-{number + 1 if deceptive else number - 1:04}",
        "hard": False,
        "marked": LURE if deceptive else HONEST,
    } | changes


def without(key):
    return {name: value for name, value in row(2, pair=None).items() if name != key}


def found(folder, rows):
    file = folder / "en.jsonl"
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in rows]
    file.write_bytes(b"\n".join(lines))
    return check([file])


PAIR = [row(1), row(2)]
ALONE = row(1, pair=None)
OTHER = {"pair": None, "marked": "Nurses for a ward in Oslo, licence needed, union pay scale."}


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        pytest.param([b"{", ALONE], 1, "not JSON: .* Write one object", id="not JSON"),
        pytest.param([b'"a"', ALONE], 1, "'a', not an object. Write", id="not an object"),
        pytest.param([b"[" * 99999], 1, "not JSON", id="too deep"),
        pytest.param([ALONE, b"\xff"], 2, "Byte 0 .* not UTF-8. Save", id="not UTF-8"),
        pytest.param([row(2, pair=None, x=1)], 1, "no key 'x'. The keys are id", id="unknown key"),
        pytest.param([without("kind")], 1, "'kind' is missing. Add it", id="missing key"),
        pytest.param([without("id")], 1, "'id' is missing", id="missing id"),
        pytest.param([row(2, pair=None, id=7)], 1, "id is 7. Write a name", id="id"),
        pytest.param([row(1, pair=None, label="bad")], 1, "label is 'bad'. Use one of", id="label"),
        pytest.param([row(1, pair=None, kind=["ad"])], 1, r"kind is \['ad'\]. Use", id="kind"),
        pytest.param([row(1, pair=None, sector="space")], 1, "sector is 'space'", id="sector"),
        pytest.param([row(1, pair=None, language="xx")], 1, "language is 'xx'", id="language"),
        pytest.param([row(1, pair=None, channel="")], 1, "channel is ''. Write", id="channel"),
        pytest.param([row(1, pair=None, origin="Peru")], 1, "origin is 'Peru'", id="country"),
        pytest.param([row(1, pair=None, hard=1)], 1, "hard is 1. Write true or false", id="hard"),
        pytest.param([row(1, pair=3)], 1, "pair is 3. Write the twin's id", id="pair"),
        pytest.param([row(1, pair=None, marked=None)], 1, "marked is None", id="no text"),
        pytest.param([row(2, pair=None, marked=" \n")], 1, "text is empty", id="empty text"),
        pytest.param([row(2, pair=None, marked="a\ud800")], 1, "half of a surr", id="surrogate"),
        pytest.param([row(2, pair=None, marked="[[x|a")], 1, "never closed. Put", id="open mark"),
        pytest.param(
            [row(2, pair=None, marked="[[x|a [[y|b]]]]")], 1, "another mark", id="nested marks"
        ),
        pytest.param(
            [row(1, pair=None, marked="[[upfront_fees|a]]")], 1, "Use upfront_fee", id="indicator"
        ),
        pytest.param([row(1, pair=None, marked="Hi")], 1, "nothing .* is marked", id="no mark"),
        pytest.param([row(2, pair=None), row(2, **OTHER)], 2, "id was used for .*:1", id="same id"),
        pytest.param(
            [row(2, pair=None), row(4, pair=None, marked=f" {HONEST.upper()}\n")],
            2,
            "same as en-a-0002 at en.jsonl:1",
            id="same text",
        ),
        pytest.param([row(1)], 1, "pair en-a-0002 does not exist. Name", id="no such pair"),
        pytest.param([row(1, pair="en-a-0001")], 1, "Let the twins name", id="its own pair"),
        pytest.param([row(1), row(2, pair=None)], 1, "has the pair None. Let", id="not mutual"),
        pytest.param(
            [row(1), row(2, label="deceptive", marked="[[upfront_fee|Pay]] up")],
            1,
            "has the same label",
            id="pair of one label",
        ),
        pytest.param([row(1), row(2, language="es")], 1, "another language", id="two languages"),
        pytest.param(
            [row(1), row(2, marked=LURE.replace("along", "alone"))],
            2,
            r"9\d% the same as en-a-0001 at en.jsonl:1, which has the other label",
            id="nearly the same",
        ),
    ],
)
def test_each_fault_is_found_alone(tmp_path, rows, line, problem):
    (only,) = found(tmp_path, rows)
    assert only.line == line
    assert re.search(problem, f"{only.what} {only.mend}")


def test_a_problem_reads_as_one_line(tmp_path):
    (problem,) = found(tmp_path, [row(2, pair=None, hard=1)])
    assert str(problem).endswith("en.jsonl:1: en-a-0002: hard is 1. Write true or false.")


def test_blank_lines_are_counted_and_passed_over(tmp_path):
    (problem,) = found(tmp_path, [*PAIR, b"", b"  ", b"{"])
    assert problem.line == 5


def test_all_files_are_one_corpus(tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(row(number)), encoding="utf-8")
    assert check([tmp_path]) == []
    (problem,) = check([tmp_path / "1.jsonl"])
    assert "does not exist" in problem.what


def test_a_path_without_rows_is_refused(tmp_path):
    with pytest.raises(BadData, match=r"is no file and no folder of \*\.jsonl"):
        check([tmp_path])


def test_the_corpus_has_no_problems():
    assert [str(problem) for problem in check([LABELED])] == []


_texts = st.lists(st.text("ab ", max_size=14), max_size=6)


@given(_texts, _texts, st.sampled_from([0.3, 0.5, 0.8, 1.0]))
@settings(deadline=None)
def test_alike_finds_what_comparing_all_with_all_finds(left, right, least):
    def pieces(text):
        return {text[start : start + 5] for start in range(max(1, len(text) - 4))}

    def likeness(one, two):
        return len(pieces(one) & pieces(two)) / len(pieces(one) | pieces(two))

    pairs = {(i, j): likeness(a, b) for i, a in enumerate(left) for j, b in enumerate(right)}
    expected = {(*pair, value) for pair, value in pairs.items() if value >= least}
    assert set(alike(left, right, least=least)) == expected
