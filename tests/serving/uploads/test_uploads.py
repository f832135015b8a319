import gzip
import json

import pytest
from sqlalchemy import select

from serving.bulk import limits
from serving.store import queue
from serving.store.tables import audit
from serving.store.values import Filter
from serving.uploads import receive

BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
BROKEN = (
    b"id,text,lang\n"
    b'a,"We keep your passport, you pay the ticket later",en\n'
    b'b,"never closed,en\n'
    b"c,,en\n"
    b"d,Cook wanted for the season,en\n"
    b"e,Cook wanted for the season,en\n"
)


def ads(store):
    return queue.page(store, Filter(), "newest", limit=500).ads


@BOTH
@pytest.mark.usefixtures("workers")
def test_rows_go_to_the_queue_or_to_the_rejects(sender, store):
    done = sender.run("ads.csv", BROKEN, id="id", source="board")
    assert (done["status"], done["progress"]["rows"]) == ("done", 5)
    rejects = sender.rejects(done)
    assert [each["number"] for each in rejects] == [3, 4]
    assert {each["input"] for each in rejects} == {"ads.csv"}
    assert sorted((ad.source, ad.external_id) for ad in ads(store)) == [
        ("board", "a"),
        ("board", "d"),
        ("board", "e"),
    ]
    assert done["progress"]["scored"] + done["progress"]["rejects"] == 5


@pytest.mark.usefixtures("workers")
def test_the_same_file_again_adds_nothing(sender, store):
    for _ in range(2):
        done = sender.run("ads.csv", BROKEN)
        assert done["progress"]["scored"] == 3
    assert sorted(ad.external_id for ad in ads(store)) == ["2", "5", "6"]


@pytest.mark.parametrize("to", ["csv", "jsonl", "parquet", "xlsx"])
@pytest.mark.usefixtures("workers")
def test_rows_come_back_as_a_file(sender, store, to):
    done = sender.run("ads.jsonl", b'{"text": "Cook wanted"}\n{"text": ""}\nno\n', to=to)
    assert done["progress"]["rows"] == 3
    assert (done["progress"]["scored"], done["progress"]["failed"]) == (1, 1)
    answer = sender.take(done, "result")
    assert f'filename="ads.scored.{to}"' in answer.headers["content-disposition"]
    again = sender.run(f"again.{to}", answer.content, to="jsonl", text=["text"])
    first = sender.take(again, "result").text.splitlines()[0]
    assert json.loads(first)["text"] == "Cook wanted"
    assert ads(store) == ()


@pytest.mark.parametrize("name", ["ads.csv", "ads.csv.gz", "ads.xlsx"])
@pytest.mark.usefixtures("workers")
def test_columns_are_shown_and_guessed(sender, name):
    body = BROKEN
    if name.endswith(".gz"):
        body = gzip.compress(body)
    if name.endswith(".xlsx"):
        body = sender.take(sender.run("ads.csv", body, to="xlsx"), "result").content
    sent = sender.send(name, body)
    sender.wait(sent)
    seen = sender.take(sent, "columns").json()
    assert seen["columns"][:3] == ["id", "text", "lang"]
    assert seen["guess"] == ["text"]
    assert seen["rows"][0][:2] == ["a", "We keep your passport, you pay the ticket later"]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("bomb.csv.gz", gzip.compress(b"text\n" + b"a" * 3_000_000), "bomb.csv.gz unpacks to more"),
        ("ads.csv", b"PK\x03\x04" + bytes(100), "ads.csv is an Excel or ZIP file"),
        ("ads.parquet", b"PAR1" + bytes(100), "ads.parquet"),
        ("ads.xlsx", b"nothing of the kind", "ads.xlsx"),
        ("ads.csv.zst", b"nothing of the kind", "ads.csv.zst is damaged"),
    ],
)
@pytest.mark.usefixtures("workers")
def test_what_cannot_be_read_says_why(sender, monkeypatch, tmp_path, name, body, said):
    tight = limits.Limits(free=1000, ratio=20)
    monkeypatch.setattr("serving.bulk.unpack.unpack.__kwdefaults__", {"limits": tight})
    sent = sender.send(name, body)
    failed = sender.wait(sent)
    assert failed["status"] == "failed"
    assert said in failed["error"]
    assert str(tmp_path) not in failed["error"]
    assert sender.take(sent, "columns").status_code == 422
    assert sender.start(sent).status_code == 422


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\temp\\ads.csv", "ads.csv"),
        ("a\nb\u202e.csv", "ab.csv"),
        ("/", "upload"),
        ("..", ".."),
    ],
)
def test_a_name_is_a_label_and_never_a_path(sender, settings, name, label):
    sent = sender.send(name, b"text\nCook\n", format="csv")
    assert sent["name"] == label
    [file] = [each for each in settings.data.rglob("*") if each.is_file()]
    assert file.relative_to(settings.data).parts == ("uploads", sent["id"], "input.csv")
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ({"name": "ads.csv"}, b"", 422),
        ({"name": "ads.doc"}, b"text", 422),
        ({"name": "ads"}, b"text", 422),
        ({}, b"text", 422),
        ({"name": "ads.csv"}, b"x" * 200, 413),
        ({"name": "ads", "format": "csv"}, b"text", 200),
    ],
)
def test_what_is_no_upload_leaves_nothing(keeper, settings, monkeypatch, query, body, status):
    monkeypatch.setattr(receive, "MAX_FILE", 100)
    assert keeper.post("/v1/uploads", params=query, content=body).status_code == status
    kept = list(settings.data.rglob("input*"))
    assert len(kept) == (status == 200)
    assert len(keeper.get("/v1/uploads").json()["uploads"]) == (status == 200)


