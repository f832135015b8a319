"""What is documented works, and what there is is documented.

Every code block is run or checked by a handler for its language; a block without one fails.
"""

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import exp
from pathlib import Path
from time import monotonic, sleep
from urllib.request import ProxyHandler, build_opener

import pytest
import typer

from model import ad, artifact, indicators
from model.score import FACTS
from serving import exits, flat, limits, schemas, server, shield
from serving.app import create_app
from serving.cli import app as serving_app
from serving.keys import Keys
from serving.roles import ROLES
from serving.routes import ads, campaigns, uploads
from serving.settings import Settings
from serving.store import decisions, engine, export
from serving.store.campaigns import MOST_SPLIT
from serving.store.formats.labelstudio import interface
from serving.store.values import REASONS
from serving.uploads import receive
from training import plan
from training.cli import app as training_app
from training.rows import faults

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*/*.md")])
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
HTTP, SCORING, TRAINING, OPERATIONS, STORE, ACCOUNTS = (
    TEXTS[f"docs/{name}.md"]
    for name in ("http", "scoring", "training", "operations", "store", "accounts")
)
MANUAL = "\n".join((SCORING, TRAINING, STORE, ACCOUNTS))
BIN = Path(sys.executable).parent
LEFT_OUT = "…"
# Of the environment neither settings nor proxies may reach what runs here.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "LUREWATCH" not in name}
ENVIRONMENT |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "no_proxy": "127.0.0.1"}
HERE = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def _blocks() -> Iterator[Block]:
    for page, text in TEXTS.items():
        for found in re.finditer(r"^```(.*)\n([\s\S]*?)^```$", text, re.M):
            yield Block(page, text[: found.start()].count("\n") + 1, found[1], found[2])


BLOCKS = list(_blocks())


@dataclass(frozen=True)
class Place:
    """Where blocks run: a folder with a small model and a few texts, and a service."""

    folder: Path
    port: int

    def bash(self, code: str) -> str:
        result = subprocess.run(self._command(code, self.port), capture_output=True, **self._how)
        assert result.returncode == 0, result.stderr
        return result.stdout

    @contextmanager
    def serving(self, code: str, port: int) -> Iterator[None]:
        """Run code whose last command serves, while it answers."""
        command = self._command(re.sub(r"^lurewatch serve", r"exec \g<0>", code, flags=re.M), port)
        running = subprocess.Popen(command, stderr=subprocess.PIPE, **self._how)
        try:
            _wait(port, running)
            yield
        finally:
            running.terminate()
            running.communicate()

    def _command(self, code: str, port: int) -> list[str]:
        return ["bash", "-euo", "pipefail", "-c", code.replace("8000", str(port))]

    @property
    def _how(self):
        quiet = {"text": True, "stdin": subprocess.DEVNULL}
        return {"cwd": self.folder, "env": ENVIRONMENT, **quiet}


def _wait(port: int, running: "subprocess.Popen[str]") -> None:
    end = monotonic() + 60
    while running.poll() is None and monotonic() < end:
        try:
            HERE.open(f"http://127.0.0.1:{port}/readyz", timeout=1).close()
            return
        except OSError:
            sleep(0.1)
    running.terminate()
    pytest.fail(f"The service does not answer. {running.communicate()[1]}")


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def port(models, tmp_path_factory) -> Iterator[int]:
    """The port of a service with the small model."""
    port = _free_port()
    place = Place(tmp_path_factory.mktemp("service"), port)
    with place.serving(f"lurewatch serve --model '{models}' --port {port}", port):
        yield port


@pytest.fixture
def place(tmp_path, models, corpus, port) -> Place:
    """A folder that looks like a clone with a model and files of one's own, all of them small."""
    shutil.copytree(models, tmp_path / "models")
    (tmp_path / "training").mkdir()
    shutil.copy(ROOT / "training/plan.toml", tmp_path / "training")
    labeled = tmp_path / "data/labeled"
    labeled.mkdir(parents=True)
    shutil.copy(ROOT / "data/labeled/README.md", labeled)
    few = [each for each, group in zip(corpus.records, corpus.groups(), strict=True) if group < 60]
    ids = {each.id for each in few}
    lines = (ROOT / "data/labeled/en.jsonl").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["id"] in ids]
    (labeled / "en.jsonl").write_text("".join(kept), "utf-8")
    ads = [json.dumps({"text": each.text}) + "\n" for each in few[:5]]
    (tmp_path / "ads.jsonl").write_text("".join(ads), "utf-8")
    _write_csv(tmp_path / "ads.csv", ("id", "text"), [(each.id, each.text) for each in few[:5]])
    reports = [(each.text, "lure" if each.label else "fine") for each in few]
    _write_csv(tmp_path / "reports.csv", ("body", "verdict"), reports)
    return Place(tmp_path, port)


def _write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _bash(block: Block, place: Place) -> None:
    if block.code.startswith("make "):
        _make(block)
    elif "lurewatch serve" in block.code:
        port = _free_port()
        with place.serving(block.code, port):
            pass
    else:
        place.bash(block.code)


def _make(block: Block) -> None:
    """It needs the network and an environment of its own: .ci/run does it, so that it be done."""
    makefile, run = (ROOT / "Makefile").read_text("utf-8"), (ROOT / ".ci/run").read_text("utf-8")
    for line in block.code.splitlines():
        target = re.fullmatch(r"make ([a-z]+)", line)[1]
        assert re.search(rf"^{target}:", makefile, re.M)
        assert re.search(rf"^make {target} ", run, re.M)


def _python(block: Block, place: Place) -> None:
    code = compile(block.code.replace("8000", str(place.port)), str(block), "exec")
    if "pyspark" in block.code:
        return  # it needs Java, and half a gigabyte
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.folder)
        exec(code, {})


def _json(block: Block, place: Place) -> None:
    """It shows what the bash block before it prints."""
    asked = _asked(block)
    _fits(json.loads(block.code), json.loads(place.bash(asked.code)), "$")


def _asked(block: Block) -> Block:
    before = [each for each in BLOCKS if each.page == block.page and each.line < block.line]
    return next(each for each in reversed(before) if each.language == "bash")


def _fits(shown: object, real: object, where: str) -> None:
    """Whether what is shown has the shape of a real answer, but for what it says it leaves out."""
    if isinstance(shown, dict):
        assert isinstance(real, dict), where
        named = shown.keys() - {LEFT_OUT}
        assert named <= real.keys() if LEFT_OUT in shown else named == real.keys(), where
        for name in named:
            _fits(shown[name], real[name], f"{where}.{name}")
    elif isinstance(shown, list):
        assert isinstance(real, list), where
        for each in shown:
            if each != LEFT_OUT and real:
                _fits(each, real[0], f"{where}[]")
    elif real is not None:  # a small model has not learned every indicator
        same = isinstance(shown, type(real))
        assert same or {type(shown), type(real)} == {int, float}, f"{where}: {shown!r}, {real!r}"


def _jsonl(block: Block, _: Place) -> None:
    names = [each.name for each in indicators.load()]
    assert [f for line in block.code.splitlines() for f in faults(json.loads(line), names)] == []


def _toml(block: Block, _: Place) -> None:
    assert plan.parse(block.code) == plan.load()


def _xml(block: Block, _: Place) -> None:
    assert block.code.rstrip() == interface(indicators.load())


def _nginx(block: Block, _: Place) -> None:
    settings = dict(re.findall(r"(\w+) (\S+);", block.code))
    assert settings["proxy_pass"] == f"http://127.0.0.1:{Settings().port}"
    assert int(settings["client_max_body_size"]) == limits.MAX_BYTES


def _layout(block: Block, _: Place) -> None:
    assert [
        name for line in block.code.splitlines() if not (ROOT / (name := line.split()[0])).exists()
    ] == []


HANDLERS = {
    "bash": _bash,
    "python": _python,
    "json": _json,
    "jsonl": _jsonl,
    "toml": _toml,
    "nginx": _nginx,
    "xml": _xml,
    "text": _layout,
}


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_block_does_what_it_says(block, place):
    assert block.language in HANDLERS, "no handler for this language: add one"
    if "curl" in block.code + (_asked(block).code if block.language == "json" else ""):
        assert shutil.which("curl"), "curl is needed for this block: install it"
    HANDLERS[block.language](block, place)


def _shown_scores() -> Iterator[object]:
    for block in BLOCKS:
        if block.language == "json" and '"phrases"' in block.code:
            shown, code = json.loads(block.code), _asked(block).code
            asked = json.loads(re.search(r"-d '(.*)'", code)[1])
            pairs = zip(asked.get("ads", [asked]), shown.get("scores", [shown]), strict=True)
            yield from (pytest.param(sent["text"], score, id=str(block)) for sent, score in pairs)


@pytest.mark.parametrize(("text", "score"), list(_shown_scores()))
def test_shown_score_is_true_of_its_text(text, score):
    units = text.encode("utf-16-le")
    for each in score["phrases"]:
        assert text[each["start"] : each["end"]] == each["text"]
        cut = units[2 * each["utf16_start"] : 2 * each["utf16_end"]]
        assert cut.decode("utf-16-le") == each["text"]
    moved = sum(each["contribution"] for each in score["phrases"])
    assert moved + score["rest"] + score["intercept"] == pytest.approx(score["log_odds"], abs=0.005)
    assert 1 / (1 + exp(-score["log_odds"])) == pytest.approx(score["risk"], abs=0.001)


def test_demo_asks_what_the_readme_asks():
    asked = re.search(r"-d '(.*)'", TEXTS["README.md"])[1]
    assert f"ad='{asked}'" in (ROOT / "scripts/demo").read_text("utf-8")


def _commands() -> Iterator[object]:
    for program, app in (("lurewatch", serving_app), ("lurewatch-train", training_app)):
        for name, command in typer.main.get_command(app).commands.items():
            yield pytest.param(f"{program} {name}", command.params, id=f"{program} {name}")


@pytest.mark.parametrize(("name", "parameters"), list(_commands()))
def test_every_command_and_option_is_documented(name, parameters):
    found = re.search(rf"^## `{name}`\n([\s\S]*?)(?=^## |\Z)", MANUAL, re.M)
    assert found, f"no section of the manual is headed `{name}`"
    said = set(re.findall(r"`(-*\w[\w-]*)", found[1]))
    for each in parameters:
        words = each.opts if each.param_type_name == "option" else [each.name.upper()]
        assert set(words) <= said


def test_every_route_and_problem_is_documented(scorer, tmp_path):
    store = engine.open(f"sqlite:///{tmp_path}/ads.db")
    routes = [
        (path, method, each)
        for keys in (Keys(), Keys.of(["a-key-of-sixteen-or-more"]))
        for path, at in create_app(scorer, Settings(keys=keys), store).openapi()["paths"].items()
        for method, each in at.items()
    ]
    store.close()
    app = create_app(scorer, Settings())
    for path, method, _ in routes:
        assert f"`{method.upper()} {path}`" in HTTP
    assert f"`GET {app.openapi_url}`" in HTTP
    statuses = {status for _, _, each in routes for status in each["responses"]} - {"200"}
    assert statuses <= set(re.findall(r"^\| (\d+) \|", HTTP, re.M))


def test_every_role_is_documented():
    assert [role for role in ROLES if f"| `{role}` |" not in ACCOUNTS] == []


def test_every_reason_is_documented():
    rows = [f"| `{code}` | {sentence} |" for code, sentence in REASONS.items()]
    assert [row for row in rows if row not in STORE] == []


def test_every_format_is_documented():
    assert [name for name in export.FORMS if f"| `{name}` |" not in STORE] == []


def test_every_limit_is_documented():
    table = HTTP.partition("## Limits")[2]
    for limit in (
        ad.MAX_CHARS,
        schemas.MAX_ADS,
        ads.MAX_PAGE,
        uploads.MAX_PAGE,
        campaigns.MAX_PAGE,
        decisions.MOST_TOGETHER,
        MOST_SPLIT,
        receive.MAX_FILE,
        limits.MAX_BYTES,
        int(limits.MAX_SECONDS),
        shield.MAX_BUSY,
        server.MAX_CONNECTIONS,
    ):
        assert f"| {limit:,} |" in table
    assert f"get {server.GRACE} seconds to" in OPERATIONS


def test_every_setting_is_documented():
    class Recorder(dict[str, str]):
        def get(self, name: str, default: str | None = None) -> str | None:
            self[name] = ""
            return default

    asked = Recorder()
    Settings.read(asked)
    assert asked
    assert [name for name in asked if f"| `{name}` |" not in OPERATIONS] == []


def test_every_column_fact_and_exit_code_is_documented():
    assert [each for each in flat.FIELDS if f"| `{each}` |" not in SCORING] == []
    rows = [f"| `{code}` | {sentence} |" for code, sentence in FACTS.items()]
    assert [row for row in rows if row not in SCORING] == []
    assert f"`{flat.OTHERS}`" in SCORING
    codes = re.findall(r"\d+", exits.CODES)
    assert [code for code in codes if f"\n| {code} |" not in SCORING] == []


def test_every_file_of_a_model_is_documented(models):
    files = [file.name for file in artifact.locate(models).iterdir()]
    assert [name for name in files if f"| `{name}` |" not in TRAINING] == []


def _links() -> Iterator[object]:
    for page, text in TEXTS.items():
        for target in dict.fromkeys(re.findall(r"\]\((?!https?:)([^)]+)\)", text)):
            yield pytest.param(page, target, id=f"{page} {target}")


@pytest.mark.parametrize(("page", "target"), list(_links()))
def test_link_leads_somewhere(page, target):
    name, _, anchor = target.partition("#")
    file = (ROOT / page).parent / name if name else ROOT / page
    assert file.exists()
    if anchor:
        headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.M)
        assert anchor in [
            re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings
        ]
