"""Label noise: the texts whose label cleanlab doubts, for a person to read."""

from collections import Counter

import numpy as np

from model.indicators import load
from training.figures import Ints
from training.report.folds import Folds
from training.report.parts import Quote, Quotes, Row, Section, Table
from training.report.real import quote

METHOD = (
    "Confident learning (Northcutt et al. 2021, by cleanlab) on the held-out risks: a label is "
    "doubted where the risk speaks for the other label more firmly than it does on average for "
    "texts that have it. The firmest doubt comes first. A doubt is no error: read the text, then "
    "change the label, or leave it. The phrases are why: each adds its figure to the log-odds of "
    "the risk."
)


def section(folds: Folds) -> Section:
    """What is doubted, by label and language, and the texts."""
    doubted = find(folds)
    quotes = tuple(_quote(folds, int(i)) for i in doubted)
    parts = (_counts(folds, doubted), Quotes("Doubtful labels, the firmest doubt first", quotes))
    return Section("doubts", "Doubtful labels", METHOD, parts)


def find(folds: Folds) -> Ints:
    """The numbers of the records whose label is doubted, the firmest doubt first."""
    from cleanlab.filter import find_label_issues  # it takes seconds to import

    risk = np.array([each.risk for each in folds.scores])
    found: Ints = find_label_issues(
        folds.truth.astype(np.int64),
        np.column_stack([1 - risk, risk]),
        filter_by="confident_learning",
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return found


def _counts(folds: Folds, doubted: Ints) -> Table:
    records = [folds.records[i] for i in doubted]
    rows: list[Row] = []
    for name, keys in (
        ("language", [each.language for each in records]),
        ("writer", [each.writer for each in records]),
        ("kind", [each.kind for each in records]),
    ):
        counts = Counter(zip(keys, [each.label for each in records], strict=True))
        for key in sorted({key for key, _ in counts}):
            rows.append((f"{name} {key}", counts[key, True], counts[key, False]))
    rows.insert(
        0, ("all", *(sum(each.label == side for each in records) for side in (True, False)))
    )
    return Table("Doubted labels", ("texts", "labelled deceptive", "labelled honest"), tuple(rows))


def _quote(folds: Folds, i: int) -> Quote:
    record = folds.records[i]
    titles = {each.name: each.title for each in load()}
    made = quote(record, folds.scores[i], titles)
    label = "deceptive" if record.label else "honest"
    head = f"labelled {label}, {made.head}; {record.kind}, {record.sector}"
    return Quote(made.id, head, made.text, made.spans)