def test_without_room_for_a_file_nothing_is_kept(sender, settings):
    settings.data.write_text("not a folder")
    answer = sender.send("ads.csv", BROKEN)
    assert answer.status_code == 507
    assert sender.http.get("/v1/uploads").json()["uploads"] == []


@pytest.mark.parametrize(
    "wanted",
    [{"text": ["none"]}, {"id": "none"}, {"to": "doc"}, {"source": ""}, {"more": 1}],
)
@pytest.mark.usefixtures("workers")
def test_a_start_that_does_not_fit_is_refused(sender, wanted):
    sent = sender.send("ads.csv", BROKEN)
    sender.wait(sent)
    assert sender.start(sent, **wanted).status_code == 422
    assert sender.look(sent)["status"] == "ready"


def test_what_is_worked_on_is_neither_started_nor_deleted(sender):
    sent = sender.send("ads.csv", BROKEN)  # nobody looks at it
    assert sender.start(sent).status_code == 409
    assert sender.take(sent, "columns").status_code == 409
    assert sender.http.delete(f"/v1/uploads/{sent['id']}").status_code == 409
    assert sender.http.post(f"/v1/uploads/{sent['id']}/cancel").json()["status"] == "cancelled"
    assert sender.http.delete(f"/v1/uploads/{sent['id']}").status_code == 200
    assert sender.take(sent, "result").status_code == 404


@pytest.mark.usefixtures("workers")
def test_a_deleted_upload_leaves_no_file_and_all_is_in_the_log(sender, store, settings):
    done = sender.run("ads.csv", BROKEN)
    assert sender.take(done, "result").status_code == 404
    sender.take(done, "rejects")
    sender.http.delete(f"/v1/uploads/{done['id']}")
    assert list((settings.data / "uploads").iterdir()) == []
    with store.read() as connection:
        told = connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.seq))
        assert [tuple(each) for each in told] == [
            (action, done["id"]) for action in ("upload", "start", "download", "delete")
        ]


@pytest.mark.usefixtures("workers")
def test_it_may_be_scored_again_in_another_way(sender, store):
    done = sender.run("ads.csv", BROKEN, to="csv")
    assert sender.start(done, source="other").status_code == 200
    again = sender.wait(done)
    assert (again["to"], again["progress"]["scored"]) == ("queue", 3)
    assert sender.take(again, "result").status_code == 404
    assert {ad.source for ad in ads(store)} == {"other"}


def test_lists_go_on(sender):
    sent = [sender.send("ads.csv", BROKEN)["id"] for _ in range(5)]
    found, after = [], {}
    while after is not None:
        page = sender.http.get("/v1/uploads", params={"limit": 2, **after}).json()
        found += [each["id"] for each in page["uploads"]]
        after = page["next"] and {"after": page["next"]}
    assert sorted(found) == sorted(sent)
