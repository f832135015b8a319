"""A client that uploads files, and waits for what comes of them."""

import json
from time import sleep

import pytest

DONE = {"ready", "done", "failed", "cancelled"}


class Sender:
    """Sends files over HTTP."""

    def __init__(self, http):
        self.http = http

    def send(self, name, body, **query):
        answer = self.http.post("/v1/uploads", params={"name": name, **query}, content=body)
        return answer.json() if answer.status_code == 200 else answer

    def look(self, upload):
        return self.http.get(f"/v1/uploads/{upload['id']}").json()

    def wait(self, upload):
        """The upload, once nothing is done with it."""
        while (now := self.look(upload))["status"] not in DONE:
            sleep(0.05)
        return now

    def start(self, upload, **wanted):
        return self.http.post(f"/v1/uploads/{upload['id']}/start", json=wanted)

    def run(self, name, body, **wanted):
        """Send a file, have it scored, and wait."""
        sent = self.send(name, body)
        assert self.wait(sent)["status"] == "ready", self.look(sent)
        started = self.start(sent, **wanted)
        assert started.status_code == 200, started.text
        return self.wait(sent)

    def take(self, upload, what):
        return self.http.get(f"/v1/uploads/{upload['id']}/{what}")

    def rejects(self, upload):
        return [json.loads(line) for line in self.take(upload, "rejects").text.splitlines()]


@pytest.fixture
def sender(keeper) -> Sender:
    return Sender(keeper)
