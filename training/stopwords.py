"""Which terms are stop words, at which no phrase that an analyst is shown starts or ends."""

from collections.abc import Sequence, Set
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from model import tables
from model.folding import is_ideograph
from model.reading import read

#: Small words that turn a phrase around: "no interview" must not become "interview".
KEPT = {
    "en": ("no", "not", "nor", "none", "only", "must"),
    "es": ("sin", "ni", "nada", "solo"),
    "pt": ("sem", "nem", "não", "só"),
    "ru": ("не", "ни", "без", "нет"),
    "uk": ("ні", "нема"),
}
#: spaCy's longer stop words carry sense (`trabajo`, `anyone`, `ninguna`).
LONGEST = 4


def flags(terms: Sequence[str], languages: Sequence[str]) -> NDArray[np.bool_]:
    """For each term, whether it is a single stop word of one of the languages, shape (terms,)."""
    listed = {word for code in languages for word in _folded(_stop_words(code))}
    stop = {word for word in listed if len(word) <= LONGEST}
    stop -= _folded({word for words in KEPT.values() for word in words})
    return np.array([term in stop for term in terms], dtype=np.bool_)


def _stop_words(code: str) -> frozenset[str]:
    try:
        # The lists alone: a pipeline would take a second a language to build.
        return frozenset(import_module(f"spacy.lang.{code}.stop_words").STOP_WORDS)
    except ModuleNotFoundError:
        return frozenset()


def _folded(words: Set[str]) -> set[str]:
    """The words as a model reads them; an ideograph is often half of a longer word, so none."""
    readings = (read(word, tables.build()) for word in words)
    return {
        tokens[0].text
        for tokens in readings
        if len(tokens) == 1 and not is_ideograph(tokens[0].text[0])
    }
