"""The labelled row as `data/labeled` holds it: its keys, what each may be, and what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model.ad import Ad
from model.errors import BadAd
from model.marks import Marked, MarkError, parse

LABELS = ("deceptive", "legitimate")
KINDS = ("ad", "message", "service", "awareness")
_SECTORS = """
    agriculture construction domestic_work childcare_aupair care_nursing cleaning hospitality
    entertainment_hostess modelling massage_escort online_adult customer_service_online
    crypto_finance it_translation factory_warehouse fishing_maritime transport_delivery nail_beauty
    car_wash charity_collection education_study sports marriage_agency visa_service organ
    mixed_other
"""
SECTORS = tuple(_SECTORS.split())
_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = tuple(_ISO_639_1.split())


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and how to mend it."""

    what: str
    mend: str


def faults(row: Mapping[str, object], indicators: Sequence[str]) -> Iterator[Fault]:
    """Everything that is wrong with one row by itself; `indicators` are the names there are."""
    for key in [key for key in row if key not in _RULES]:
        yield Fault(f"There is no key {key!r}.", f"The keys are {', '.join(_RULES)}.")
    for key, (fits, mend) in _RULES.items():
        if key not in row:
            yield Fault(f"The key {key!r} is missing.", f"Add it. {mend}")
        elif not fits(row[key]):
            yield Fault(f"{key} is {row[key]!r}.", mend)
    if isinstance(row.get("marked"), str):
        yield from _text_faults(row, str(row["marked"]), indicators)


def marked(row: Mapping[str, object]) -> Marked | None:
    """The row's text and spans, or nothing where the marks cannot be read."""
    try:
        return parse(str(row["marked"])) if isinstance(row.get("marked"), str) else None
    except MarkError:
        return None


def _text_faults(
    row: Mapping[str, object], source: str, indicators: Sequence[str]
) -> Iterator[Fault]:
    try:
        read = parse(source)
        Ad(read.text)
    except MarkError as error:
        yield Fault(error.what, error.mend)
        return
    except BadAd as error:
        yield Fault(str(error), "Mend the text or take the row out.")
        return
    for name in dict.fromkeys(name for span in read.spans for name in span.indicators):
        if name not in indicators:
            close = get_close_matches(name, indicators, n=1) or [", ".join(indicators)]
            yield Fault(f"There is no indicator {name!r}.", f"Use {close[0]}.")
    if row.get("label") == "deceptive" and not read.spans:
        yield Fault(
            "The text is labelled deceptive and nothing in it is marked.",
            "Mark a phrase as [[indicator|phrase]], or label it legitimate.",
        )


_Rule = tuple[Callable[[object], bool], str]


def _one_of(values: Sequence[str]) -> _Rule:
    return lambda value: value in values, f"Use one of {', '.join(values)}."


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_country(value: object) -> bool:
    return value is None or (isinstance(value, str) and bool(re.fullmatch("[A-Z]{2}", value)))


_COUNTRY: _Rule = (_is_country, "Use an ISO 3166 code such as PL, or null.")

# In the order in which a row holds its keys.
_RULES: dict[str, _Rule] = {
    "id": (_is_text, "Write a name that no other row has, such as en-a-0001."),
    "language": (lambda value: value in LANGUAGES, "Use an ISO 639-1 code such as en."),
    "label": _one_of(LABELS),
    "kind": _one_of(KINDS),
    "channel": (_is_text, "Write where it was posted, such as telegram."),
    "sector": _one_of(SECTORS),
    "origin": _COUNTRY,
    "destination": _COUNTRY,
    "pair": (lambda value: value is None or _is_text(value), "Write the twin's id, or null."),
    "hard": (lambda value: isinstance(value, bool), "Write true or false."),
    "marked": (lambda value: isinstance(value, str), "Write the text with its marks."),
}
