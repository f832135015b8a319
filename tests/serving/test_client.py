"""The client against a real service, over a real socket."""

import json
import socket
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import pytest
import uvicorn

from model.ad import MAX_CHARS
from model.marks import Span
from serving import client as clients
from serving.client import Client, Filter, KeepIn, ServiceError, Verdict
from serving.keys import Keys
from serving.server import configure, listen
from serving.settings import Settings

TEXTS = ["We keep your passport, pay the ticket back. 🌴", "Cook in Vigo, contract, 40 hours."]
KEY = "a-key-of-sixteen-or-more"


@contextmanager
def running(scorer, settings, store=None):
    """The address of a service that runs until the end of the block."""
    server = uvicorn.Server(configure(scorer, settings, store))
    with listen("127.0.0.1", 0) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 10
        while not server.started and monotonic() < until:
            sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def service(scorer, store):
    """A client of a service that keeps ads."""
    with running(scorer, Settings(port=0), store) as url, Client(url) as client:
        yield client


@contextmanager
def answering(*answers):
    """The address of a server that gives these answers, and what it was asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work():
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    asked.append(_request(connection))
                    connection.sendall(answer)

        thread = Thread(target=work)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        thread.join()


def _request(connection):
    """A whole request: head and body may come one after the other."""
    with connection.makefile("rb") as sent:
        head = list(iter(sent.readline, b"\r\n"))
        sizes = [int(line.split()[1]) for line in head if line.lower().startswith(b"content-len")]
        return b"".join(head) + sent.read(sum(sizes))


def answer(status, body=b"", *headers):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def test_score(service, scorer):
    told = service.score(TEXTS[0])
    assert told.model == scorer.version
    assert [each.text for each in told.phrases] == [
        TEXTS[0][each.start : each.end] for each in told.phrases
    ]


@pytest.mark.parametrize("count", [0, 1, clients.BATCH + 1])
def test_any_number_of_texts(service, count):
    told = list(service.score_many(TEXTS[n % 2] for n in range(count)))
    risks = [service.score(text).risk for text in TEXTS]
    assert [each.risk for each in told] == [risks[n % 2] for n in range(count)]


def test_long_texts_go_in_several_bodies(service):
    assert len(list(service.score_many(["招聘" * (MAX_CHARS // 2)] * 8))) == 8


def test_keep_list_decide_and_undo(service, monkeypatch):
    monkeypatch.setattr(clients, "PAGE", 1)
    kept = service.keep(KeepIn(text=text, source="board") for text in TEXTS)
    assert [each.text for each in kept] == TEXTS
    assert service.keep([KeepIn(text=TEXTS[0], source="board")]) == kept[:1]
    assert list(service.ads()) == kept[::-1]
    assert list(service.ads(Filter(text="passport"))) == kept[:1]
    marked = (Span(0, 21, ("document_retention",)),)
    verdict = Verdict(choice="deceptive", reasons=("words",), note="n", marked=marked)
    made = service.decide(kept[0].id, verdict)
    assert (made.choice, made.reasons, made.note) == ("deceptive", ["words"], "n")
    assert [(each.start, each.end) for each in made.marked] == [(0, 21)]
    assert service.ad(kept[0].id).verdict == "deceptive"
    queue = service.queue(Filter(status="open"))
    assert ([each.id for each in queue.ads], queue.next) == ([kept[1].id], None)
    assert queue.counts["status"] == {"open": 1, "decided": 1}
    assert service.undo(kept[0].id).undone


def test_campaigns_are_decided_together(service, monkeypatch):
    monkeypatch.setattr(clients, "PAGE", 1)
    texts = [f"Cleaners wanted in {place}, room and meals paid." for place in ("Vigo", "Lugo")]
    others = [
        f"Welders for the yard of {place}, paid by the hour." for place in ("Nantes", "Brest")
    ]
    ads = service.keep(KeepIn(text=text) for text in (*texts, *others))
    first, second = service.campaigns()
    assert {first.size, second.size} == {2}
    name = service.ad(ads[0].id).campaign
    assert service.campaign(name).open == 2
    made = service.decide_together(name, Verdict(choice="deceptive", reasons=("copy",)))
    assert {each.choice for each in made.decisions} == {"deceptive"}
    assert service.undo_together(name, made.at).undone == 2
    made = service.decide_together(name, Verdict(choice="unsure"), [ads[1].id])
    assert len(made.decisions) == 1
    assert service.assign(ads[0].id, "local").assignee == "local"
    assert service.assign(ads[0].id, None).assignee is None


def test_export_is_a_whole_file(service, tmp_path):
    [kept, _] = service.keep(KeepIn(text=text) for text in TEXTS)
    service.export(tmp_path / "ads.jsonl", "jsonl", Filter(text="passport"))
    [line] = (tmp_path / "ads.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["id"] == kept.id
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


@pytest.mark.parametrize(
    ("ask", "status", "said"),
    [
        (lambda client: client.score(" "), 422, "body.text: The text is empty."),
        (lambda client: client.ad("nowhere?"), 404, "There is no ad 'nowhere?'"),
        (lambda client: client.undo("x" * 50), 404, "There is no ad"),
        (lambda client: client.queue(limit=0), 422, "query.limit"),
    ],
    ids=["score", "ad", "undo", "queue"],
)
def test_what_is_refused_is_one_error(service, ask, status, said):
    with pytest.raises(ServiceError) as refused:
        ask(service)
    assert refused.value.status == status
    assert said in str(refused.value)


def test_a_key_opens(scorer):
    settings = Settings(port=0, keys=Keys.of([KEY]))
    with running(scorer, settings) as url:
        with Client(url, key=KEY) as client:
            assert client.score(TEXTS[0]).model == scorer.version
        with Client(url) as client, pytest.raises(ServiceError, match="A key is needed"):
            client.score(TEXTS[0])


BUSY = answer("503 Service Unavailable", b"", "Retry-After: 7")
LIMITED = answer("429 Too Many Requests")


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([BUSY], [7]),
        ([LIMITED, LIMITED], [0.5, 1]),
        ([answer("503 Service Unavailable", b"", "Retry-After: 99999")], [60]),
        ([answer("503 Service Unavailable", b"", "Retry-After: Fri, 1 Jan 2027")], [0.5]),
    ],
    ids=["as told", "ever later", "not for ever", "a date"],
)
def test_a_busy_service_is_asked_again(keeper, answers, waits):
    good = answer("200 OK", keeper.post("/v1/score", json={"text": TEXTS[0]}).content)
    slept = []
    with answering(*answers, good) as (url, asked), Client(url, wait=slept.append) as client:
        assert client.score(TEXTS[0]).phrases
    assert slept == waits
    assert len(set(asked)) == 1


def test_it_gives_up_in_the_end():
    slept = []
    with (
        answering(BUSY, BUSY, BUSY) as (url, _),
        Client(url, tries=3, wait=slept.append) as client,
        pytest.raises(ServiceError) as refused,
    ):
        client.undo("1")
    assert (refused.value.status, slept) == (503, [7, 7])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "did not answer"),
        (answer("200 OK", b"{}"), "is no DecisionOut"),
        (answer("200 OK", b"{}").replace(b": 2", b": 9"), "broke off"),
        (answer("502 Bad Gateway", b"<html>"), "status 502"),
        (answer("302 Found", b"", "Location: http://elsewhere.example"), "status 302"),
    ],
    ids=["hangs up", "something else", "half", "a proxy", "elsewhere"],
)
def test_a_decision_is_never_sent_twice(sent, said):
    with (
        answering(sent) as (url, asked),
        Client(url, wait=lambda _: None) as client,
        pytest.raises(ServiceError, match=said),
    ):
        client.decide("1", Verdict(choice="skip"))
    assert len(asked) == 1


def test_nobody_there_is_said():
    slept = []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}", tries=2, wait=slept.append) as client,
        pytest.raises(ServiceError, match=r"127\.0\.0\.1 is not there") as refused,
    ):
        client.score(TEXTS[0])
    assert (refused.value.status, len(slept)) == (None, 1)


def test_a_file_that_breaks_off_is_no_file(tmp_path):
    half = answer("200 OK", b"half").replace(b": 4", b": 9")
    with (
        answering(half) as (url, _),
        Client(url) as client,
        pytest.raises(ServiceError, match="broke off"),
    ):
        client.export(tmp_path / "ads.csv", "csv")
    assert list(tmp_path.iterdir()) == []
