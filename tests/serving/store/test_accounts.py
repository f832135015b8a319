"""People, sessions and keys, on both databases."""

from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from serving.store import api_keys, passwords, people, sessions
from serving.store.errors import BadQuestion, NotStored
from serving.store.tables import api_keys as keys_table
from serving.store.tables import audit as audit_table
from serving.store.tables import people as people_table
from serving.store.tables import sessions as sessions_table
from serving.store.verify import verify

SECRET = "four words that differ"
OTHER = "five other words that differ"


@pytest.fixture
def boss(store):
    return people.add(store, "boss", SECRET, "admin")


def log(store):
    with store.read() as connection:
        rows = connection.execute(select(audit_table).order_by(audit_table.c.seq)).mappings()
        return [(row["by"], row["action"]) for row in rows]


def test_the_first_person_must_be_an_admin(store):
    assert not people.there_are(store)
    with pytest.raises(BadQuestion, match="first person must be an admin"):
        people.add(store, "ana", SECRET, "analyst")
    assert not people.there_are(store)
    people.add(store, "ana", SECRET, "admin")
    assert people.there_are(store)


@pytest.mark.parametrize(
    ("name", "password", "role", "reason"),
    [
        ("Ana", SECRET, "viewer", "name 'Ana' cannot be"),
        ("a", SECRET, "viewer", "cannot be"),
        ("аna", SECRET, "viewer", "cannot be"),
        ("ana\n", SECRET, "viewer", "cannot be"),
        ("local", SECRET, "viewer", "cannot be"),
        ("key x", SECRET, "viewer", "cannot be"),
        ("boss", SECRET, "viewer", "somebody called boss already"),
        ("ana", "elevenchars", "viewer", "has 11 characters"),
        ("ana", "x" * 201, "viewer", "has 201 characters"),
        ("ana", "ana and more words", "viewer", "easily guessed"),
        ("ana", "abababababab", "viewer", "easily guessed"),
        ("ana", SECRET, "feed", "role is 'feed'"),
        ("ana", SECRET, "", "role is ''"),
    ],
)
@pytest.mark.usefixtures("boss")
def test_who_cannot_be_let_in_is_told_why(store, name, password, role, reason):
    with pytest.raises(BadQuestion, match=reason):
        people.add(store, name, password, role)
    assert [each.name for each in people.every(store)] == ["boss"]


def test_a_password_is_checked_and_never_kept(store, boss):
    assert people.check(store, "boss", SECRET) == boss
    assert people.check(store, "boss", SECRET + "x") is None
    assert people.check(store, "nobody", SECRET) is None
    with store.read() as connection:
        [kept] = connection.scalars(select(people_table.c.password))
    assert kept.startswith("$argon2id$")
    assert SECRET not in kept


def test_a_password_may_be_typed_in_either_normal_form(store):
    people.add(store, "jose", "contrase\u00f1a muy larga", "admin")
    assert people.check(store, "jose", "contrasen\u0303a muy larga")


def test_the_last_admin_stays(store, boss):
    for change in (
        lambda: people.remove(store, boss.id),
        lambda: people.change_role(store, boss.id, "viewer"),
    ):
        with pytest.raises(BadQuestion, match="boss is the last admin"):
            change()
    people.add(store, "ana", SECRET, "admin")
    people.remove(store, boss.id)
    assert [each.name for each in people.every(store)] == ["ana"]


