from training import card


def written(fitted):
    return card.write(fitted.scorer.card, fitted.report.method, card.tables(fitted.report))


def test_the_card_gives_the_figures_of_the_manifest(fitted_small):
    page = written(fitted_small)
    overall = fitted_small.scorer.card["metrics"]["overall"]["roc_auc"]["value"]
    assert f"| {overall:.3f} |" in page
    assert all(limit in page for limit in fitted_small.scorer.card["limits"])
    assert "review or high" in page


def test_the_card_names_what_was_not_trained(fitted_small):
    page = written(fitted_small)
    assert ("Not trained" in page) == bool(fitted_small.scorer.card["untrained"])


def test_the_card_lies_in_the_model(models):
    folder = models / (models / "current").read_text()
    assert (folder / "model-card.md").read_text().startswith("# Model card")
