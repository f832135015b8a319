"""The languages that the desk speaks: its words, numbers, dates and names of languages."""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALE = Path(__file__).with_name("locale")
ENGLISH = "en"


@dataclass(frozen=True)
class Tongue:
    """One language: `words` translates, the rest writes figures as people do there."""

    code: str
    words: gettext.NullTranslations

    @cached_property
    def locale(self) -> Locale:
        """Babel's rules for the language."""
        return Locale.parse(self.code)

    @property
    def name(self) -> str:
        """Its own name for itself."""
        return str(self.locale.get_display_name(self.code) or self.code).capitalize()

    def language(self, code: str) -> str:
        """The name of a language; its code if it has none."""
        return str(self.locale.languages.get(code, code))

    def number(self, value: float, form: str = "#,##0") -> str:
        """A number, in a form of CLDR."""
        return format_decimal(value, format=form, locale=self.locale)

    def time(self, at: datetime) -> str:
        """A moment, in UTC."""
        return format_datetime(at.astimezone(UTC), "d MMM y, HH:mm 'UTC'", locale=self.locale)

    def day(self, on: date) -> str:
        """A day."""
        return format_date(on, "d MMM y", locale=self.locale)


def load(folder: Path = LOCALE) -> Mapping[str, Tongue]:
    """Every language that there is a catalogue for, English first, by its code."""
    tongues = {ENGLISH: Tongue(ENGLISH, gettext.NullTranslations())}
    for path in sorted(folder.glob("*.po")):
        tongues[path.stem] = Tongue(path.stem, _translations(path))
    return tongues


def choose(tongues: Mapping[str, Tongue], asked: str | None, accepted: str) -> Tongue:
    """The language asked for, else the first that the browser accepts, else English.

    `accepted` is a header `Accept-Language`, whose order browsers write as the order of liking.
    """
    liked = [part.partition(";")[0].strip().lower()[:2] for part in accepted.split(",")]
    known = (code for code in (asked or "", *liked) if code in tongues)
    return tongues[next(known, ENGLISH)]


def _translations(path: Path) -> gettext.GNUTranslations:
    # Compiled in memory, so that there is no step between editing a catalogue and seeing it.
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.stem))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
