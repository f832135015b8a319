"""A real service with the small model, and a real browser in front of it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright

from model.ad import Ad
from model.marks import parse
from serving.app import create_app
from serving.server import configure, listen
from serving.store import intake
from serving.store.intake import Received

LABELED = Path(__file__).parents[3] / "data/labeled"
HOST = "127.0.0.1:8000"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Client:
    """A browser without scripts: it keeps cookies, and sends forms with their token."""

    def __init__(self, app: object) -> None:
        self.http = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)

    def get(self, path: str, **headers: str):
        return self.http.get(path, headers=headers)

    def send(self, path: str, fields: dict[str, object], *, on: str = "/", **headers: str):
        token = TOKEN.search(self.http.get(on).text)[1]
        return self.http.post(path, data={"token": token, **fields}, headers=headers)


def texts(language: str, most: int) -> list[str]:
    """Texts of the shipped corpus, without their marks."""
    lines = (LABELED / f"{language}.jsonl").read_text("utf-8").splitlines()[:most]
    return [parse(json.loads(line)["marked"]).text for line in lines]


@pytest.fixture
def kept(store, scorer) -> list:
    """Twenty-four ads in the store, in several scripts."""
    every = [each for code in ("en", "zh", "ar", "ru") for each in texts(code, 6)]
    received = [
        Received(Ad(text), source="board", external_id=str(n)) for n, text in enumerate(every)
    ]
    return intake.take(store, scorer, received)


@pytest.fixture
def desk(scorer, store, settings) -> Client:
    """A client of a service with a desk."""
    return Client(create_app(scorer, settings, store))


@pytest.fixture
def address(scorer, store, settings) -> Iterator[str]:
    """Where a real service with the store answers."""
    with listen(settings.host, settings.port) as listening:
        server = uvicorn.Server(configure(scorer, settings, store))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")  # while Playwright runs, other tests can run no event loop
def browser() -> Iterator[Browser]:
    """Chromium, as Debian has it."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    """A page at the service, that fails the test if a script failed or a policy was broken."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert faults == []
