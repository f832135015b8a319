"""A trained model as a folder of files that can be checked before anything is opened.

`manifest.json` names every other file with its size and SHA-256; the version is a hash of the
manifest, so damage anywhere is found. Serving reads arrays and text only, never a pickle. A hash
finds damage, not malice: take models from people you trust.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from model import indicators
from model.ad import Ad
from model.errors import BadAd, BadArtifact, BadIndicators
from model.grams import Ranges
from model.linear import Linear
from model.scorer import Scorer, Thresholds
from model.tables import Tables

#: Raise it whenever a reader of the old number would misread the new files; say what changed in
#: CHANGELOG.md. There is no reader for older numbers: a model is refitted in minutes.
FORMAT = 2
#: Arrays come out alike on every machine up to the last digits.
TOLERANCE = 1e-4
MANIFEST, CURRENT = "manifest.json", "current"
ARRAYS, INDICATORS, PIPELINE, CARD = (
    "arrays.npz",
    "indicators.toml",
    "pipeline.joblib",
    "model-card.md",
)


def save(
    models: Path, scorer: Scorer, *, plan: Mapping[str, Any], extra: Mapping[str, bytes]
) -> Path:
    """Write a scorer to `models/<name>-<version>/`, golden predictions with it; returns the folder.

    `scorer.version` is ignored: the version follows from the content. `extra` holds further files.
    """
    table = (Path(indicators.__file__).with_name(INDICATORS)).read_bytes()
    files = {ARRAYS: _pack(scorer.linear), INDICATORS: table, **extra}
    manifest = {
        "format": FORMAT,
        "card": scorer.card,
        "labels": scorer.linear.labels,
        "languages": scorer.languages,
        "ngrams": asdict(scorer.linear.ranges),
        "thresholds": asdict(scorer.thresholds),
        "plan": plan,
        "golden": _golden(scorer),
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in sorted(files.items())
        },
    }
    version = _version(manifest)
    return _write(models, version, {MANIFEST: _dump({"version": version, **manifest}), **files})


def load(folder: Path) -> Scorer:
    """The scorer in an artifact folder, or in the one that `folder/current` names.

    Every file is checked against the manifest, then the golden texts are scored. Raises
    `BadArtifact` naming the file, what is wrong, and the way out.
    """
    folder = locate(folder)
    manifest = check(folder)
    try:
        scorer = _scorer(folder, manifest)
        _check_golden(folder, scorer, manifest["golden"])
    except (
        LookupError,
        TypeError,
        ValueError,
        EOFError,
        BadZipFile,
        BadAd,
        BadIndicators,
    ) as error:
        raise BadArtifact(
            f"{folder / MANIFEST} does not hold what a model needs ({error}). Train again."
        ) from error
    return scorer


def locate(folder: Path) -> Path:
    """The artifact folder meant by `folder`: itself, or the one named in its file `current`."""
    if (folder / MANIFEST).exists():
        return folder
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadArtifact(
            f"There is no model in {folder}: neither {MANIFEST} nor a readable {CURRENT}. "
            "Train one with `lurewatch-train fit`, or name its folder."
        ) from error
    if name in ("", "..") or Path(name).name != name:
        raise BadArtifact(
            f"{folder / CURRENT} says {name!r}; it must be the name of a folder in it."
        )
    return folder / name


def promote(artifact: Path) -> None:
    """Make an artifact the one in use: name it in the file `current` beside it."""
    _replace(artifact.parent / CURRENT, artifact.name.encode())


def check(folder: Path) -> dict[str, Any]:
    """The manifest of a folder whose files are all as it says; raises `BadArtifact`."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        _dump(manifest)  # refuses NaN and infinity, which JSON here reads and never writes
    except (OSError, ValueError, RecursionError) as error:
        raise BadArtifact(f"{path} cannot be read ({error}). Train the model again.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise BadArtifact(
            f"{path} has format {found!r}, this Lurewatch reads {FORMAT}. Train the model again "
            "with this version, or install the version that wrote it."
        )
    version = manifest.pop("version", None)
    if version != _version(manifest):
        raise BadArtifact(
            f"{path} was changed after the model was made: it says version {version!r}, its "
            f"content is {_version(manifest)}. Copy the folder again, or train again."
        )
    try:
        for name in sorted({ARRAYS, INDICATORS, *manifest["files"]}):
            _check_file(folder / name, manifest["files"][name])
    except (KeyError, TypeError) as error:
        raise BadArtifact(f"{path} does not list its files ({error}). Train again.") from error
    return {"version": version, **manifest}


