"""The JSON that is sent and received about stored ads, field by field."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from model.marks import Span
from serving import examples
from serving.examples import shown
from serving.schemas import MAX_ADS, AdIn, ScoreOut
from serving.store.values import MAX_NAME, MAX_NOTE, REASONS, Choice, Kind, Status, Verdict

MAX_SPANS = 200


def _whole(value: object) -> object:
    """In JSON 3.0 is an integer too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Offset = Annotated[int, BeforeValidator(_whole)]
NO_NUL = r"^[^\x00]*$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=NO_NUL)]


class KeepIn(AdIn):
    """An advertisement to score and keep."""

    model_config = ConfigDict(**shown(examples.KEEP), extra="forbid", strict=True)

    source: Name = Field(default="api", description="Where it comes from.")
    external_id: Name | None = Field(default=None, description="What it is called there.")


class KeepBatchIn(BaseModel):
    """Advertisements to score and keep together."""

    model_config = ConfigDict(**shown({"ads": [examples.KEEP]}), extra="forbid", strict=True)

    ads: list[KeepIn] = Field(
        min_length=1,
        max_length=MAX_ADS,
        description=f"1 to {MAX_ADS:,} ads; any bad one refuses all.",
    )


class KnownOut(BaseModel):
    """What an ad names or gives that is on the allow list."""

    model_config = shown(examples.KNOWN)

    kind: Kind = Field(description="What it is.")
    value: str = Field(description="As the list has it.")


class StoredOut(BaseModel):
    """An ad that is kept."""

    model_config = shown(examples.STORED)

    id: str = Field(description="Its name here.")
    received: datetime = Field(description="When it came, in UTC.")
    source: str = Field(description="Where it comes from.")
    external_id: str | None = Field(description="What it is called there.")
    sha256: str = Field(description="The hash of its text in UTF-8.")
    status: Status = Field(description="How far the work on it is.")
    verdict: Choice | None = Field(description="What was decided; null if nothing was.")
    assignee: str | None = Field(description="Who has taken it.")
    campaign: str | None = Field(description="The campaign it belongs to.")
    size: int = Field(description="How many ads the campaign has.")
    known: list[KnownOut] = Field(
        description="What it names or gives that is on the allow list. The score takes no account "
        "of it: anybody can write a known name."
    )
    text: str = Field(description="Its words as received.")
    result: ScoreOut = Field(description="Its score, by the model of that day.")


class StoredListOut(BaseModel):
    """The ads that were sent, as they are kept."""

    model_config = shown({"ads": [examples.STORED]})

    ads: list[StoredOut] = Field(description="One for each ad, in the order sent.")


class PageOut(BaseModel):
    """A page of a list of ads."""

    model_config = shown(examples.PAGE)

    ads: list[StoredOut] = Field(description="The ads of the page.")
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")
    cut: bool = Field(
        description="Whether more ads hold the words asked for than are looked through: ask for "
        "rarer words."
    )


class QueueOut(PageOut):
    """A page of the queue, with counts."""

    model_config = shown({**examples.PAGE, "counts": {"band": {"high": 1}}})

    counts: dict[str, dict[str, int]] = Field(
        description="For each facet, how many ads each of its values would give, the rest of the "
        "filter being kept."
    )


class SpanIO(BaseModel):
    """A phrase of the text, and the indicators it shows."""

    model_config = ConfigDict(**shown(examples.SPAN), extra="forbid", strict=True)

    start: Offset = Field(ge=0, description="Where it starts, in code points of the text.")
    end: Offset = Field(ge=1, description="Where it ends, in code points.")
    indicators: list[str] = Field(default_factory=list, description="Names of indicators.")

    def to_span(self) -> Span:
        """The span."""
        return Span(self.start, self.end, tuple(self.indicators))


class PlainVerdictIn(BaseModel):
    """What may be decided about any number of ads."""

    model_config = ConfigDict(extra="forbid", strict=True)

    choice: Choice = Field(description="The verdict.")
    reasons: list[str] = Field(
        default_factory=list,
        max_length=len(REASONS),
        json_schema_extra={"items": {"type": "string", "enum": list(REASONS)}},
        description="Codes of why. "
        + " ".join(f"`{code}`: {sentence}" for code, sentence in REASONS.items()),
    )
    note: str = Field(
        default="", max_length=MAX_NOTE, pattern=NO_NUL, description="A note for colleagues."
    )


class VerdictIn(PlainVerdictIn):
    """What is decided about an ad, and why."""

    model_config = shown(examples.VERDICT)

    indicators: list[str] | None = Field(
        default=None, description="The right indicators; null if those found may stand."
    )
    marked: list[SpanIO] = Field(
        default_factory=list, max_length=MAX_SPANS, description="Phrases to mark."
    )
    unmarked: list[SpanIO] = Field(
        default_factory=list,
        max_length=MAX_SPANS,
        description="Phrases of the model that show nothing.",
    )

    def to_verdict(self) -> Verdict:
        """The verdict; raises `BadQuestion` for a reason that there is not."""
        return Verdict(
            choice=self.choice,
            reasons=tuple(self.reasons),
            note=self.note,
            indicators=None if self.indicators is None else tuple(self.indicators),
            marked=tuple(span.to_span() for span in self.marked),
            unmarked=tuple(span.to_span() for span in self.unmarked),
        )


class DecisionOut(BaseModel):
    """A decision about an ad."""

    model_config = shown(examples.DECISION)

    id: str = Field(description="Its name.")
    at: datetime = Field(description="When, in UTC.")
    by: str = Field(description="By whom.")
    choice: Choice = Field(description="The verdict.")
    reasons: list[str] = Field(description="Codes of why.")
    note: str = Field(description="The note.")
    indicators: list[str] | None = Field(description="The right indicators, or null.")
    marked: list[SpanIO] = Field(description="Phrases that were marked.")
    unmarked: list[SpanIO] = Field(description="Phrases that show nothing.")
    undone: datetime | None = Field(description="When it was undone; null if it stands.")


class HistoryOut(BaseModel):
    """All decisions about an ad."""

    model_config = shown({"decisions": [examples.DECISION]})

    decisions: list[DecisionOut] = Field(description="The first one first.")
