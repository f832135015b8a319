from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import tables
from model.marks import Span
from model.reading import read
from training.data import Corpus
from training.report import attacks, padding
from training.report.disguises import DISGUISES

TEXT = "Pay the visa fee today, señora: работа за границей, 护照交给我们保管。"


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_touches_that_share_of_the_words(name):
    lines = ["señora", "йод", "12", "José"] * 15  # 45 words
    text = "\n".join(lines)
    for share, count in ((0.05, 2), (0.2, 9), (0.001, 1)):
        made = DISGUISES[name](text, share, Random(0))
        changed = [a != b for a, b in zip(lines, made.split("\n"), strict=True)]
        assert sum(changed) == count
        assert not any(changed[2::4])
        assert (
            made
            == DISGUISES[name](text, share, Random(0))
            != DISGUISES[name](text, share, Random(1))
        )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("look-alike letters", {"рay", "pаy", "paу", "раy", "pау", "рaу", "рау"}),
        (
            "hidden characters",
            {f"p{c}ay" for c in "\u200b\u200c\u2060\u00ad"}
            | {f"pa{c}y" for c in "\u200b\u200c\u2060\u00ad"},
        ),
        ("leetspeak", {"p4y"}),
        ("spaced letters", {"p a y", "p.a.y"}),
        ("typing errors", {"ay", "py", "pa", "ppay", "paay", "payy", "apy", "pya", "pay"}),
        ("accents left out", {"pay"}),
    ],
)
def test_what_a_disguise_makes_of_a_word(name, wanted):
    made = {DISGUISES[name]("pay", 1.0, Random(seed)) for seed in range(200)}
    assert made <= wanted
    assert len(made) == len(wanted)


def test_accents_are_left_out():
    assert DISGUISES["accents left out"]("señora ёж й", 1.0, Random(0)) == "senora еж и"


@given(st.text(), st.sampled_from(sorted(DISGUISES)))
def test_any_text_can_be_disguised(text, name):
    assert isinstance(DISGUISES[name](text, 0.2, Random(0)), str)


def test_hidden_characters_are_read_as_if_they_were_not_there():
    built = tables.build()
    made = DISGUISES["hidden characters"](TEXT, 1.0, Random(0))
    assert [each.text for each in read(made, built)] == [each.text for each in read(TEXT, built)]


def test_padding_is_honest_unseen_and_long_enough(folds):
    pads = padding.around(folds, 3)
    fold = folds.held.fold
    for i in (0, 100, 359):
        record, parts = folds.records[i], pads[i].split("\n\n")
        assert len(pads[i]) >= 3 * len(record.text) - 2
        used = [
            j for j, e in enumerate(folds.records) if not e.label and e.text in pads[i] and j != i
        ]
        assert used
        assert parts
        assert {fold[j] for j in used if len(folds.records[j].text) > 60} == {fold[i]}


def test_a_sentence_with_a_mark_is_put_inside():
    text = "Good pay. You give us your passport! Write now"
    assert padding.sentence(text, text.index("passport")) == "You give us your passport!"
    assert padding.sentence("!!!", 1) == "!!"
    assert padding.inside("LURE!", "One. Two. Three.", Random(1)) in {
        "One. LURE! Two. Three.",
        "One. Two. LURE! Three.",
    }
    assert padding.inside("LURE!", "One", Random(0)) == "One LURE! "


@pytest.fixture(scope="module")
def section(folds):
    return attacks.section(folds, lambda _: None)


def test_padding_loses_more_the_longer_it_is(section):
    rows = {row[0]: row[1:] for row in section.tables[0].rows}
    assert len(rows) == len(DISGUISES) * 3 + 4
    assert rows["padding 3× behind"][0].value >= rows["padding 1× behind"][0].value > 0
    assert rows["hidden characters, 20%"][0].value == pytest.approx(0, abs=0.01)


def test_recall_lost_is_counted_in_points(section, folds):
    reached = np.array([each.band != "low" for each in folds.scores])
    texts = [
        f"{e.text}\n\n{p}" for e, p in zip(folds.records, padding.around(folds, 3), strict=True)
    ]
    after = np.array([s.band != "low" for s in folds.score(texts, range(len(texts)))])
    row = next(row for row in section.tables[0].rows if row[0] == "padding 3× behind")
    lost = reached[folds.truth].mean() - after[folds.truth].mean()
    added = after[~folds.truth].mean() - reached[~folds.truth].mean()
    assert [row[1].value, row[3].value] == pytest.approx([lost, added])


def test_without_honest_texts_to_pad_with_nothing_is_padded(folds):
    alone = tuple(replace(each, language=f"x{i}") for i, each in enumerate(folds.records))
    assert set(padding.around(replace(folds, corpus=Corpus(alone)), 1)) == {""}


def test_marks_say_which_sentence_is_lent(folds):
    first = replace(folds.records[0], spans=(Span(0, 3, ("upfront_fee",)),), label=True)
    table = padding.one_sentence(replace(folds, corpus=Corpus((first, *folds.records[1:]))))
    assert [row[1] for row in table.rows] == [table.rows[0][1]] * 3
