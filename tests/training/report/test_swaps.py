import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.report import counterfactuals, swaps

KINDS = swaps.load()
EVERY = [
    pytest.param(words, id=f"{kind} {words.language}")
    for kind in KINDS
    for words in KINDS[kind].values()
]


@pytest.mark.parametrize("words", EVERY)
def test_the_forms_of_all_names_stand_at_the_same_places(words):
    assert len({len(forms) for forms in words.forms.values()}) == 1
    assert not words.stems or len(words.stems) == len(words.forms)
    assert len(words.forms) > 1


def test_twelve_languages_have_fourteen_countries_and_two_genders():
    assert {kind: len(words) for kind, words in KINDS.items()} == {"places": 12, "gender": 12}
    names = {tuple(words.forms) for words in KINDS["places"].values()}
    assert len(names) == 1
    assert len(*names) == 14


@pytest.mark.parametrize(
    ("kind", "language", "text", "shift", "wanted"),
    [
        ("places", "en", "From Ukraine to Poland.", 1, "From Poland to Germany."),
        ("places", "en", "UKRAINIANS, filipino", 1, "POLES, Indian"),
        ("places", "en", "in the Philippines", 9, "in Ukraine"),
        ("places", "en", "Chinatown, Polishing, Spain's", 1, "Chinatown, Polishing, Turkey's"),
        ("places", "ru", "в Польше, из Польши", 1, "в Германии, из Германии"),
        ("places", "ru", "в Китай", 8, "в Германию"),
        ("places", "ru", "Китай ждёт", 8, "Германия ждёт"),
        ("places", "ru", "Украинский паспорт, польскими", 1, "Польский паспорт, немецкими"),
        ("places", "pl", "język polski w Polsce", 1, "język niemiecki w Niemczech"),
        ("places", "zh", "去菲律宾，不去印度尼西亚", 1, "去印度，不去印度尼西亚"),
        ("places", "ar", "من الفلبين والهند", 2, "من فيتنام والصين"),
        ("places", "hi", "भारतीय, भारत", 1, "वियतनामी, वियतनाम"),
        ("places", "tr", "Almanya'da", 1, "İspanya'da"),
        ("gender", "en", "She and her BOYS", 1, "He and his GIRLS"),
        ("gender", "es", "Buscamos una chica", 1, "Buscamos un chico"),
        ("gender", "ru", "девушкам и мужчинам", 1, "парням и женщинам"),
        ("gender", "zh", "男女不限，女生优先", 1, "男女不限，男生优先"),
        ("gender", "hi", "महिलाओं", 1, "पुरुषों"),
    ],
)
def test_swaps(kind, language, text, shift, wanted):
    assert KINDS[kind][language].swapped(text, shift) == wanted


@pytest.mark.parametrize("words", EVERY)
def test_every_first_form_is_found_and_becomes_another(words):
    for number, name in enumerate(words.forms):
        first = words.forms[name][0].partition("|")[0]
        assert words.found(first) == [number]
        assert words.swapped(first, 1) != first


@given(st.text(), st.integers(0, 3))
def test_nothing_but_the_words_is_touched(text, shift):
    words = KINDS["places"]["en"]
    assert words.swapped(text, 0).lower() == text.lower() or words.found(text)
    marked = f"{re.sub('[A-Za-z]', '.', text)} Kenya"
    assert words.swapped(marked, shift).startswith(marked.removesuffix("Kenya"))


def test_variants_are_all_other_names_by_the_first_word():
    made = dict(swaps.variants(KINDS["places"]["en"], "Kenya or Spain"))
    assert len(made) == 13
    assert made["Morocco"] == "Morocco or Turkey"
    assert list(swaps.variants(KINDS["places"]["en"], "Paris")) == []


def test_changes_are_those_of_the_models_that_have_not_seen_the_text(folds):
    variants = counterfactuals.measured(folds, "gender")
    assert variants
    for each in variants[:5]:
        assert each.change == each.score.risk - folds.scores[each.of].risk
        assert each.text != folds.records[each.of].text
    (table, by_name) = counterfactuals.section(folds).tables[2:]
    texts, count, mean, _, largest, _ = table.rows[0][1:]
    assert (texts, count) == (len({each.of for each in variants}), len(variants))
    assert 0 < mean.value < largest.value == max(abs(each.change) for each in variants)
    assert sum(row[1] for row in by_name.rows) == count
