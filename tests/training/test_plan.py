from pathlib import Path

import pytest

from model.errors import BadPlan
from training import fit, plan
from training.data import Corpus
from training.plan import Bands, Fit, Ngrams, Plan, Recipe

SHIPPED = Path(plan.__file__).with_name("plan.toml")

PLAN = """
seed = 7
[ngrams]
words = 2
signs = 4
chars = [3, 5]
min_df = 3
idf_power = 2
chars_weight = 0.5
several_weight = 1.3
[risk]
C = 1.5
marked_weight = 0.6
[indicators]
C = 12
marked_weight = 0.4
[fit]
folds = 5
min_examples = 20
known_language = 30
[bands]
review_false_alarms = 0.1
high_false_alarms = 0.01
"""


def test_the_shipped_plan_loads():
    assert plan.load() == plan.load(SHIPPED)


def test_every_number_is_read():
    assert plan.parse(PLAN) == Plan(
        seed=7,
        ngrams=Ngrams(
            words=2,
            signs=4,
            chars=(3, 5),
            min_df=3,
            idf_power=2,
            chars_weight=0.5,
            several_weight=1.3,
        ),
        risk=Recipe(C=1.5, marked_weight=0.6),
        indicators=Recipe(C=12, marked_weight=0.4),
        fit=Fit(folds=5, min_examples=20, known_language=30),
        bands=Bands(review_false_alarms=0.1, high_false_alarms=0.01),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("seed = 7", "seed = -1", "seed is -1; give a whole number", id="seed"),
        pytest.param("seed = 7", "seed = 1.0", "seed is 1.0; give a whole", id="float seed"),
        pytest.param("seed = 7", "seed = true", "seed is True; give a whole", id="seed yes"),
        pytest.param("seed = 7", "seed = 4294967296", "seed is 4294967296; give", id="huge seed"),
        pytest.param("seed = 7", "", "the plan lacks key 'seed'", id="no seed"),
        pytest.param("seed = 7", "seeds = 7\nseed = 7", "unknown key 'seeds'", id="another key"),
        pytest.param("[ngrams]", "[grams]", "unknown key 'grams'", id="another part"),
        pytest.param("[bands]", "[[bands]]", "bands is a list; write [bands]", id="part twice"),
        pytest.param("words = 2", "", "[ngrams] lacks key 'words'", id="no words"),
        pytest.param("words = 2", "words = 0", "ngrams.words is 0; give", id="words"),
        pytest.param("words = 2", "words = [2]", "ngrams.words is (2,); give", id="list of words"),
        pytest.param("signs = 4", 'signs = "4"', "ngrams.signs is '4'; give", id="signs"),
        pytest.param("min_df = 3", "min_df = 0", "ngrams.min_df is 0; give", id="min_df"),
        pytest.param("[3, 5]", "[5, 3]", "ngrams.chars is [5, 3]; give [from, to]", id="turned"),
        pytest.param("[3, 5]", "[0, 5]", "ngrams.chars is [0, 5]; give", id="chars from 0"),
        pytest.param("[3, 5]", "[3]", "ngrams.chars is [3]; give", id="one char"),
        pytest.param("[3, 5]", "3", "ngrams.chars is 3; give", id="no list of chars"),
        pytest.param("[3, 5]", '["a", "b"]', "ngrams.chars is ['a', 'b']; give", id="texts"),
        pytest.param("[3, 5]", "[1.5, 2]", "ngrams.chars is [1.5, 2]; give", id="parts of chars"),
        pytest.param("C = 1.5", "C = 0", "risk.C is 0; give a number above 0", id="C"),
        pytest.param("C = 1.5", "C = inf", "risk.C is inf; give", id="infinite C"),
        pytest.param("C = 1.5", "C = nan", "risk.C is nan; give", id="C not a number"),
        pytest.param("C = 1.5", 'C = "1"', "risk.C is '1'; give", id="C as text"),
        pytest.param("C = 1.5", "C = true", "risk.C is True; give", id="C yes"),
        pytest.param("C = 12", "C = 0", "indicators.C is 0; give", id="C of indicators"),
        pytest.param("= 0.6", "= 0", "risk.marked_weight is 0; give", id="weight of lures"),
        pytest.param("= 0.4", "= -1", "indicators.marked_weight is -1", id="weight of marks"),
        pytest.param("power = 2", "power = 0", "ngrams.idf_power is 0; give", id="idf_power"),
        pytest.param("= 0.5", "= 0", "ngrams.chars_weight is 0; give", id="chars_weight"),
        pytest.param("= 1.3", "= 0", "ngrams.several_weight is 0", id="several_weight"),
        pytest.param("folds = 5", "folds = 1", "fit.folds is 1; give", id="folds"),
        pytest.param("= 20", "= 4", "fit.min_examples is 4; give", id="fewer examples than folds"),
        pytest.param("= 30", "= 0", "fit.known_language is 0; give", id="known_language"),
        pytest.param("= 0.01", "= 0.2", "high_false_alarms (0.2) <= review", id="high > review"),
        pytest.param("= 0.01", "= 0.0", "high_false_alarms is 0.0; give", id="no false alarms"),
        pytest.param("= 0.1", "= 1.0", "(1.0) < 1 must hold", id="all false alarms"),
        pytest.param("= 0.1\n", '= "x"\n', "review_false_alarms is 'x'", id="share as text"),
        pytest.param("seed = 7", "seed =", "Invalid value", id="not TOML"),
    ],
)
def test_a_fault_is_named_with_its_file(tmp_path, old, new, message):
    path = tmp_path / "mine.toml"
    path.write_text(PLAN.replace(old, new, 1), "utf-8")
    with pytest.raises(BadPlan) as error:
        plan.load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