def _scorer(folder: Path, manifest: Mapping[str, Any]) -> Scorer:
    ngrams = manifest["ngrams"]
    ranges = Ranges(ngrams["words"], ngrams["signs"], tuple(ngrams["chars"]))
    return Scorer(
        version=manifest["version"],
        linear=_unpack((folder / ARRAYS).read_bytes(), tuple(manifest["labels"]), ranges),
        indicators=indicators.load(folder / INDICATORS),
        thresholds=Thresholds(**manifest["thresholds"]),
        card={**manifest["card"], "version": manifest["version"]},
        languages=tuple(manifest["languages"]),
    )


def _check_file(path: Path, facts: Mapping[str, Any]) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadArtifact(f"{path} is missing or unreadable ({error}). Copy it again.") from error
    digest = hashlib.sha256(content).hexdigest()
    if len(content) != facts["size"] or digest != facts["sha256"]:
        raise BadArtifact(
            f"{path} is damaged: {len(content):,} bytes with SHA-256 {digest[:12]}…, expected "
            f"{facts['size']:,} with {facts['sha256'][:12]}…. Copy it again, or train again."
        )


def _pack(linear: Linear) -> bytes:
    terms = [term.encode() for term in linear.terms]
    out = BytesIO()
    np.savez(
        out,
        terms=np.frombuffer(b"".join(terms), dtype=np.uint8),
        ends=np.cumsum([len(term) for term in terms], dtype=np.int64),
        hashes=linear.hashes,
        idf=linear.idf,
        weights=linear.weights,
        intercepts=linear.intercepts,
        stop=linear.stop,
        **{f"folding_{name}": array for name, array in linear.tables._asdict().items()},
    )
    return out.getvalue()


def _unpack(content: bytes, labels: tuple[str, ...], ranges: Ranges) -> Linear:
    with np.load(BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    text, ends = arrays["terms"].tobytes(), arrays["ends"].tolist()
    linear = Linear(
        labels=labels,
        ranges=ranges,
        tables=Tables(*(arrays[f"folding_{name}"] for name in Tables._fields)),
        terms=tuple(text[a:b].decode() for a, b in zip([0, *ends[:-1]], ends, strict=True)),
        **{name: arrays[name] for name in ("hashes", "idf", "weights", "intercepts", "stop")},
    )
    terms = (len(linear.terms),)
    if not linear.idf.shape == linear.stop.shape == linear.hashes.shape == terms or (
        linear.weights.shape != (*terms, len(labels)) or linear.intercepts.shape != (len(labels),)
    ):
        raise ValueError(f"arrays of {terms[0]} terms and {len(labels)} labels do not fit")
    if not all(np.isfinite(each).all() for each in (linear.idf, linear.weights, linear.intercepts)):
        raise ValueError("a weight is not a number")
    return linear


def _golden(scorer: Scorer) -> list[dict[str, Any]]:
    """Texts with their log-odds: phrases of the table, so that a model holds no training text."""
    texts = [" … ".join(phrases) for each in scorer.indicators for phrases in each.phrases.values()]
    scores = scorer.score([Ad(text) for text in texts])
    return [
        {"text": text, "log_odds": score.log_odds, "indicators": score.indicators}
        for text, score in zip(texts, scores, strict=True)
    ]


def _check_golden(folder: Path, scorer: Scorer, golden: list[dict[str, Any]]) -> None:
    if not golden:
        raise ValueError("there are no golden texts")
    scores = scorer.score([Ad(each["text"]) for each in golden])
    for then, now in zip(golden, scores, strict=True):
        expected = [then["log_odds"], *(then["indicators"][name] for name in now.indicators)]
        found = [now.log_odds, *now.indicators.values()]
        # An untrained indicator is None in both, which becomes NaN.
        distance = np.abs(np.array(found, np.float64) - np.array(expected, np.float64))
        if not np.nanmax(distance) <= TOLERANCE or [*map(type, found)] != [*map(type, expected)]:
            raise BadArtifact(
                f"{folder} does not score as it did when it was made: {then['text'][:40]!r} has "
                f"log-odds {now.log_odds:.4f}, expected {then['log_odds']:.4f}. Train the model "
                "again with this version of Lurewatch, or install the version that wrote it."
            )


def _write(models: Path, version: str, files: Mapping[str, bytes]) -> Path:
    folder = models / f"lurewatch-{version}"
    # A name for each process: two fits of the same texts must not write over each other.
    part = models / f".{folder.name}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, content in files.items():
        (part / name).write_bytes(content)
    # The name says the content, so what stands there is the same, or damaged.
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(part, folder)
    return folder


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def _version(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(_dump(manifest)).hexdigest()[:12]


def _dump(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return text.encode() + b"\n"
