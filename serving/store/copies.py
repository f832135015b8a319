"""The near-copies of an ad in its campaign, so that one verdict may be given on all of them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from serving.links import nearby
from serving.store import lookup
from serving.store.decisions import MOST_TOGETHER
from serving.store.engine import Store
from serving.store.tables import ads, forms, shapes
from serving.store.values import Stored


def of(store: Store, ad: Stored) -> Sequence[str]:
    """The ids of ads of the same campaign whose text is nearly the same, `ad` among them.

    Of the others the newest; `decisions.MOST_TOGETHER` in all. None where the text is too short to
    be compared, or alone: ads that only a contact ties may say something else.
    """
    form = nearby.form(ad.text)
    if not form or ad.campaign is None:
        return ()
    with store.read() as connection:
        own = select(forms.c.id).where(forms.c.digest == nearby.digest(form))
        alike = lookup.alike(connection, form, nearby.bands(form))
        theirs = select(shapes.c.form).where(shapes.c.seq.in_(alike))
        of_form = {*connection.scalars(own), *connection.scalars(theirs)}
        which = (
            select(ads.c.id)
            .join(shapes, shapes.c.seq == ads.c.seq)
            .where(shapes.c.form.in_(of_form), ads.c.campaign == ad.campaign, ads.c.id != ad.id)
            .order_by(ads.c.seq.desc())
            .limit(MOST_TOGETHER - 1)
        )
        others = connection.scalars(which).all()
    return [ad.id, *others] if others else ()


def count_open(store: Store, these: Sequence[str]) -> int:
    """How many of some ads are open."""
    which = select(func.count()).where(ads.c.id.in_(these), ads.c.status == "open")
    with store.read() as connection:
        return connection.scalar(which) or 0
