"""Vowpal Wabbit and fastText: one label, no phrases, on text that was cleaned beforehand."""

import gc
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import names
from bench.labelled import Labelled
from bench.rounds import Contestant, Measure, timed
from bench.sklearn_peers import TOKEN

#: The texts stand so many times in Vowpal Wabbit's file, so that its start weighs little.
REPEATS = 5
VW_SETTINGS = "--ngram 2 -b 18"
FASTTEXT_SETTINGS = {"wordNgrams": 2, "minn": 3, "maxn": 5, "dim": 16, "bucket": 200_000}


def contestants(texts: Labelled, folder: Path) -> list[Contestant]:
    """Those that are installed; their files go to the folder."""
    found = []
    if find_spec("vowpalwabbit"):
        settings = f"one label, no phrases; {VW_SETTINGS}, clean text, its own driver on a file"
        found.append(Contestant(names.VW, settings, _vw(texts, folder)))
    if find_spec("fasttext"):
        settings = ", ".join(f"{name} {value}" for name, value in FASTTEXT_SETTINGS.items())
        settings = f"one label, no phrases; {settings}, clean text, a batch a call"
        model = _fasttext(texts, folder)
        found.append(Contestant(names.FASTTEXT, settings, timed(model.predict, _clean_all)))
    return found


def clean(text: str) -> str:
    """The words in small letters with single spaces: nothing that either peer reads as a sign."""
    return " ".join(TOKEN.findall(text.lower()))


def _clean_all(texts: Sequence[str]) -> list[str]:
    return [clean(text) for text in texts]


def _vw(texts: Labelled, folder: Path) -> Measure:
    model, ads, nothing = folder / "vw.model", folder / "vw.ads", folder / "vw.nothing"
    nothing.write_text("")
    _write(ads, [f"{1 if risk else -1} | {clean(text)}" for risk, text in _rows(texts)])
    _drive(f"-d {ads} -f {model} {VW_SETTINGS} --loss_function logistic")

    def measure(_: Sequence[str], texts: Sequence[str]) -> float:
        _write(ads, [f"| {clean(text)}" for text in texts] * REPEATS)
        gc.collect()
        command = f"-t -i {model} -p {folder / 'vw.predictions'}"
        start_up = min(_seconds(f"{command} -d {nothing}") for _ in range(3))
        seconds = _seconds(f"{command} -d {ads}") - start_up
        return seconds / len(texts) / REPEATS * 1e6

    return measure


def _seconds(arguments: str) -> float:
    start = time.process_time()
    _drive(arguments)
    return time.process_time() - start


def _drive(arguments: str) -> None:
    """Let Vowpal Wabbit read a file by itself, as its command line does."""
    from vowpalwabbit import Workspace

    Workspace(f"{arguments} --quiet").finish()


def _fasttext(texts: Labelled, folder: Path) -> Any:
    import fasttext

    ads = folder / "fasttext.ads"
    _write(ads, [f"__label__{int(risk)} {clean(text)}" for risk, text in _rows(texts)])
    return fasttext.train_supervised(str(ads), thread=1, epoch=2, verbose=0, **FASTTEXT_SETTINGS)


def _rows(texts: Labelled) -> list[tuple[np.bool_, str]]:
    order: NDArray[np.intp] = np.random.default_rng(0).permutation(len(texts.texts))
    return [(texts.values[i, 0], texts.texts[i]) for i in order]


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
