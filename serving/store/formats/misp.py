"""MISP event JSON: an event for each campaign, an object for each ad with its text and contacts.

Ads of no campaign share an event. Each is for the importing organisation alone, and nothing in it
goes to detection systems. Ads that were decided legitimate are left out, and contacts of the allow
list: an honest number has no place among threats.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID, uuid4, uuid5

from serving.bulk.output import as_json
from serving.links import contacts
from serving.store.formats.rows import Form, Row
from serving.store.listed import Listed
from serving.store.values import Stored

#: Of the object's form, which is ours: MISP shows it whether it knows the form or not.
TEMPLATE = {
    "name": "recruitment-ad",
    "meta-category": "misc",
    "description": "A recruitment advertisement, its contacts, and what was found in its words.",
    "template_uuid": "83138abd-4595-43f8-9235-fb3ec608e1df",
    "template_version": "1",
}
_CAMPAIGNS = UUID("5d5c2c0e-6a53-4e0c-9b59-0b8a6d5d8f7e")  # in which their names are
_OWN, _INHERITED = "0", "5"  # distribution: your organisation only, as the event's
_UNDEFINED, _INITIAL = "4", "0"  # threat level, analysis
#: Type and category of an attribute, by kind of contact; names on platforms are plain text.
_TYPES = {
    "phone": ("phone-number", "Other"),
    "mail": ("email", "Social network"),
    "bitcoin": ("btc", "Financial fraud"),
    "iban": ("iban", "Financial fraud"),
    "ethereum": ("text", "Financial fraud"),
    "tron": ("text", "Financial fraud"),
}
_TEXT = ("text", "Other")

Part = dict[str, object]


@dataclass(slots=True)
class _Event:
    """An event to be written: its newest ad's day and time, and where its objects lie."""

    uuid: UUID
    campaign: str | None
    day: str
    stamp: str
    objects: list[tuple[int, int]] = field(default_factory=list)


def _write(rows: Iterator[Row]) -> Iterator[bytes]:
    # Ads come by their age. They wait in a file until all of a campaign are there.
    with TemporaryFile() as spool:
        yield b'{"response": '
        events: dict[str | None, _Event] = {}
        for ad in (ad for ad, _ in rows if ad.verdict != "legitimate"):
            event = events.setdefault(ad.campaign, _begun(ad))
            raw = as_json(_object(event.uuid, ad)).encode()
            event.objects.append((spool.tell(), len(raw)))
            spool.write(raw)
        yield from _listed(_event(event, spool) for event in events.values())
        yield b"}\n"


def _begun(newest: Stored) -> _Event:
    name = newest.campaign
    # The same campaign is the same event, which a later export brings up to date.
    uuid = uuid4() if name is None else uuid5(_CAMPAIGNS, name)
    return _Event(uuid, name, newest.received.date().isoformat(), _stamp(newest))


def _event(event: _Event, spool: IO[bytes]) -> Iterator[bytes]:
    told = {
        "uuid": str(event.uuid),
        "info": f"Recruitment ads of the campaign {event.campaign}, read by Lurewatch"
        if event.campaign
        else "Recruitment ads of no campaign, read by Lurewatch",
        "date": event.day,
        "timestamp": event.stamp,
        "threat_level_id": _UNDEFINED,
        "analysis": _INITIAL,
        "distribution": _OWN,
        "published": False,
        "Tag": _tags("tlp:amber+strict"),
        "Attribute": [],
    }
    yield f'{{"Event": {as_json(told).removesuffix("}")}, "Object": '.encode()
    yield from _listed(_again(spool, *place) for place in event.objects)
    yield b"}}"


def _again(spool: IO[bytes], at: int, size: int) -> Iterator[bytes]:
    spool.seek(at)
    yield spool.read(size)


def _listed(items: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """A JSON list, written as its items come."""
    before = b"[\n"
    for item in items:
        yield before
        yield from item
        before = b",\n"
    yield b"[]" if before == b"[\n" else b"\n]"


def _object(event: UUID, ad: Stored) -> Part:
    uuid = uuid5(event, ad.id)
    return {
        **TEMPLATE,
        "uuid": str(uuid),
        "timestamp": _stamp(ad),
        "distribution": _INHERITED,
        "comment": f"Lurewatch {ad.id}",
        "deleted": False,
        "Attribute": [
            {
                "uuid": str(uuid5(uuid, f"{number} {each['object_relation']}")),
                "timestamp": _stamp(ad),
                "to_ids": False,
                "distribution": _INHERITED,
                "deleted": False,
                **each,
            }
            for number, each in enumerate(_attributes(ad))
        ],
    }


def _attributes(ad: Stored) -> Iterator[Part]:
    signs = (f'lurewatch:indicator="{name}"' for name in ad.found)
    verdict = (f'lurewatch:verdict="{ad.verdict}"',) if ad.verdict else ()
    yield {
        **_attribute("text", *_TEXT, ad.text),
        "Tag": _tags(f'lurewatch:band="{ad.band}"', *verdict, *signs),
    }
    yield _attribute("sha256", "sha256", "External analysis", ad.sha256)
    yield _attribute("risk", "float", "Other", f"{ad.risk:.3f}")
    yield _attribute("source", *_TEXT, ad.source)
    if ad.external_id:
        yield _attribute("external-id", *_TEXT, ad.external_id)
    found = contacts.find(ad.text, language=ad.language)
    known = Listed.of(ad.known)
    strangers = (each for each in found if not known.contact(each.key))
    for kind, value in dict.fromkeys((each.kind, each.value) for each in strangers):
        yield _attribute(kind, *_type(kind, value), value)


def _type(kind: str, value: str) -> tuple[str, str]:
    if kind == "link":
        return "url" if "/" in value else "domain", "Network activity"
    return _TYPES.get(kind, ("text", "Social network"))


def _attribute(relation: str, kind: str, category: str, value: str) -> Part:
    correlates = kind not in ("text", "float") or category != "Other"
    return {
        "object_relation": relation,
        "type": kind,
        "category": category,
        "value": value,
        "disable_correlation": not correlates,
    }


def _tags(*names: str) -> list[Mapping[str, str]]:
    return [{"name": name} for name in names]


def _stamp(ad: Stored) -> str:
    return str(int(ad.received.timestamp()))


MISP = Form("application/json", "misp.json", _write)
