"""The page on tables says what the code does."""

from dataclasses import asdict

import pytest

from serving.bulk.limits import LIMITS, MIB
from serving.bulk.sources import FORMS, PACKED
from tests.conftest import ROOT

PAGE = (ROOT / "docs/tables.md").read_text("utf-8")


@pytest.mark.parametrize("ending", [*FORMS, *PACKED])
def test_every_ending_is_documented(ending):
    assert f"`{ending}`" in PAGE


@pytest.mark.parametrize(("name", "limit"), asdict(LIMITS).items())
def test_every_limit_is_documented(name, limit):
    units = {MIB << 20: "TiB", MIB << 10: "GiB", MIB: "MiB", 1 << 10: "KiB"}
    sizes = [f"{limit // size:,} {unit}" for size, unit in units.items() if limit % size == 0]
    assert any(text in PAGE for text in (f"{limit:,}", *sizes)), name
