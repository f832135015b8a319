"""A decision as its form holds it: read from the form, and shown in it again."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from model.errors import LurewatchError
from model.marks import Span
from serving.desk.forms import Form
from serving.desk.view import Moved
from serving.store.errors import BadQuestion
from serving.store.values import Decision, Stored, Verdict


class NoSuchPhrase(LurewatchError):
    """A phrase to mark that does not stand in the text."""

    def __init__(self, phrase: str) -> None:
        super().__init__(f"{phrase!r} does not stand in the text. Copy it from there.")
        self.phrase = phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A phrase to be marked with a sign; `near` is where it was selected, if it was."""

    phrase: str
    sign: str
    near: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form holds: reasons, note, the signs that are right, marks to add and to take.

    `unmarked` are numbers of the result's phrases.
    """

    reasons: tuple[str, ...] = ()
    note: str = ""
    signs: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    unmarked: tuple[int, ...] = ()

    @classmethod
    def start(cls, ad: Stored, moved: Sequence[Moved], history: Sequence[Decision]) -> "Draft":
        """The form of an ad as it is opened: with the decision that stands, if one does."""
        standing = [each.verdict for each in history if each.undone is None]
        if not standing:
            return cls(signs=ad.found)
        last = standing[-1]
        gone = {(span.start, span.end) for span in last.unmarked}
        return cls(
            reasons=last.reasons,
            note=last.note,
            signs=ad.found if last.indicators is None else last.indicators,
            marks=tuple(
                Mark(phrase=ad.text[span.start : span.end], sign=name, near=span.start)
                for span in last.marked
                for name in span.indicators
            ),
            unmarked=tuple(each.number for each in moved if (each.start, each.end) in gone),
        )

    @classmethod
    def read(cls, form: Form) -> "Draft":
        """What was sent."""
        rows = zip(form.all("phrase"), form.all("sign"), form.all("near"), strict=False)
        return cls(
            reasons=form.all("reason"),
            note=form.one("note").strip(),
            signs=form.all("right"),
            marks=tuple(
                Mark(phrase=phrase, sign=sign, near=_number(near))
                for phrase, sign, near in rows
                if phrase.strip()
            ),
            unmarked=tuple(_number(each) for each in form.all("unmark")),
        )

    def check(self, known: Collection[str]) -> None:
        """Raise `BadQuestion` for a sign that is none of these."""
        named = {*self.signs, *(mark.sign for mark in self.marks)}
        for name in sorted(named.difference(known)):
            raise BadQuestion(f"The sign is {name[:40]!r}. Use one that the page offers.")

    def verdict(self, choice: str, ad: Stored, moved: Sequence[Moved]) -> Verdict:
        """The verdict; raises `NoSuchPhrase`, and `BadQuestion` for what is no verdict."""
        kept = set(self.signs) == set(ad.found)
        return Verdict(
            choice=choice,  # type: ignore[arg-type]  # Verdict checks it
            reasons=self.reasons,
            note=self.note,
            indicators=None if kept else self.signs,
            marked=tuple(_joined(_place(ad.text, mark) for mark in self.marks)),
            unmarked=tuple(
                Span(each.start, each.end, each.names)
                for each in moved
                if each.number in self.unmarked
            ),
        )


def _place(text: str, mark: Mark) -> Span:
    """Where a phrase stands, nearest to where it was selected; white space may differ."""
    spaced = re.compile(r"\s+".join(map(re.escape, mark.phrase.split())))
    found = min(spaced.finditer(text), key=lambda each: abs(each.start() - mark.near), default=None)
    if found is None:
        raise NoSuchPhrase(mark.phrase)
    return Span(found.start(), found.end(), (mark.sign,))


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """One span for each place, with all its signs."""
    places: dict[tuple[int, int], dict[str, None]] = {}
    for span in spans:
        places.setdefault((span.start, span.end), {}).update(dict.fromkeys(span.indicators))
    for (start, end), names in sorted(places.items()):
        yield Span(start, end, tuple(names))


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
