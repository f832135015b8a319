"""The JSON of the allow list."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from serving import examples
from serving.examples import shown
from serving.kept import NO_NUL, Name
from serving.store.values import MAX_WHY, Kind, Vouch


class VouchIn(BaseModel):
    """An employer, a phone number or a domain that somebody answers for."""

    model_config = ConfigDict(**shown(examples.VOUCH), extra="forbid", strict=True)

    kind: Kind = Field(description="What it is.")
    value: Name = Field(
        description="A name of three letters or more, a number with its country, or a domain that "
        "is the employer's own."
    )
    owner: Name = Field(description="Who answers for it.")
    reason: str = Field(min_length=1, max_length=MAX_WHY, pattern=NO_NUL, description="Why.")
    until: date = Field(description="The last day on which it has an effect, in UTC.")

    def to_vouch(self) -> Vouch:
        """The entry to be made; raises `BadQuestion` for blanks."""
        return Vouch(**self.model_dump())


class AllowedOut(BaseModel):
    """An entry of the allow list."""

    model_config = shown(examples.ALLOWED)

    id: str = Field(description="Its name here.")
    kind: Kind = Field(description="What it is.")
    value: str = Field(description="As it was written.")
    owner: str = Field(description="Who answers for it.")
    reason: str = Field(description="Why.")
    until: date = Field(description="The last day on which it has an effect.")
    added: datetime = Field(description="When it was added, in UTC.")
    by: str = Field(description="By whom it was added.")


class AllowListOut(BaseModel):
    """The allow list."""

    model_config = shown({"allowed": [examples.ALLOWED]})

    allowed: list[AllowedOut] = Field(description="The newest first, with entries that are over.")
