"""The countries that a text names, by their names and those of their great cities.

The names are those of the Unicode CLDR, as Babel carries them.
"""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global

from model.folding import fold_char

LANGUAGES = frozenset({"ar", "en", "es", "fil", "hi", "id", "pl", "pt", "ru", "tr", "uk", "zh"})
#: The most words or ideographs of a name.
_WORDS = 4
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]+")
#: Letters at the end of a name that change with its case.
_ENDINGS = {"ru": "аеийоуыьюя", "uk": "аеиійоуьюя", "pl": "aeiouy"}


def named(folded: str, *, language: str) -> tuple[str, ...]:
    """Countries (ISO 3166) named in a folded text, in its language or English, in their order."""
    words = _WORD.findall(folded)
    runs = ("".join(words[i : i + n]) for i in range(len(words)) for n in range(_WORDS, 0, -1))
    known = [each for each in dict.fromkeys((language, "en")) if each in LANGUAGES]
    found = (_countries(each).get(_stem(run, each)) for run in runs for each in known)
    return tuple(dict.fromkeys(country for country in found if country))


@cache
def _countries(language: str) -> dict[str, str]:
    names = (("".join(map(fold_char, name)), code) for name, code in _names(language))
    return {
        _stem("".join(_WORD.findall(name)), language): code
        for name, code in names
        if len(name) > 3 or not name.isascii()  # "Mac", "Sal" and the like are words
    }


def _names(language: str) -> Iterator[tuple[str, str]]:
    locale = Locale.parse(language)
    for zone, code in get_global("zone_territories").items():
        city = zone.rpartition("/")[2].replace("_", " ")
        yield locale.time_zones.get(zone, {}).get("city", city), code
    yield from ((name, code) for code, name in locale.territories.items() if code.isalpha())


def _stem(name: str, language: str) -> str:
    return name.rstrip(_ENDINGS.get(language, "")) or name
