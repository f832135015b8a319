import pytest

from serving.bulk.columns import NAMES, check, choose
from serving.bulk.errors import BadColumn
from serving.bulk.rows import Row


def head(*records):
    return [Row(number, record) for number, record in enumerate(records, 2)]


LONG = "Leave next week, visa and ticket paid."


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        pytest.param(["id", "text", "url"], "text", id="text"),
        pytest.param(["title", "Description"], "Description", id="capitals"),
        pytest.param(["body", "text"], "text", id="surest first"),
        pytest.param(["id", "job_description"], "job_description", id="last word"),
        pytest.param(["text_id", "ad text"], "ad text", id="not its id"),
        pytest.param(["название", "Текст"], "Текст", id="Russian"),
        pytest.param(["标题", "职位描述"], "职位描述", id="Chinese"),
    ],
)
def test_name_is_guessed(columns, chosen):
    assert choose(columns, []).names == (chosen,)
    assert choose(columns, head(dict.fromkeys(columns, LONG))).names == (chosen,)


@pytest.mark.parametrize("name", NAMES)
def test_every_known_name_is_taken(name):
    assert choose(["id", name], []).names == (name,)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"a": "x", "b": LONG}, id="longest"),
        pytest.param({"a": 10**60, "b": LONG}, id="not a number"),
        pytest.param({"a": "1" * 60, "b": LONG}, id="not digits"),
        pytest.param({"text": "", "b": LONG}, id="name of an empty column"),
        pytest.param({"ad": "4711", "b": LONG}, id="name of a column of numbers"),
    ],
)
def test_content_is_guessed(record):
    choice = choose(list(record), head(record, record))
    assert str(choice) == (
        "Text column: 'b' (guessed by its content, 38 characters a row; "
        "--text-column takes another)."
    )


def test_asked_column_is_taken():
    assert str(choose(["text", "b"], [], ["b"])) == "Text column: 'b' (as asked)."


def test_asked_columns_are_taken_in_order_and_once():
    choice = choose(["text", "title", "id"], [], ["title", "text", "title"])
    assert str(choice) == "Text columns: 'title' + 'text' (as asked)."


@pytest.mark.parametrize(
    ("columns", "asked", "message"),
    [
        pytest.param(
            ["id", "titel", "text"],
            "title",
            "There is no column 'title'. The columns are: id, titel, text. Did you mean 'titel'?",
            id="close",
        ),
        pytest.param(
            ["id", "text"],
            "xyz",
            "There is no column 'xyz'. The columns are: id, text. Did you mean 'text'?",
            id="best guess",
        ),
        pytest.param(
            ["id"], "xyz", "There is no column 'xyz'. The columns are: id.", id="nothing near"
        ),
        pytest.param(
            ["id"],
            None,
            "No column looks like the text of an ad. The columns are: id. "
            "Name it with --text-column.",
            id="no guess",
        ),
        pytest.param(
            [],
            None,
            "No column looks like the text of an ad. There are no columns. "
            "Name it with --text-column.",
            id="no columns",
        ),
    ],
)
def test_missing_column_is_refused(columns, asked, message):
    with pytest.raises(BadColumn) as error:
        choose(columns, [], [asked] if asked else [])
    assert str(error.value) == message


def test_other_columns_are_checked():
    check(["id", "lang"], "lang")
    with pytest.raises(BadColumn, match=r"There is no column 'lan'. .* Did you mean 'lang'?"):
        check(["id", "lang"], "lan")
