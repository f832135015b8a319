"""What the desk says of codes. `_` marks words for the catalogues; templates translate them."""

from collections.abc import Mapping

from model.indicators import Strength
from model.score import FACTS, Band
from serving.desk.view import Weight


def _(words: str) -> str:
    return words


BANDS: Mapping[Band, str] = {"high": _("High"), "review": _("Review"), "low": _("Low")}
HEADINGS: Mapping[Band, str] = {
    "high": _("Read this ad first"),
    "review": _("Read this ad"),
    "low": _("Nothing in this ad stands out"),
}
STRENGTHS: Mapping[Strength, str] = {
    "strong": _("strong sign"),
    "medium": _("medium sign"),
    "weak": _("weak sign"),
}
RAISES: Mapping[Weight, str] = {
    "strong": _("raises the risk strongly"),
    "clear": _("raises the risk"),
    "slight": _("raises the risk a little"),
}
LOWERS: Mapping[Weight, str] = {
    "strong": _("lowers the risk strongly"),
    "clear": _("lowers the risk"),
    "slight": _("lowers the risk a little"),
}
#: What is true of the text itself; the other facts say how far to trust the result.
DISGUISES: Mapping[str, str] = {
    code: FACTS[code]
    for code in ("hidden_characters", "look_alike_letters", "spaced_letters", "leetspeak")
}
