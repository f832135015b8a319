"""The JSON that goes in and out: over HTTP, and out of `lurewatch score --json`."""

from pydantic import BaseModel, ConfigDict, Field

from model.ad import MAX_CHARS, Ad
from model.indicators import Strength
from model.score import FACTS, Band
from serving import examples
from serving.examples import shown

MAX_ADS = 1_000


class AdIn(BaseModel):
    """An advertisement or message to score."""

    model_config = ConfigDict(**shown(examples.AD), extra="forbid", strict=True)

    text: str = Field(
        min_length=1,
        max_length=MAX_CHARS,
        description=f"Its words as received, 1 to {MAX_CHARS:,} characters, not only blanks.",
        json_schema_extra={"pattern": r"\S"},
    )

    def to_ad(self) -> Ad:
        """The ad; raises `BadAd` for a text that is blank."""
        return Ad(self.text)


class BatchIn(BaseModel):
    """Advertisements to score together."""

    model_config = ConfigDict(**shown({"ads": [examples.AD]}), extra="forbid", strict=True)

    ads: list[AdIn] = Field(
        min_length=1,
        max_length=MAX_ADS,
        description=f"1 to {MAX_ADS:,} ads; any bad one refuses all.",
    )


class PhraseOut(BaseModel):
    """A phrase of the text and how much it moved the risk."""

    model_config = shown(examples.PHRASE)

    text: str = Field(description="The phrase, as in the text that was sent.")
    start: int = Field(
        description="Where it starts, in Unicode code points of the text as sent: in Python, "
        "`text[start:end]` is the phrase."
    )
    end: int = Field(description="Where it ends, in code points; the first one after the phrase.")
    utf16_start: int = Field(
        description="Where it starts, in UTF-16 units, as JavaScript, Java and C# count: "
        "`text.slice(utf16_start, utf16_end)` is the phrase."
    )
    utf16_end: int = Field(description="Where it ends, in UTF-16 units.")
    indicators: list[str] = Field(description="Names of the indicators it shows; may be empty.")
    contribution: float = Field(
        description="Its part of the log-odds; below 0 if it speaks against a lure."
    )


class IndicatorOut(BaseModel):
    """How far the text shows one indicator."""

    model_config = shown(examples.FOUND)

    score: float | None = Field(
        description="Probability from 0 to 1 that the ad shows the indicator; null if the model "
        "had too few examples to learn it."
    )
    strength: Strength = Field(description="How strongly the indicator points to trafficking.")
    found: bool = Field(description="Whether the score is above the indicator's threshold.")


class LanguageOut(BaseModel):
    """The language of the text."""

    model_config = shown(examples.LANGUAGE)

    code: str = Field(description="ISO 639-1 code; `und` where it cannot be told.")
    known: bool = Field(description="Whether the model was trained on it; if not, doubt the risk.")


class ScoreOut(BaseModel):
    """The result for one ad. It speaks about the ad, never about a person."""

    model_config = shown(examples.SCORE)

    risk: float = Field(
        description="Probability from 0 to 1 that the ad is deceptive. It is about the ad, never "
        "about a person, and no ground for acting without a human look."
    )
    band: Band = Field(
        description="What to do with the ad: leave it, look at it, look at it first."
    )
    indicators: dict[str, IndicatorOut] = Field(description="Every indicator, by name.")
    phrases: list[PhraseOut] = Field(
        description="The phrases that drove the risk, highest contribution first; none overlap."
    )
    language: LanguageOut = Field(description="The language found.")
    facts: list[str] = Field(
        description="Codes of what a reader should know: "
        + " ".join(f"`{code}`: {sentence}" for code, sentence in FACTS.items())
    )
    log_odds: float = Field(
        description="The logit of `risk`: the sum of all contributions, `rest` and `intercept`."
    )
    intercept: float = Field(description="The log-odds of an ad without any words.")
    rest: float = Field(description="The log-odds of all the text outside the phrases.")
    model: str = Field(description="Version of the model that scored.")


class BatchOut(BaseModel):
    """The results for a batch."""

    model_config = shown({"scores": [examples.SCORE]})

    scores: list[ScoreOut] = Field(description="One result for each ad, in the order sent.")
