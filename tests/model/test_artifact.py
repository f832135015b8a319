import hashlib
import json
import os
import pickle
import re
import shutil
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import artifact
from model.ad import Ad
from model.artifact import ARRAYS, CURRENT, INDICATORS, MANIFEST, PIPELINE
from model.errors import BadArtifact

FILES = (ARRAYS, INDICATORS, MANIFEST, PIPELINE)
WAY_OUT = re.compile(r"(Copy|[Tt]rain|Train one|install|must be the name)")
TEXTS = ("Passport stays with madam", "签证 免费", "🙂", "You pay nothing to any agency, ever.")


@pytest.fixture(scope="module")
def whole(models):
    """The folder of a sound model; not to be changed."""
    return artifact.locate(models)


@pytest.fixture
def folder(whole, tmp_path):
    """A copy to damage."""
    return shutil.copytree(whole, tmp_path / whole.name)


def refusal(folder):
    with pytest.raises(BadArtifact) as error:
        artifact.load(folder)
    assert WAY_OUT.search(str(error.value))
    return str(error.value)


def rewrite(folder, change, *, version=True):
    """Change the manifest; with `version`, so that it still agrees with itself."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    change(manifest)
    if version:
        del manifest["version"]
        manifest["version"] = artifact._version(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def put(folder, name, content):
    """Put another file in place, and say so in the manifest."""
    facts = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (folder / name).write_bytes(content)
    rewrite(folder, lambda manifest: manifest["files"].update({name: facts}))


def npz(**arrays):
    out = BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def test_there_and_back(scorer, tmp_path):
    folder = artifact.save(tmp_path, scorer, plan={}, extra={"note.txt": b"kept"})
    again = artifact.load(folder)
    ads = [Ad(text) for text in TEXTS]
    for then, now in zip(scorer.score(ads), again.score(ads), strict=True):
        assert replace(now, model=then.model) == then
    assert (again.thresholds, again.languages) == (scorer.thresholds, scorer.languages)
    assert again.card["version"] == again.version == folder.name.removeprefix("lurewatch-")
    assert (folder / "note.txt").read_bytes() == b"kept"


def test_the_version_follows_from_the_content(scorer, tmp_path):
    one = artifact.save(tmp_path, scorer, plan={}, extra={})
    assert one == artifact.save(tmp_path, scorer, plan={}, extra={})
    others = [
        artifact.save(tmp_path, scorer, plan={"seed": 1}, extra={}),
        artifact.save(tmp_path, scorer, plan={}, extra={"note.txt": b""}),
    ]
    assert sorted(tmp_path.iterdir()) == sorted([one, *others])


def test_saving_again_mends_what_was_damaged(scorer, tmp_path):
    folder = artifact.save(tmp_path, scorer, plan={}, extra={})
    (folder / ARRAYS).write_bytes(b"damage")
    assert artifact.load(artifact.save(tmp_path, scorer, plan={}, extra={})).version in folder.name


def test_load_finds_the_model_in_use(models, whole):
    assert artifact.load(models).version == artifact.load(whole).version
    assert artifact.locate(whole) == artifact.locate(models) == whole


@given(name=st.sampled_from(FILES), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(deadline=None, max_examples=60)
def test_a_flipped_bit_is_found(whole, tmp_path_factory, name, where, bit):
    folder = shutil.copytree(whole, tmp_path_factory.mktemp("flipped") / "m", copy_function=os.link)
    content = bytearray((whole / name).read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    (folder / name).unlink()
    (folder / name).write_bytes(content)
    if name == MANIFEST and said(content) == said((whole / name).read_bytes()):
        return  # a space became a line break, or a digit beyond a number's precision another
    with pytest.raises(BadArtifact, match=re.escape(str(folder / name))) as error:
        artifact.check(folder)
    assert WAY_OUT.search(str(error.value))


def said(manifest):
    try:
        return json.loads(manifest)
    except ValueError:
        return None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0, 1, 1000, -2], ids="[:{}]".format)
def test_a_file_cut_short_is_named(folder, name, kept):
    (folder / name).write_bytes((folder / name).read_bytes()[:kept])
    assert str(folder / name) in refusal(folder)


@pytest.mark.parametrize("name", [ARRAYS, INDICATORS, PIPELINE])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert f"{folder / name} is missing" in refusal(folder)


def test_a_file_that_grew_is_named(folder):
    with (folder / ARRAYS).open("ab") as file:
        file.write(b"\0")
    assert f"{folder / ARRAYS} is damaged" in refusal(folder)


def test_without_a_manifest_there_is_no_model(folder):
    (folder / MANIFEST).unlink()
    assert f"There is no model in {folder}" in refusal(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "cannot be read", id="empty"),
        pytest.param(b"{", "cannot be read", id="not JSON"),
        pytest.param(b"\x80\xff", "cannot be read", id="not text"),
        pytest.param(b"[]", "has format None", id="a list"),
        pytest.param(b"{}", "has format None", id="no format"),
        pytest.param(b'{"format": 1}', "has format 1, this Lurewatch reads 2", id="older"),
        pytest.param(b'{"format": 3}', "has format 3, this Lurewatch reads 2", id="newer"),
        pytest.param(b'{"format": "2"}', "has format '2'", id="a text"),
        pytest.param(b'{"format": 2}', "was changed after the model was made", id="nothing else"),
    ],
)
def test_another_manifest_is_refused(folder, content, message):
    (folder / MANIFEST).write_bytes(content)
    assert f"{folder / MANIFEST} {message}" in refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda made: made["thresholds"].update(review=0.1), id="threshold"),
        pytest.param(lambda made: made["card"].update(limits=[]), id="card"),
        pytest.param(lambda made: made["files"].pop(PIPELINE), id="file left out"),
        pytest.param(lambda made: made.update(golden=[]), id="golden texts"),
        pytest.param(lambda made: made.update(more=1), id="a key more"),
        pytest.param(lambda made: made.pop("plan"), id="a key less"),
        pytest.param(lambda made: made.update(version="0" * 12), id="version"),
        pytest.param(lambda made: made.pop("version"), id="no version"),
    ],
)
def test_an_edited_manifest_is_refused(folder, change):
    rewrite(folder, change, version=False)
    assert f"{folder / MANIFEST} was changed after the model was made" in refusal(folder)


def text(made, old, new):
    (made / MANIFEST).write_bytes((made / MANIFEST).read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda made: text(made, b'"review": 0', b'"review": NaN, "x": 0'), id="NaN"),
        pytest.param(lambda made: text(made, b'"review": 0', b'"review": 9e999, "x": 0'), id="inf"),
        pytest.param(lambda made: text(made, "і".encode(), b"\xed\xa0\x80"), id="half a pair"),
        pytest.param(lambda made: (made / MANIFEST).write_bytes(b"[" * 200_000), id="nesting"),
    ],
)
def test_a_manifest_that_json_reads_too_kindly_is_refused(folder, damage):
    damage(folder)
    assert str(folder / MANIFEST) in refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda made: made.pop("files"), id="no files"),
        pytest.param(lambda made: made.update(files={}), id="files unnamed"),
        pytest.param(lambda made: made["files"].update({ARRAYS: "x"}), id="file without facts"),
        pytest.param(lambda made: made.pop("golden"), id="no golden texts"),
        pytest.param(lambda made: made.update(golden=[]), id="golden texts are none"),
        pytest.param(lambda made: made["golden"][0].update(text=""), id="golden text is blank"),
        pytest.param(lambda made: made["golden"][0].pop("log_odds"), id="golden figure"),
        pytest.param(lambda made: made["golden"][0].update(log_odds=None), id="golden nothing"),
        pytest.param(lambda made: made["thresholds"].update(indicators={}), id="no threshold"),
        pytest.param(lambda made: made["thresholds"].update(review="x"), id="threshold is a text"),
        pytest.param(lambda made: made["labels"].append(made["labels"].pop() + "x"), id="label"),
        pytest.param(lambda made: made.update(languages=["xx"]), id="no such language"),
    ],
)
def test_a_manifest_that_agrees_with_itself_alone_is_refused(folder, change):
    rewrite(folder, change)
    assert str(folder) in refusal(folder)


@pytest.mark.parametrize("key", ["card", "labels", "languages", "ngrams", "thresholds"])
@pytest.mark.parametrize("value", [None, 3], ids=["nothing", "a number"])
def test_a_manifest_without_what_a_model_needs_is_refused(folder, key, value):
    rewrite(folder, lambda manifest: manifest.update({key: value}))
    assert f"{folder / MANIFEST} does not hold what a model needs" in refusal(folder)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(npz(terms=np.array([{}], dtype=object)), id="a pickle inside"),
        pytest.param(pickle.dumps({"terms": []}), id="a pickle"),
        pytest.param(npz(other=np.zeros(3)), id="other arrays"),
        pytest.param(b"arrays", id="no arrays"),
        pytest.param(b"", id="nothing"),
        pytest.param(npz(other=np.zeros(300))[:-20], id="a broken archive"),
    ],
)
def test_other_arrays_are_refused(folder, content):
    put(folder, ARRAYS, content)
    assert "does not hold what a model needs" in refusal(folder)


@pytest.mark.parametrize("name", ["idf", "weights", "stop"])
def test_a_pickled_array_is_refused(folder, name):
    arrays = dict(np.load(folder / ARRAYS))
    put(folder, ARRAYS, npz(**{**arrays, name: arrays[name].astype(object)}))
    assert "allow_pickle=False" in refusal(folder)


@pytest.mark.parametrize("name", ["idf", "intercepts", "stop", "weights"])
def test_arrays_that_do_not_fit_each_other_are_refused(folder, name):
    arrays = dict(np.load(folder / ARRAYS))
    put(folder, ARRAYS, npz(**{**arrays, name: arrays[name][:-1]}))
    assert "do not fit" in refusal(folder)


@pytest.mark.parametrize("name", ["idf", "intercepts", "weights"])
def test_weights_that_are_no_numbers_are_refused(folder, name):
    arrays = dict(np.load(folder / ARRAYS))
    put(folder, ARRAYS, npz(**{**arrays, name: arrays[name] * np.nan}))
    assert "does not hold what a model needs" in refusal(folder)


def test_a_table_that_is_not_one_is_refused(folder):
    put(folder, INDICATORS, b"version = 1")
    assert f"{folder / INDICATORS}: the table: indicator is missing" in refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda golden: golden.update(log_odds=golden["log_odds"] + 1e-3), id="risk"),
        pytest.param(lambda golden: golden["indicators"].update(debt_bondage=0.9), id="indicator"),
        pytest.param(lambda golden: golden["indicators"].update(debt_bondage=None), id="untrained"),
        pytest.param(lambda golden: golden["indicators"].update(organ_removal_lure=0), id="more"),
    ],
)
def test_a_golden_text_that_scores_otherwise_is_named(folder, change):
    text = json.loads((folder / MANIFEST).read_bytes())["golden"][7]["text"]
    rewrite(folder, lambda manifest: change(manifest["golden"][7]))
    message = refusal(folder)
    assert f"{folder} does not score as it did" in message
    assert repr(text[:40]) in message


def test_last_digits_may_differ(folder):
    rewrite(folder, lambda made: made["golden"][7].update(log_odds=near(made["golden"][7])))
    assert artifact.load(folder).version


def near(golden):
    return golden["log_odds"] + 9e-5


def test_other_weights_are_found_by_the_golden_texts(folder):
    arrays = dict(np.load(folder / ARRAYS))
    put(folder, ARRAYS, npz(**{**arrays, "weights": arrays["weights"][::-1]}))
    assert "does not score as it did when it was made" in refusal(folder)


def test_golden_texts_cover_every_indicator(whole, scorer):
    golden = artifact.check(whole)["golden"]
    texts = "\n".join(each["text"] for each in golden)
    assert all(p in texts for each in scorer.indicators for p in each.phrases["en"])
    assert len({each["log_odds"] for each in golden}) > 50


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "current says ''; it must be the name", id="empty"),
        pytest.param(b" \n", "current says ''; it must", id="blank"),
        pytest.param(b"../x", "current says '../x'; it must", id="outside"),
        pytest.param(b"/etc", "current says '/etc'; it must", id="absolute"),
        pytest.param(b"..", "current says '..'; it must", id="the folder above"),
        pytest.param(b"a/b", "current says 'a/b'; it must", id="a folder further down"),
        pytest.param(b".", "current says '.'; it must", id="itself"),
        pytest.param(b"\xff", "neither manifest.json nor a readable current", id="not text"),
        pytest.param(b"a\0b", "manifest.json cannot be read", id="NUL"),
        pytest.param(b"none", "none/manifest.json cannot be read", id="not there"),
    ],
)
def test_current_must_name_a_model(tmp_path, content, message):
    (tmp_path / CURRENT).write_bytes(content)
    assert message in refusal(tmp_path)


@pytest.mark.parametrize("name", ["", "nowhere"], ids=["empty folder", "no folder"])
def test_no_model_at_all(tmp_path, name):
    assert f"There is no model in {tmp_path / name}" in refusal(tmp_path / name)


def test_a_refused_model_is_left_as_it_is(folder):
    (folder / PIPELINE).unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    refusal(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_promote_names_the_new_model_at_once(tmp_path):
    (tmp_path / CURRENT).write_text("old", "utf-8")
    with (tmp_path / CURRENT).open(encoding="utf-8") as reader:
        artifact.promote(tmp_path / "lurewatch-new")
        assert reader.read() == "old"  # who reads meanwhile reads one name or the other, whole
    assert (tmp_path / CURRENT).read_text("utf-8") == "lurewatch-new"
    assert [path.name for path in tmp_path.iterdir()] == [CURRENT]
