"""Look up the kin of an ad. Each look-up reads a bounded number of rows, however many there are."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, union_all

from serving.links import nearby
from serving.store.listed import Listed
from serving.store.tables import bands, contacts, forms, shapes, texts

#: A contact in more forms than this ties nothing.
MOST = 30
#: Of the ads with a contact the newest so many are read, of the forms in a band, and of the forms
#: that share most bands.
_ADS, _FORMS, _COMPARED = 500, 200, 100

_IN_BANDS = union_all(
    *(
        select(
            select(bands.c.form)
            .where(bands.c.band == bindparam(f"band{i}"))
            .order_by(bands.c.form.desc())
            .limit(_FORMS)
            .subquery()
        )
        for i in range(nearby.BANDS)
    )
)
_ANY_AD = (
    select(shapes.c.seq)
    .where(shapes.c.form == forms.c.id)
    .order_by(shapes.c.seq)
    .limit(1)
    .scalar_subquery()
)


def alike(connection: Connection, form: str, of: Sequence[int]) -> Mapping[int, float]:
    """An ad of each other form that is alike, with its likeness: those that share most bands."""
    found = connection.scalars(_IN_BANDS, {f"band{i}": band for i, band in enumerate(of)})
    best = [each for each, _ in Counter(found).most_common(_COMPARED)]
    near = select(_ANY_AD.label("seq")).where(forms.c.id.in_(best)).subquery()
    rows = connection.execute(
        select(texts.c.seq, texts.c.text).join(near, near.c.seq == texts.c.seq)
    )
    compared = ((row.seq, nearby.likeness(form, nearby.form(row.text))) for row in rows)
    return {seq: likeness for seq, likeness in compared if likeness}


def of_form(connection: Connection, form: int, *, limit: int) -> Sequence[int]:
    """The newest ads of a form."""
    mine = select(shapes.c.seq).where(shapes.c.form == form)
    return connection.scalars(mine.order_by(shapes.c.seq.desc()).limit(limit)).all()


def tying(connection: Connection, key: str, listed: Listed) -> set[int]:
    """The ads that a contact ties, of the newest: none if it is listed, or in too many texts."""
    if listed.contact(key):
        return set()
    found = with_contact(connection, key)
    return set(found) if len(set(found.values())) <= MOST else set()


def with_contact(connection: Connection, key: str) -> Mapping[int, int]:
    """The newest ads with a contact, each with a number for its form."""
    with_key = select(contacts.c.seq).where(contacts.c.key == key)
    newest = with_key.order_by(contacts.c.seq.desc()).limit(_ADS).subquery()
    form = select(newest.c.seq, shapes.c.form).outerjoin(shapes, shapes.c.seq == newest.c.seq)
    return {row.seq: row.form or -row.seq for row in connection.execute(form)}