def test_two_admins_who_remove_each_other_leave_one(store, boss):
    ana = people.add(store, "ana", SECRET, "admin")

    def remove(id):
        with suppress(BadQuestion):
            people.remove(store, id)

    threads = [Thread(target=remove, args=(each.id,)) for each in (boss, ana)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(people.every(store)) == 1


def test_a_session_is_known_by_its_hash_alone(store, boss):
    secret = sessions.begin(store, boss)
    assert sessions.of(store, secret) == boss
    assert sessions.of(store, secret[:-1]) is None
    with store.read() as connection:
        [row] = connection.execute(select(sessions_table)).mappings()
    assert secret not in str(dict(row))


def test_a_session_ends(store, boss, monkeypatch):
    ana = people.add(store, "ana", SECRET, "analyst")
    ways = {
        "out": lambda secret: sessions.end(store, secret),
        "password": lambda _: people.change_password(store, ana.id, OTHER),
        "removed": lambda _: people.remove(store, ana.id),
    }
    for end in ways.values():
        secret, other = sessions.begin(store, ana), sessions.begin(store, boss)
        end(secret)
        assert sessions.of(store, secret) is None
        assert sessions.of(store, other) == boss
    monkeypatch.setattr(sessions, "LASTS", timedelta(minutes=2))
    secret = sessions.begin(store, boss)
    assert sessions.of(store, secret) == boss  # the clock of the test moves on with each look
    assert [sessions.of(store, secret) for _ in range(3)][-1] is None


@pytest.mark.usefixtures("boss")
def test_a_role_changes_at_once(store):
    ana = people.add(store, "ana", SECRET, "viewer")
    secret = sessions.begin(store, ana)
    people.change_role(store, ana.id, "analyst", by="boss")
    assert sessions.of(store, secret).role == "analyst"


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(store):
    made, secret = api_keys.add(store, "crawler", "feed", a_minute=60, by="boss")
    assert secret.startswith("lw_")
    assert len(secret) == 46  # 256 bits
    assert api_keys.of(store, secret) == made == api_keys.named(store, "crawler")
    with store.read() as connection:
        [row] = connection.execute(select(keys_table)).mappings()
    assert secret not in str(dict(row))
    with pytest.raises(BadQuestion, match="a key called crawler already"):
        api_keys.add(store, "crawler", "feed")
    api_keys.revoke(store, made.id)
    assert api_keys.of(store, secret) is None
    with pytest.raises(NotStored):
        api_keys.revoke(store, made.id)


@pytest.mark.parametrize(
    ("name", "role", "a_minute"),
    [("A b", "feed", 1), ("ok", "root", 1), ("ok", "feed", 0), ("ok", "feed", 10**7)],
)
def test_a_key_that_cannot_be_is_refused(store, name, role, a_minute):
    with pytest.raises(BadQuestion):
        api_keys.add(store, name, role, a_minute=a_minute)
    assert api_keys.every(store) == []


@pytest.mark.parametrize("change", ["change_role", "change_password", "remove"])
@pytest.mark.usefixtures("boss")
def test_nobody_cannot_be_changed(store, change):
    with pytest.raises(NotStored, match="no person 'x'"):
        getattr(people, change)(
            store, "x", *{"change_role": ["viewer"], "change_password": [OTHER]}.get(change, [])
        )


@pytest.mark.usefixtures("boss")
def test_the_log_tells_of_it_all_and_of_no_secret(store):
    ana = people.add(store, "ana", SECRET, "viewer", by="boss")
    secret = sessions.begin(store, ana)
    sessions.end(store, secret)
    people.change_role(store, ana.id, "analyst", by="boss")
    people.change_password(store, ana.id, OTHER, by="ana")
    people.remove(store, ana.id, by="boss")
    made, key = api_keys.add(store, "crawler", "score", by="boss")
    api_keys.revoke(store, made.id, by="boss")
    assert log(store) == [
        ("local", "person"),
        ("boss", "person"),
        ("ana", "login"),
        ("ana", "logout"),
        ("boss", "role"),
        ("ana", "password"),
        ("boss", "unperson"),
        ("boss", "key"),
        ("boss", "revoke"),
    ]
    assert verify(store).faults == ()
    with store.read() as connection:
        told = str(connection.execute(select(audit_table)).all())
    assert not any(each in told for each in (SECRET, OTHER, secret, key))


def test_no_password_fits_no_hash():
    assert not passwords.fits("", None)
    assert not passwords.fits(SECRET, None)
