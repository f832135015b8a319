"""A score as the JSON object that `ScoreOut` declares: over HTTP, and of `lurewatch score --json`.

Plain dicts: as models the same object takes three times as long to make and to write.
"""

from collections.abc import Sequence

from model.indicators import Indicator
from model.score import Phrase, Score
from serving import flat
from serving.offsets import Count, utf16

Object = dict[str, object]


def result(score: Score, indicators: Sequence[Indicator], text: str) -> Object:
    """What to tell of the score of `text`, by a scorer with these indicators."""
    count = utf16(text)
    return {
        "risk": score.risk,
        "band": score.band,
        "indicators": {
            each.name: {
                "score": score.indicators[each.name],
                "strength": each.strength,
                "found": each.name in score.found,
            }
            for each in indicators
            if each.name in score.indicators
        },
        "phrases": [_phrase(phrase, count) for phrase in flat.phrases(score)],
        "language": {"code": score.language.code, "known": score.language.known},
        "facts": score.facts,
        "log_odds": score.log_odds,
        "intercept": score.intercept,
        "rest": score.rest,
        "model": score.model,
    }


def _phrase(phrase: Phrase, count: Count) -> Object:
    return {
        "text": phrase.text,
        "start": phrase.start,
        "end": phrase.end,
        "utf16_start": count(phrase.start),
        "utf16_end": count(phrase.end),
        "indicators": phrase.indicators,
        "contribution": phrase.contribution,
    }
