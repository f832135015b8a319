"""The JSON of campaigns, and of who has taken an ad."""

from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from serving import examples
from serving.examples import shown
from serving.kept import DecisionOut, Name, PlainVerdictIn, StoredOut
from serving.store.campaigns import MOST_SPLIT
from serving.store.decisions import MOST_TOGETHER
from serving.store.values import Verdict

_Ids = list[Name]


class SummaryOut(BaseModel):
    """A campaign at a glance."""

    model_config = shown(examples.SUMMARY)

    name: str = Field(description="Its name.")
    size: int = Field(description="How many ads it has; over 1,000 in whole thousands.")
    risk: float = Field(description="The highest risk among them.")
    open: int = Field(description="How many are not decided.")
    first: datetime = Field(description="When the first one came, in UTC.")
    newest: StoredOut = Field(description="The newest one.")


class CampaignsOut(BaseModel):
    """A page of campaigns."""

    model_config = shown({"campaigns": [examples.SUMMARY], "next": None})

    campaigns: list[SummaryOut] = Field(description="The largest first.")
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class SharedOut(BaseModel):
    """A contact that several ads give."""

    model_config = shown(examples.SHARED)

    kind: str = Field(description="What it is; names on platforms are `handle`.")
    value: str = Field(description="The contact, written one way.")
    ads: int = Field(description="How many of the newest 2,000 ads give it.")


class DayOut(BaseModel):
    """A day on which ads came."""

    model_config = shown({"day": "2026-01-15", "ads": 12})

    day: date = Field(description="The day, in UTC.")
    ads: int = Field(description="How many of the newest 2,000 came on it.")


class CampaignOut(SummaryOut):
    """A campaign: what its ads share, and when they came."""

    model_config = shown(examples.CAMPAIGN)

    contacts: list[SharedOut] = Field(description="The contacts that several of its ads give.")
    days: list[DayOut] = Field(description="The days on which its ads came.")
    apart: list[str] = Field(description="Campaigns from which people have cut it.")


class MembersOut(BaseModel):
    """A page of the ads of a campaign."""

    model_config = shown({"ads": [examples.STORED], "next": None})

    ads: list[StoredOut] = Field(description="The newest first.")
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class VerdictForAllIn(PlainVerdictIn):
    """One verdict on several ads."""

    model_config = shown(examples.VERDICT_FOR_ALL)

    ads: _Ids | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_TOGETHER,
        description=f"Which ads; null for the newest {MOST_TOGETHER}. Only open ones are decided.",
    )

    def to_verdict(self) -> Verdict:
        """The verdict; raises `BadQuestion` for a reason that there is not."""
        return Verdict(choice=self.choice, reasons=tuple(self.reasons), note=self.note)


class DecidedOut(BaseModel):
    """What was decided together; `at` is the moment by which it can be undone."""

    model_config = shown(examples.DECIDED)

    at: datetime | None = Field(description="The moment; null if no ad was open.")
    decisions: list[DecisionOut] = Field(description="One for each ad that was open.")


class MomentIn(BaseModel):
    """The moment at which several ads were decided together."""

    model_config = ConfigDict(**shown(examples.MOMENT), extra="forbid", strict=True)

    at: AwareDatetime = Field(description="As the answer to the decisions told it.")


class UndoneOut(BaseModel):
    """How many decisions were taken back."""

    model_config = shown({"undone": 12})

    undone: int = Field(description="How many; ads that were decided again stay as they are.")


class MergeIn(BaseModel):
    """What is to be put into a campaign."""

    model_config = ConfigDict(**shown(examples.MERGE), extra="forbid", strict=True)

    with_: Name = Field(alias="with", description="Another campaign, or the id of an ad.")


class SplitIn(BaseModel):
    """Which ads are to have a campaign of their own."""

    model_config = ConfigDict(**shown(examples.SPLIT), extra="forbid", strict=True)

    ads: _Ids = Field(min_length=1, max_length=MOST_SPLIT, description="Their ids.")


class AssignIn(BaseModel):
    """Whose an ad shall be."""

    model_config = ConfigDict(**shown(examples.ASSIGN), extra="forbid", strict=True)

    to: Name | None = Field(description="The name of somebody who may log in; null for nobody.")
