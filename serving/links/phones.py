"""Phone numbers in a folded text, however they are spaced, written as +44… (E.164)."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
)

from serving.links import digits, places
from serving.links.view import View

#: Where a language is spoken by those who recruit, the first countries first.
REGIONS = {
    "ar": ("AE", "SA", "EG", "MA", "LB", "JO", "KW", "QA", "IQ"),
    "en": ("US", "GB", "IE", "AU", "IN", "PH", "NG", "KE", "ZA", "AE", "GH", "UG", "NZ", "SG"),
    "es": ("ES", "MX", "CO", "AR", "PE", "CL", "EC", "VE", "DO", "PY", "BO", "CR"),
    "hi": ("IN", "NP", "AE"),
    "id": ("ID", "MY", "SG", "TW", "HK"),
    "pl": ("PL", "DE", "GB", "NL"),
    "pt": ("BR", "PT", "AO", "MZ"),
    "ru": ("RU", "KZ", "BY", "UZ", "KG", "UA", "MD", "PL", "TR", "DE"),
    "tl": ("PH", "AE", "SA", "HK", "SG"),
    "tr": ("TR", "DE", "CY"),
    "uk": ("UA", "PL", "CZ", "DE", "MD"),
    "zh": ("CN", "TW", "HK", "SG", "MY", "KH", "MM", "PH"),
}
_SHORTEST, _LONGEST = 7, 15
#: Runs of digits that are tried in one text: a hostile one could have many thousands.
_TRIES = 1_000
#: Without a word that announces it, a number with fewer digits is a price or a date.
_SURE = 9
#: A number with its country but without a plus has at least so many.
_WITH_COUNTRY = 11
#: Groups of digits with what may stand between them. A comma parts prices.
_CANDIDATE = re.compile(r"(?<![\w+])(?:\+\s?)?\(?\d+(?:[\s()./_*~·•|\-–—]{1,3}\d+)*(?!\w)")
_GROUP = re.compile(r"\+?\s?\(?\d+")
_CUE = re.compile(
    r"phone|tel|call|mobile|cell|sms|text|whats|\bwa\b|viber|signal|contact|☎|📞|📱|📲|тел|звон|дзвон"
    r"|пиш|ватс|вотс|вайбер|номер|llam|contat|ligue|ligar|zap|movil|celular|fone|dzwon|kontakt|ara"
    r"|hubungi|tawag|电话|手机|联系|电|هاتف|اتصل|واتس|فون|फोन|कॉल|संपर्क"
)
_CUE_REACH = 30
#: Dates, file numbers of a year, ranges, and prices in thousands.
_NO_PHONE = re.compile(
    r"(?:19|20)\d\d[-./].*|\d\d?[-./]\d\d?[-./](?:19|20)?\d\d"
    r"|\d{2,6}\s?[-–—]\s?\d{2,6}|[\d .]+0[ .]?000?\s?[-–—]\s?[\d .]+000?"
    r"|\d{1,3}(?:[ .]\d{3})+[ .]000"
)
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


def find(view: View, *, language: str, region: str | None) -> Iterator[tuple[str, int, int]]:
    """Each number with its start and end in the raw text.

    A number without its country is taken to be of `region`, of the countries that the text names,
    or of those where its language is spoken: the first where such a number exists, mobile numbers
    before others. Where it exists in none it counts only if a word announces a number, and stays
    without a country.
    """
    view = digits.plain(view)
    regions: tuple[str, ...] | None = None
    left = iter(range(_TRIES))
    done = 0
    for match in _CANDIDATE.finditer(view.text):
        if sum(map(str.isdigit, match[0])) < _SHORTEST:
            continue
        if regions is None:
            named = places.named(view.text, language=language)
            first = (region,) if region else ()
            regions = tuple(dict.fromkeys((*first, *named, *REGIONS.get(language, ()))))
        cue = _CUE.search(view.text, max(done, match.start() - _CUE_REACH), match.start())
        done = match.end()
        for value, start, end in _numbers(
            match, partial(e164, regions=regions, cued=cue is not None), left
        ):
            yield value, *view.raw(start, end)


def e164(number: str, regions: Sequence[str] = (), *, cued: bool = True) -> str | None:
    """A number as +<country><number>, or as its digits if it exists in no region; or None."""
    digits = "".join(filter(str.isdigit, number))
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return None
    if number.lstrip().startswith(("+", "00")):
        return _written(_parse("+" + digits.removeprefix("00")))
    if not cued and len(digits) < _SURE:
        return None
    read: list[tuple[str, str | None]] = [(digits, region) for region in regions]
    if len(digits) >= _WITH_COUNTRY:
        read.insert(0 if len(digits) > _WITH_COUNTRY else len(read), ("+" + digits, None))
    possible = [parsed for each in read if (parsed := _parse(*each))]
    real = filter(phonenumbers.is_valid_number, possible)
    best = min(real, key=_rank, default=None)
    if best:
        return _written(best)
    return digits if possible and cued else None


def _numbers(
    candidate: re.Match[str], read: Callable[[str], str | None], left: Iterator[int]
) -> Iterator[tuple[str, int, int]]:
    """The numbers in a run of groups of digits: at each group the longest, while tries are left."""
    if _NO_PHONE.fullmatch(candidate[0]):
        return
    groups = [group.span() for group in _GROUP.finditer(candidate[0])]
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _LONGEST), first, -1):
            start, end = groups[first][0], groups[last - 1][1]
            raw = candidate[0][start:end]
            if next(left, None) is None:
                return
            if not _NO_PHONE.fullmatch(raw) and (value := read(raw)):
                yield value, candidate.start() + start, candidate.start() + end
                first = last - 1
                break
        first += 1


def _parse(number: str, region: str | None = None) -> PhoneNumber | None:
    """The number if there may be such a one, and calling it costs no more than others."""
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    dear = phonenumbers.number_type(parsed) in _DEAR
    return parsed if phonenumbers.is_possible_number(parsed) and not dear else None


def _rank(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) not in _MOBILE


def _written(number: PhoneNumber | None) -> str | None:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None
