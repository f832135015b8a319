"""The list as a file, out of the form on the queue."""

import json

import pytest

from serving.store.export import FORMS


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("form", FORMS)
def test_every_format(desk, form):
    answer = desk.send("/queue/export?language=en", {"format": form}, on="/queue?language=en")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMS[form].media
    assert answer.headers["content-disposition"] == f'attachment; filename="{FORMS[form].name}"'


def test_it_is_the_list_that_was_asked_for(desk, kept):
    answer = desk.send("/queue/export?language=zh&status=all", {"format": "jsonl"}, on="/queue")
    told = [json.loads(line)["id"] for line in answer.text.splitlines()]
    assert told == [ad.id for ad in reversed(kept) if ad.language == "zh"]


@pytest.mark.parametrize(("address", "form"), [("", "pdf"), ("", ""), ("?band=x", "csv")])
def test_what_is_not_known_is_refused(desk, address, form):
    answer = desk.send(f"/queue/export{address}", {"format": form}, on="/queue")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


def test_another_page_takes_nothing_out(desk):
    assert desk.http.post("/queue/export", data={"format": "csv", "token": "x"}).status_code == 403
