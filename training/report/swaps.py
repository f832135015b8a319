"""Swap the words for places, peoples and genders in a text, as `swaps.toml` lists them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

#: Vowel signs of Devanagari are no word characters to `re`, and yet a word goes on after them.
_IN_WORD = r"\w\u0900-\u097f"
_UNSPACED = ("zh",)


@dataclass(frozen=True)
class Words:
    """The words of one kind in one language: `forms` of each name, aligned; see `swaps.toml`."""

    language: str
    forms: dict[str, list[str]]
    stems: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    prefix: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the words are forms of."""
        return tuple(self.forms)

    def found(self, text: str) -> list[int]:
        """The numbers of the names of which the text has a form, in order."""
        return [self._entry(match)[0] for match in self._pattern.finditer(text) if match["form"]]

    def swapped(self, text: str, shift: int) -> str:
        """The text with each name become the one `shift` places on, so that two stay two."""

        def put(match: re.Match[str]) -> str:
            if not match["form"]:
                return match[0]
            name, place = self._entry(match)
            target = (name + shift) % len(self.forms)
            if place < 0:
                new = self.stems[target]
            else:
                new = self.forms[self.names[target]][place].partition("|")[0]
            return match["prefix"] + _cased(match["form"], new)

        return self._pattern.sub(put, text)

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, int]]]:
        """Where a form, in lower case, stands: name and place; -1 for a stem."""
        places: dict[str, list[tuple[int, int]]] = {}
        for name, forms in enumerate(self.forms.values()):
            for place, form in enumerate(forms):
                for spelling in form.split("|"):
                    places.setdefault(_key(spelling), []).append((name, place))
        for name, stem in enumerate(self.stems):
            places[_key(stem)] = [(name, -1)]
        return places

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spellings = {s for forms in self.forms.values() for form in forms for s in form.split("|")}
        whole = sorted(spellings, key=lambda each: (-len(each), each))
        before, behind = f"(?<![{_IN_WORD}])", f"(?![{_IN_WORD}])"
        if self.language in _UNSPACED:
            before = behind = ""
        forms = f"(?:{_either(whole)}){behind}"
        if self.stems:
            # In Polish `polski` is an adjective, `Polski` a country: small letters come first.
            stems = rf"(?:{_either(self.stems)})(?=\w)"
            forms = f"(?-i:{stems})|{forms}|{stems}"
        left = f"(?:{_either(self.left)})|" if self.left else ""
        return re.compile(
            f"{left}{before}(?P<prefix>{self.prefix})(?P<form>{forms})", re.IGNORECASE
        )

    def _entry(self, match: re.Match[str]) -> tuple[int, int]:
        places = self._places[_key(match["form"])]
        words = match.string[: match.start()].split()
        return places[-1 if words and words[-1].lower() in self.after else 0]


@lru_cache(maxsize=1)
def load() -> dict[str, dict[str, Words]]:
    """The words by kind (`places`, `gender`) and language."""
    text = Path(__file__).with_name("swaps.toml").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, Words]] = {}
    for language, parts in tomllib.loads(text).items():
        for kind, part in parts.items():
            kinds.setdefault(kind, {})[language] = Words(language, **part)
    return kinds


def variants(words: Words, text: str) -> Iterator[tuple[str, str]]:
    """Each other way to write a text: the name that its first word becomes, and the text."""
    if found := words.found(text):
        for shift in range(1, len(words.forms)):
            yield words.names[(found[0] + shift) % len(words.forms)], words.swapped(text, shift)


def _either(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(map(re.escape, words))


def _key(form: str) -> str:
    return form.lower().replace("\u0307", "")  # the dot that `İ` leaves


def _cased(old: str, new: str) -> str:
    """The new word in capitals, or with a capital, where the old one was."""
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[0].isupper() else new
