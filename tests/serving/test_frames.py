import pyarrow as pa
import pytest

from model.ad import Ad
from model.score import Score
from serving import flat
from serving.frames import BATCH, schema, score_table, score_texts

AD = "Leave next week, visa and ticket paid. Easy money, no contract needed."


def test_any_number_of_texts_is_scored_in_order(scorer):
    texts = (f"{AD} {n}" if n % 2 else None for n in range(2 * BATCH + 1))
    found = list(score_texts(scorer, texts, threads=2))
    assert [isinstance(each, Score) for each in found] == [n % 2 == 1 for n in range(len(found))]
    assert (found[3], len(found)) == (scorer.score([Ad(f"{AD} 3")])[0], 2 * BATCH + 1)
    assert found[0] == "The text is empty. Send the words of the advertisement."


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize("batch", [False, True], ids=["table", "batch"])
def test_table_gains_our_columns(scorer, kind, batch):
    table = pa.table({"id": [1, 2], "body": pa.array([AD, ""], kind)})
    given = table.to_batches()[0] if batch else table
    scored = score_table(scorer, given, "body")
    assert scored.schema.names == ["id", "body", *flat.FIELDS]
    assert scored.select(["id", "body"]) == table
    assert scored.schema.names[2:] == schema(scorer).names
    good, bad = scored.to_pylist()
    told = flat.nested(scorer.columns([Ad(AD)]))
    record = {name: value for name, [value] in told.items()}
    assert {name: good[name] for name in record} == record
    assert (good["error"], bad["risk"]) == (None, None)
    assert bad["error"].startswith("The text is empty.")


def test_names_that_the_table_has_are_kept_apart(scorer):
    scored = score_table(scorer, pa.table({"text": [AD], "risk": ["mine"]}))
    assert scored.schema.names[1:3] == ["risk", "lurewatch_risk"]
    assert score_table(scorer, pa.table({"text": pa.array([], pa.string())})).num_rows == 0


def test_column_of_no_text_is_refused(scorer):
    with pytest.raises(TypeError, match=r"Column 'id' holds int64, not text\."):
        score_table(scorer, pa.table({"id": [1]}), "id")
    with pytest.raises(KeyError, match="text"):
        score_table(scorer, pa.table({"id": [1]}))
