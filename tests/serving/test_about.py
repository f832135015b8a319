def test_the_indicators_are_those_of_the_scorer(client, scorer):
    listed = client.get("/v1/indicators").json()["indicators"]
    assert [each["name"] for each in listed] == [each.name for each in scorer.indicators]
    for shown, known in zip(listed, scorer.indicators, strict=True):
        assert shown["strength"] == known.strength
        assert {code: tuple(said) for code, said in shown["phrases"].items()} == dict(known.phrases)
        assert shown["counts"] == known.counts


def test_the_model_tells_of_itself(client, scorer):
    answer = client.get("/v1/model")
    card = answer.json()
    assert card["version"] == scorer.version
    assert {"data", "metrics", "untrained"} <= set(card)
    assert card["thresholds"]["review"] <= card["thresholds"]["high"]
    assert card["languages"] == list(scorer.languages)
    assert all(limit.endswith(".") for limit in card["limits"])
    assert answer.headers["cache-control"] == "no-store"
