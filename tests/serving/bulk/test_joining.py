"""Parts become one file while later ones are still missing, in order, and wholly or not at all."""

from time import monotonic, sleep

import pytest

from serving.bulk.errors import BadFile
from serving.bulk.folder import PARTIAL, Local
from serving.bulk.job import PART, RECORD, digest
from serving.bulk.joining import WHOLE, joining
from serving.bulk.output import Columns, Output
from serving.bulk.tally import Done, Tally
from serving.bulk.write import part

OUTPUT = Output("csv", Columns(("text",), ("text",)), bom=False)
PATIENCE = 30  # seconds


@pytest.fixture
def work(tmp_path):
    return Local(str(tmp_path / "work"))


def done(work, index):
    """A unit that has written its number."""
    name = f"{index:07d}"
    with work.publishing(name + PART) as path, part(path, OUTPUT) as out:
        out.write([{"text": f"ad {index}"}])
    with work.publishing(name + RECORD) as record:
        record.write_text("{}")
    return Done(
        index=index,
        name=name,
        source="in.csv",
        start=index,
        end=index + 1,
        weight=1,
        tally=Tally(1, 1),
        sha256=digest(path.parent / (name + PART)),
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_parts_are_joined_in_their_order(work, order):
    with joining(work, OUTPUT) as made:
        for index in order:
            made.add(done(work, index))
        assert made.end() == []
    assert work.read(WHOLE).decode().splitlines() == ["text", "ad 0", "ad 1", "ad 2", "ad 3"]


def test_what_is_there_is_taken_up_while_the_rest_is_missing(work):
    taken = []

    class Seen(Local):
        def fetching(self, name):
            taken.append(name)
            return super().fetching(name)

    seen = Seen(work.url)
    with joining(seen, OUTPUT) as made:
        for index in (0, 1, 3):
            made.add(done(work, index))
        until = monotonic() + PATIENCE
        while len(taken) < 2 and monotonic() < until:
            sleep(0.01)
        assert taken == ["0000000.part", "0000001.part"]
        made.add(done(work, 2))
        made.end()
    assert work.read(WHOLE).count(b"ad") == 4


def test_nothing_is_left_where_nobody_waits_for_the_end(work):
    with joining(work, OUTPUT) as made:
        made.add(done(work, 0))
    assert WHOLE not in work.names()
    assert not any(name.endswith(PARTIAL) for name in work.names())


def test_a_damaged_part_is_said_and_its_unit_is_to_be_done_again(work):
    bad = done(work, 0)
    (path,) = (work.path(name) for name in work.names() if name.endswith(PART))
    with open(path, "ab") as file:
        file.write(b"x")
    with joining(work, OUTPUT) as made:
        made.add(bad)
        with pytest.raises(BadFile, match=r"0000000\.part is damaged"):
            made.end()
    assert work.names() == ["0000000.part"]


def test_a_fault_is_told_with_a_later_unit(work):
    bad, good = done(work, 0), done(work, 1)
    work.remove(bad.name + PART)
    with joining(work, OUTPUT) as made:
        made.add(bad)
        with pytest.raises(BadFile, match="damaged"):
            _add_for_a_while(made, good)


def _add_for_a_while(made, unit):
    until = monotonic() + PATIENCE
    while monotonic() < until:
        made.add(unit)
