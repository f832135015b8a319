"""Every word of the desk is translated, and every translation is of a word that it says."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from model import indicators
from serving.desk import wording
from serving.desk.tongue import LOCALE
from serving.store.values import REASONS

ROOT = Path(__file__).parents[3]
SOURCES = [("serving/desk/**.py", "python"), ("serving/desk/templates/**.html", "jinja2")]
#: Words of other parts that pages show.
TAKEN = (
    *wording.DISGUISES.values(),
    *REASONS.values(),
    *(
        words
        for each in indicators.load()
        for words in (each.title, each.counts, each.does_not_count, each.hard_negatives)
    ),
)
_HOLES = re.compile(r"%\(\w+\)s")


def _said() -> set[object]:
    return {message for _, _, message, _, _ in extract_from_dir(ROOT, SOURCES)} | set(TAKEN)


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*.po")), ids=lambda path: path.stem)
def test_catalogue_is_whole(path):
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    told = {each.id: each for each in catalogue if each.id}
    assert _said() - told.keys() == set()
    assert told.keys() - _said() == set()
    for each in told.values():
        assert not each.fuzzy
        forms = each.string if each.pluralizable else (each.string,)
        holes = set(_HOLES.findall(each.id[-1] if each.pluralizable else each.id))
        assert all(form.strip() and set(_HOLES.findall(form)) == holes for form in forms), each.id
