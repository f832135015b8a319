"""Reading of bulk files: megabytes a second of one core, ours and its peers', in one run."""

import csv
import gc
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from bench.rounds import Figure
from serving.bulk.cut import cut
from serving.bulk.heads import look
from serving.bulk.output import Columns, Output
from serving.bulk.read import read
from serving.bulk.sources import Form, find
from serving.bulk.write import join, part

COLUMNS = Columns(("id", "title", "text", "place"), ("text",) * 4)
FORMS: tuple[Form, ...] = ("csv", "jsonl", "parquet")
SETTINGS = {
    "cut": "where units begin, without reading their rows",
    "read": "ours, cut and read, every row with its cells by name",
    "csv.reader": "standard library, UTF-8, rows as lists",
    "json.loads": "standard library, line by line",
    "arrow": "pyarrow, one thread, a table in its own memory",
    "arrow rows": "pyarrow, one thread, rows as dicts",
}

Work = Callable[[Path], object]


def figures(
    texts: Sequence[str], folder: Path, *, rounds: int, progress: Callable[[str], None]
) -> list[Figure]:
    """Megabytes of the file a second of processor time, in each round for every contestant."""
    values: dict[tuple[Form, str], list[float]] = {}
    for number in range(1, rounds + 1):
        for form in FORMS:
            path = folder / f"table.{form}"
            if number == 1:
                _write(path, form, texts)
            for name, work in _contestants(form).items():
                progress(f"round {number}: {name} {form}")
                values.setdefault((form, name), []).append(_speed(work, path))
    return [
        Figure(f"{form}, {name}", SETTINGS[name], "MB/s", tuple(found))
        for (form, name), found in values.items()
    ]


def _contestants(form: Form) -> dict[str, Work]:
    ours: dict[str, Work] = {"cut": _cut, "read": _read}
    peers: dict[Form, dict[str, Work]] = {
        "csv": {"csv.reader": _csv_reader, "arrow": _arrow_csv, "arrow rows": _arrow_csv_rows},
        "jsonl": {"json.loads": _json_loads},
        "parquet": {"arrow rows": _arrow_parquet_rows},
    }
    if form == "parquet":
        del ours["cut"]  # it reads nothing but the end of the file
    return ours | peers[form]


def _write(path: Path, form: Form, texts: Sequence[str]) -> None:
    output = Output(form, COLUMNS, escape=False, bom=False)
    rows = (
        {"id": str(i), "title": f"Job {i}", "text": text, "place": "Dubai"}
        for i, text in enumerate(texts)
    )
    piece = path.with_suffix(".part")
    with part(piece, output) as out:
        out.write(list(rows))
    with path.open("wb") as whole:
        join([piece], whole, output)


def _speed(work: Work, path: Path) -> float:
    gc.collect()
    start = time.process_time()
    work(path)
    return path.stat().st_size / 1e6 / (time.process_time() - start)


def _cut(path: Path) -> int:
    return len(list(cut(look(find([str(path)])[0]))))


def _read(path: Path) -> int:
    head = look(find([str(path)])[0])
    return sum(1 for unit in cut(head) for _ in read(head, unit))


def _csv_reader(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines))


def _json_loads(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for line in lines if json.loads(line))


def _arrow_csv(path: Path) -> int:
    return sum(batch.num_rows for batch in _arrow_batches(path))


def _arrow_csv_rows(path: Path) -> int:
    return sum(len(batch.to_pylist()) for batch in _arrow_batches(path))


def _arrow_batches(path: Path) -> arrow_csv.CSVStreamingReader:
    return arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS.names, pa.string())
        ),
    )


def _arrow_parquet_rows(path: Path) -> int:
    batches = parquet.ParquetFile(path).iter_batches(1024, use_threads=False)
    return sum(len(batch.to_pylist()) for batch in batches)
