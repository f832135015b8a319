from dataclasses import replace

from training import ties
from training.data import Corpus


def test_pairs_and_near_copies_are_tied_whatever_lies_between(corpus):
    one, two, three, four = corpus.records[10:14]
    copy = (
        "Waitresses wanted for a beach bar in Larnaca, sixty euros a day and a room above the bar."
    )
    records = (
        replace(one, pair=None, text=copy),
        replace(two, pair=None),
        replace(three, pair=four.id, text=copy.replace("sixty", "seventy")),
        replace(four, pair=three.id),
    )
    groups = ties.groups(Corpus(records))
    assert groups[0] == groups[2] == groups[3] != groups[1]


def test_clusters_number_near_copies_alike(corpus):
    texts = [each.text for each in corpus.records[:60]]
    again = [text.upper() + " !" for text in texts]
    found = ties.clusters(texts + again)
    assert (found[:60] == found[60:]).all()
    assert len({*found.tolist()}) == 60


def test_no_texts_have_no_clusters():
    assert ties.clusters([]).tolist() == []
