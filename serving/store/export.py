"""Stored ads with their decisions as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from serving.store import audit, decisions, queue
from serving.store.audit import Entry
from serving.store.decisions import LOCAL
from serving.store.engine import Store
from serving.store.formats.csv_out import CSV
from serving.store.formats.labelstudio import LABEL_STUDIO
from serving.store.formats.lines_out import JSONL, MARKED
from serving.store.formats.misp import MISP
from serving.store.formats.rows import Form, Row
from serving.store.formats.xlsx_out import XLSX
from serving.store.values import Filter

MANY = 500  # ads that are read at a time

#: Every format, by the name that people and programs ask for it by.
FORMS: Mapping[str, Form] = {
    "csv": CSV,
    "xlsx": XLSX,
    "jsonl": JSONL,
    "marked": MARKED,
    "labelstudio": LABEL_STUDIO,
    "misp": MISP,
}


def export(store: Store, where: Filter, form: Form, *, by: str = LOCAL) -> Iterator[bytes]:
    """The ads of a filter in a format, newest first, piece by piece; the audit log tells of it."""
    asked = {name: value for name, value in asdict(where).items() if value is not None}
    if where.text is not None:
        asked["text"] = "words"  # which ones may be somebody's name or number
    with store.write() as connection:
        audit.append(connection, store.clock(), Entry(by, "export", form.name, asked))
    return form.write(_rows(store, where))


def _rows(store: Store, where: Filter) -> Iterator[Row]:
    after = None
    while True:
        page = queue.page(store, where, "newest", after=after, limit=MANY)
        with store.read() as connection:
            made = decisions.of(connection, [ad.id for ad in page.ads])
        standing = {each.ad: each for each in made if each.undone is None}
        yield from ((ad, standing.get(ad.id)) for ad in page.ads)
        after = page.next
        if after is None:
            return
