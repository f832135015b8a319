"""What the desk says of codes. `_` marks words for the catalogues; templates translate them."""

from collections.abc import Mapping

from model.indicators import Strength
from model.score import FACTS, Band
from serving.desk.view import Weight
from serving.roles import Role
from serving.store.formats.rows import Name
from serving.store.uploads import Status as UploadStatus
from serving.store.values import Choice, Kind, Sort, Status


def _(words: str) -> str:
    return words


BANDS: Mapping[Band, str] = {"high": _("High"), "review": _("Review"), "low": _("Low")}
HEADINGS: Mapping[Band, str] = {
    "high": _("Read this ad first"),
    "review": _("Read this ad"),
    "low": _("Nothing in this ad stands out"),
}
CANNOT_JUDGE = _("The model cannot judge this ad")
LOW_WITH_SIGNS = _("Low risk, yet signs were found")
STRENGTHS: Mapping[Strength, str] = {
    "strong": _("strong sign"),
    "medium": _("medium sign"),
    "weak": _("weak sign"),
}
STATUSES: Mapping[Status, str] = {
    "open": _("Open"),
    "decided": _("Decided"),
    "skipped": _("Skipped"),
}
ROLES: Mapping[Role, str] = {
    "score": _("only scores"),
    "feed": _("feeds"),
    "viewer": _("viewer"),
    "analyst": _("analyst"),
    "admin": _("admin"),
}
MAY: Mapping[Role, str] = {
    "score": _("Scores texts, and reads nothing that is kept."),
    "feed": _("Scores texts and puts ads into the queue, and reads nothing else."),
    "viewer": _("Reads ads and decisions, without the contacts in them."),
    "analyst": _("Reads and decides, uploads files and takes ads out as files."),
    "admin": _("Does all that, and keeps the people, the keys and the allow list."),
}
UPLOADS: Mapping[UploadStatus, str] = {
    "looking": _("Being looked at"),
    "ready": _("Choose its columns"),
    "waiting": _("Waits its turn"),
    "running": _("Being scored"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
}
FORMS: Mapping[str, str] = {
    "csv": "CSV",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "xlsx": "Excel",
}
FIGURES: Mapping[str, str] = {
    "rows": _("rows read"),
    **{str(band): words for band, words in BANDS.items()},
    "failed": _("rows without a score"),
    "rejects": _("rejects"),
    "rate": _("rows a second"),
}
#: In the order of the keys that give them, 1 to 4.
CHOICES: Mapping[Choice, str] = {
    "deceptive": _("Deceptive"),
    "legitimate": _("Not deceptive"),
    "unsure": _("Unsure"),
    "skip": _("Skip"),
}
SORTS: Mapping[Sort, str] = {
    "risk": _("Risk"),
    "uncertainty": _("Least sure"),
    "newest": _("Newest"),
    "campaign": _("Most copies"),
}
KINDS: Mapping[Kind, str] = {
    "employer": _("employer"),
    "phone": _("phone"),
    "domain": _("domain"),
}
FACETS: Mapping[str, str] = {
    "status": _("Status"),
    "band": _("Band"),
    "indicator": _("Sign"),
    "language": _("Language"),
    "source": _("Source"),
    "assignee": _("Taken by"),
}
EXPORTS: Mapping[Name, str] = {
    "csv": "CSV",
    "xlsx": "Excel (XLSX)",
    "jsonl": _("JSON lines: all that is known"),
    "marked": _("labelled texts, to train on"),
    "labelstudio": "Label Studio",
    "misp": _("MISP, without ads found honest"),
}
CONTACTS: Mapping[str, str] = {
    "phone": _("phone"),
    "mail": _("mail"),
    "link": _("link"),
    "handle": _("account"),
    "bitcoin": "Bitcoin",
    "ethereum": "Ethereum",
    "iban": "IBAN",
    "instagram": "Instagram",
    "line": "LINE",
    "qq": "QQ",
    "signal": "Signal",
    "telegram": "Telegram",
    "tron": "Tron",
    "viber": "Viber",
    "wechat": "WeChat",
    "whatsapp": "WhatsApp",
}
RAISES: Mapping[Weight, str] = {
    "strong": _("raises the risk strongly"),
    "clear": _("raises the risk"),
    "slight": _("raises the risk a little"),
    "none": _("hardly moves the risk"),
}
LOWERS: Mapping[Weight, str] = {
    "strong": _("lowers the risk strongly"),
    "clear": _("lowers the risk"),
    "slight": _("lowers the risk a little"),
    "none": _("hardly moves the risk"),
}
#: What is true of the text itself; the other facts say how far to trust the result.
DISGUISES: Mapping[str, str] = {
    code: FACTS[code]
    for code in ("hidden_characters", "look_alike_letters", "spaced_letters", "leetspeak")
}
