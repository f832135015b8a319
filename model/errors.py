"""What can go wrong, by the thing that is wrong.

    LurewatchError      every error the user can mend; the message says how
    ├── BadAd           a text that cannot be scored (empty, too long, not Unicode)
    ├── BadIndicators   indicators.toml does not hold what it must
    ├── BadPlaces       places.toml does not hold what it must
    ├── BadPlan         plan.toml does not hold what it must
    ├── BadData         labelled rows that cannot be trained on
    └── BadArtifact     a model folder that is damaged, foreign or of another format

The command line turns them into one line and an exit code, the HTTP service into one problem
document.
"""


class LurewatchError(Exception):
    """An error whose message names the thing, its value and the way out."""


class BadAd(LurewatchError):
    """A text that cannot be scored."""


class BadIndicators(LurewatchError):
    """An indicator table that does not hold what it must."""


class BadPlaces(LurewatchError):
    """A list of places that does not hold what it must."""


class BadPlan(LurewatchError):
    """A training plan that does not hold what it must."""


class BadData(LurewatchError):
    """Labelled rows that cannot be trained on."""


class BadArtifact(LurewatchError):
    """A model folder that is damaged, foreign or of another format."""
