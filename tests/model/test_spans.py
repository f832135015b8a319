import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.kernel import Answers
from model.spans import LEAST, SHARE, spans

LABELS, PHRASES = 4, 3
_spans = st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from([0.2, 0.5, 1.0, 2.0]))
_label = st.lists(_spans, max_size=PHRASES)
_text = st.tuples(st.lists(_label, min_size=LABELS, max_size=LABELS), st.integers(0, 7))


def answers(texts):
    shape = (len(texts), LABELS, PHRASES)
    start, end, own, risk = (np.zeros(shape, kind) for kind in ("i4", "i4", "f8", "f8"))
    for i, (labels, _) in enumerate(texts):
        for label, found in enumerate(labels):
            # Best first, as the kernel gives them.
            for k, (at, size, weight) in enumerate(sorted(found, key=lambda each: -each[2])):
                start[i, label, k], end[i, label, k] = at, at + size
                own[i, label, k], risk[i, label, k] = weight, weight / 2
    none = np.zeros(len(texts), np.int64)
    return Answers(np.zeros(shape[:2]), start, end, own, risk, none.astype(np.int32), none)


def plainly(labels, found):
    """What `spans` says, in plain Python: (start, end, risk, labels shown)."""
    shown = [[at, at + size, weight / 2, set()] for at, size, weight in labels[0]]
    for label in sorted(found):
        best = max((weight for _, _, weight in labels[label]), default=0)
        for at, size, weight in sorted(labels[label], key=lambda each: -each[2]):
            if weight < max(LEAST, SHARE * best):
                continue
            met = [span for span in shown if at < span[1] and span[0] < at + size]
            if not met:
                met = [[at, at + size, weight / 2, set()]]
                shown += met
            for span in met:
                span[3].add(label)
    return shown


@given(st.lists(_text, max_size=5))
def test_same_as_plainly(texts):
    found = np.array(
        [[bits >> place - 1 & 1 if place else 0 for place in range(LABELS)] for _, bits in texts],
        bool,
    ).reshape(len(texts), LABELS)
    made = spans(answers(texts), found)
    for i, (labels, _) in enumerate(texts):
        columns = (column[i, : made.counts[i]].tolist() for column in made[1:])
        got = list(zip(*columns, strict=True))
        expected = plainly(labels, np.flatnonzero(found[i]).tolist())
        assert [(-risk, start) for start, _, risk, _ in got] == sorted(
            (-risk, start) for start, _, risk, _ in got
        )
        assert sorted(got) == sorted(
            (start, end, risk, sum(1 << label for label in shown))
            for start, end, risk, shown in expected
        )