@pytest.mark.parametrize("content", [None, b"seed = '\xff'"], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "mine.toml"
    if content:
        path.write_bytes(content)
    with pytest.raises(BadPlan, match=r"mine\.toml: "):
        plan.load(path)


@pytest.fixture(scope="module")
def few(corpus):
    return Corpus(corpus.records[:120])


@pytest.fixture(scope="module")
def base(few, small_plan):
    return fit.fit(small_plan, few)


@pytest.fixture(scope="module")
def other(few):
    """Fitted with another number in each place."""
    changed = Plan(
        seed=1,
        ngrams=Ngrams(
            words=1,
            signs=1,
            chars=(4, 4),
            min_df=5,
            idf_power=1,
            chars_weight=1,
            several_weight=1,
        ),
        risk=Recipe(C=0.25, marked_weight=1),
        indicators=Recipe(C=0.5, marked_weight=1),
        fit=Fit(folds=2, min_examples=20, known_language=121),
        bands=Bands(review_false_alarms=0.5, high_false_alarms=0.5),
    )
    return fit.fit(changed, few)


def test_the_ngrams_reach_the_model(base, other):
    fewer, more = ({*fitted.scorer.linear.terms} for fitted in (other, base))
    chars = {term for term in fewer | more if term[0] == "~"}
    assert {len(term) for term in chars & fewer} == {5}  # 4 and the mark
    assert {len(term) for term in chars & more} == {4, 5}
    assert [any(" " in term for term in terms - chars) for terms in (fewer, more)] == [0, 1]
    assert fewer < more  # min_df


def test_the_numbers_of_the_fit_reach_the_model(base, other, small_plan):
    for name, recipe, other_c in (
        ("deceptive", small_plan.risk, 0.25),
        ("debt_bondage", small_plan.indicators, 0.5),
    ):
        models = [fitted.pipeline[name] for fitted in (base, other)]
        assert [(each.C, each.random_state) for each in models] == [(recipe.C, 0), (other_c, 1)]
    assert len(base.scorer.card["untrained"]) < len(other.scorer.card["untrained"])
    assert [fitted.scorer.languages for fitted in (base, other)] == [("en",), ()]


def test_the_shares_of_false_alarms_set_the_bands(base, other):
    assert base.scorer.thresholds.review > other.scorer.thresholds.review
    assert base.scorer.thresholds.high > other.scorer.thresholds.high
