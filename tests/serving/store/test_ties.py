from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bench import families, links
from serving.store import ads, kin, lookup
from serving.store.engine import Store
from serving.store.purge import purge
from serving.store.tables import ads as table
from serving.store.tables import bands, contacts, forms
from serving.store.values import Stored
from tests.serving.store.conftest import new
from training.data import Corpus

AD = "Hotel cleaners wanted in the old town, 1,200 EUR a month, room and meals paid. Ask for Rosa."
OTHER = "Welders for a shipyard in the north, paid by the hour, tools and boots given. Ask for Tom."
THIRD = "Nannies needed by two families near the lake, weekends free, contract before travel."
CALL = " Call +1 202-555-0162"


def add(store: Store, *texts: str) -> list[Stored]:
    """Store texts one by one, and see them as they are after the last."""
    added = [ads.add(store, [new(text, external_id=str(i))])[0] for i, text in enumerate(texts)]
    return [ads.get(store, each.id) for each in added]


@pytest.mark.parametrize(
    ("first", "second", "tied"),
    [
        (AD, AD.upper() + " 🔥", True),
        (AD, AD.replace("1,200", "990").replace("Rosa", "Ana"), True),
        (AD, OTHER, False),
        (AD + CALL, OTHER + " WhatsApp (202) 555 0162", True),
        (AD + CALL, OTHER + " Call +1 202-555-0163", False),
        (AD + " @demo_ana", OTHER + " t.me/demo_ana", True),
        ("Work", "Work", False),
        ("Work" + CALL, "Jobs" + CALL, True),
    ],
)
def test_two_ads(store: Store, first: str, second: str, tied: bool) -> None:
    one, other = add(store, first, second)
    assert (one.campaign, one.size) == ((one.id, 2) if tied else (None, 1))
    assert (other.campaign, other.size) == ((one.id, 2) if tied else (None, 1))


def test_ad_that_ties_two_campaigns_makes_one(store: Store) -> None:
    texts = (AD + CALL, AD, OTHER + " @demo_ana", OTHER, AD, THIRD + CALL + " or @demo_ana")
    found = add(store, *texts)
    assert {(each.campaign, each.size) for each in found} == {(found[0].id, 6)}


def test_batch_ties_like_one_by_one(store: Store) -> None:
    made = [new(text) for text in (AD, OTHER, AD + " !", THIRD)]
    ads.add(store, made)
    again = ads.add(store, made)
    assert [each.size for each in again] == [2, 1, 2, 1]


def test_size_of_a_large_campaign_is_given_in_thousands(store: Store) -> None:
    first, _ = add(store, AD, AD)
    with store.write() as connection:
        row = dict(connection.execute(select(table)).mappings().first())
        more = [{**row, "seq": 9_000 + n, "id": str(n), "key": str(n)} for n in range(1_203)]
        connection.execute(table.insert(), more)
    (last,) = ads.add(store, [new(AD, external_id="last")])
    assert (last.campaign, last.size, ads.get(store, first.id).size) == (first.id, 1_000, 1_000)


def test_contact_in_too_many_texts_ties_no_more(store: Store, corpus: Corpus) -> None:
    texts = [record.text[:300] for record in corpus.records[: 2 * lookup.MOST : 2]]
    tied = add(store, *(text + CALL for text in texts))
    assert {each.size for each in tied} == {lookup.MOST}
    apart = add(store, *(text + CALL for text in texts), AD + CALL, AD + "!")
    assert [each.size for each in apart] == [1] * lookup.MOST + [2, 2]


def test_purge_takes_ads_out_of_campaigns_and_forgets_their_forms(store: Store) -> None:
    _, other = add(store, AD + CALL, AD)
    assert purge(store, before=other.received) == 1
    with store.read() as connection:
        (left,) = ads.find(connection, table.c.size > 0, store.clock()).values()
        assert (left.campaign, left.size, count(connection, contacts)) == (None, 1, 0)
        assert (count(connection, forms), count(connection, bands)) == (1, 32)
    purge(store, before=other.received + timedelta(minutes=1))
    with store.read() as connection:
        assert (count(connection, forms), count(connection, bands)) == (0, 0)


def test_kin(store: Store) -> None:
    found = add(store, AD + CALL, AD + CALL, AD.replace("Rosa", "Ana"), OTHER + CALL, THIRD)
    shown = kin.of(store, found[0])
    assert [(contact.value, others) for contact, others in shown.contacts] == [("+12025550162", 2)]
    assert [each.ad.id for each in shown.relatives] == [found[i].id for i in (1, 2, 3)]
    copy, near, sharing = shown.relatives
    assert (copy.likeness, sharing.likeness, near.contacts) == (1, 0, ())
    assert 0.7 < near.likeness < 1
    assert [contact.value for contact in sharing.contacts] == ["+12025550162"]
    assert kin.of(store, found[4]) == kin.Kin((), ())


def test_pairs_of_built_families(corpus: Corpus) -> None:
    texts = [(record.language, record.text) for record in corpus.records]
    posted = families.build(texts, families=36)
    precision, recall = links.measure(posted, links.ours(posted))
    assert precision >= 0.95
    assert recall >= 0.90


def count(connection, table) -> int:
    return connection.scalar(select(func.count()).select_from(table))
