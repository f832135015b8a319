import json

import pytest

from serving.bulk import charsets
from tests.conftest import ROOT

#: The encoding that spreadsheets of old write in each language.
LANGUAGES = {
    "en": "cp1252",
    "es": "cp1252",
    "pt": "cp1252",
    "pl": "cp1250",
    "tr": "cp1254",
    "ru": "cp1251",
    "uk": "cp1251",
    "ar": "cp1256",
    "zh": "gb18030",
}


def texts(language, encoding):
    """Up to 36 texts that are not ASCII, in so far as the encoding has their letters."""
    lines = (ROOT / f"data/labeled/{language}.jsonl").read_text("utf-8").splitlines()
    raws = (json.loads(line)["marked"].encode(encoding, "ignore") for line in lines)
    return [raw for raw in raws if not raw.isascii()][:36]


@pytest.mark.parametrize(("language", "encoding"), LANGUAGES.items())
def test_encoding_of_a_table_and_of_its_rows_is_told(language, encoding):
    raws = texts(language, encoding)
    whole = b"\n".join(raws)
    assert whole.decode(charsets.detect(whole)) == whole.decode(encoding)
    told = [charsets.of_row(raw, "utf-8") for raw in raws]
    right = sum(
        raw.decode(name) == raw.decode(encoding) for raw, name in zip(raws, told, strict=True)
    )
    assert right >= 35


@pytest.mark.parametrize("language", LANGUAGES)
def test_utf8_is_never_taken_for_another(language):
    raws = texts(language, "utf-8")
    assert charsets.detect(b"\n".join(raws)) == "utf-8"
    for encoding in set(LANGUAGES.values()) - {"gb18030"}:
        assert {charsets.of_row(raw, encoding) for raw in raws if len(raw) > 40} == {"utf-8"}
