import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.marks import Marked, MarkError, Span, parse, render

SPAN = Span(2, 4, ("debt_bondage",))


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        pytest.param("no marks", "no marks", [], id="none"),
        pytest.param("", "", [], id="empty"),
        pytest.param("a [[x|b c]] d", "a b c d", [Span(2, 5, ("x",))], id="one"),
        pytest.param(
            "[[x|a]][[y|b]]", "ab", [Span(0, 1, ("x",)), Span(1, 2, ("y",))], id="touching"
        ),
        pytest.param("[[x+y|a]]", "a", [Span(0, 1, ("x", "y"))], id="two indicators"),
        pytest.param("🙂 [[x|é🙂]]", "🙂 é🙂", [Span(2, 4, ("x",))], id="code points"),
        pytest.param("[[x|a\nb]]", "a\nb", [Span(0, 3, ("x",))], id="over a line break"),
        pytest.param("[[x|a|b]]", "a|b", [Span(0, 3, ("x",))], id="bar in the phrase"),
        pytest.param("[[[x|a]]]", "[a]", [Span(1, 2, ("x",))], id="in brackets"),
        pytest.param("[a] [[x|b[c]d]]", "[a] b[c]d", [Span(4, 9, ("x",))], id="single brackets"),
    ],
)
def test_parse_takes_the_marks_off(marked, text, spans):
    assert parse(marked) == Marked(text, tuple(spans))
    assert render(text, spans) == marked


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        pytest.param("a [[x|b", 'mark at character 2 is never closed. Put "]]"', id="open"),
        pytest.param("a b]] c", '"]]" at character 3 closes no mark. Take it out', id="closing"),
        pytest.param("[[x|a [[y|b]] c]]", "0 holds another mark at character 6", id="nested"),
        pytest.param(
            "[[x a]]", r"names no indicator. Write it as [[indicator|phrase]]", id="no bar"
        ),
        pytest.param("[[X|a]]", "at character 0 names no indicator", id="capital"),
        pytest.param("[[x+|a]]", "names no indicator", id="half a name"),
        pytest.param("[[|a]]", "names no indicator", id="no name"),
        pytest.param("[[x+x|a]]", "names x+x. Name each indicator once", id="twice"),
        pytest.param("[[x|]]", "empty phrase. Mark the words", id="empty"),
        pytest.param("[[x|  ]]", "empty phrase", id="blank"),
        pytest.param("[[x|a ]]", "white space at the edge of 'a '. Move it", id="edge"),
        pytest.param("[[x|[a]]", "square bracket at the edge of '[a'", id="bracket"),
        pytest.param("[[x|a]]]]", '"]]" at character 7 closes no mark', id="closed twice"),
        pytest.param("[[[[x|a]]", 'The text has "[["', id="opened twice"),
    ],
)
def test_parse_refuses_broken_marks(marked, message):
    with pytest.raises(MarkError) as error:
        parse(marked)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "spans", "message"),
    [
        pytest.param("abc", [SPAN], "2:4 overlaps another or is not in", id="outside"),
        pytest.param("abcdef", [SPAN, SPAN], "2:4 overlaps another", id="overlap"),
        pytest.param("abcdef", [Span(2, 2, ("x",))], "2:2 overlaps", id="nothing"),
        pytest.param("abcdef", [Span(2, 4, ())], "shows ()", id="no indicator"),
        pytest.param("abcdef", [Span(2, 4, ("A b",))], "shows ('A b',)", id="not a name"),
        pytest.param("ab def", [SPAN], "white space", id="edge"),
        pytest.param("a [[b", [], 'has "[[" at character 2', id="double bracket"),
    ],
)
def test_render_refuses_what_could_not_be_read_back(text, spans, message):
    with pytest.raises(MarkError) as error:
        render(text, spans)
    assert message in str(error.value)


_names = st.lists(
    st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True), min_size=1, max_size=3, unique=True
)
_phrases = st.text(st.sampled_from("ab |+[]\n\u200bé🙂"), min_size=1, max_size=9)
_pieces = st.lists(st.tuples(_phrases, st.none() | _names), max_size=6)


@given(_pieces)
def test_what_is_rendered_is_read_back(pieces):
    text, spans = "", []
    for piece, names in pieces:
        if names:
            spans.append(Span(len(text), len(text) + len(piece), tuple(names)))
        text += piece
    try:
        marked = render(text, spans)
    except MarkError:
        return
    assert parse(marked) == Marked(text, tuple(spans))


@given(st.text(st.sampled_from("[]|+ax_ \n")))
def test_what_is_read_is_rendered_back(marked):
    try:
        read = parse(marked)
    except MarkError:
        return
    assert render(read.text, read.spans) == marked
