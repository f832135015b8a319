"""Names on platforms in a folded text: @handles, and ids that stand behind a platform's name."""

import re
from collections.abc import Iterator

from serving.links.view import View

Found = tuple[str, str, int, int]

#: How people write of a platform. Viber, WhatsApp and Signal go by phone number.
_PLATFORMS = {
    "telegram": r"telegram|телеграм[а-яі]{0,3}|телег[аеиу]|\btg\b|\bтг\b|电报"
    r"|تيليجرام|تلغرام|تليجرام|टेलीग्राम",
    "instagram": r"instagram|\binsta\b|\big\b|инстаграм[а-яі]{0,3}|\bинст[аеу]\b"
    r"|انستغرام|انستقرام|इंस्टाग्राम",
    "wechat": r"we\s?chat|weixin|\bwx\b|\bvx\b|微信|薇信|威信|вичат",
    "line": r"\bline(?=\s?(?:id|:|@))",
    "signal": r"\bsignal\b",
    "viber": r"viber|вайбер",
    "whatsapp": r"whats\s?app",
}
_CUE = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _PLATFORMS.items()))
_REACH = 40
_HANDLE = re.compile(r"(?<![\w.@/])@([a-z\d_][a-z\d_.]{2,31})(?![\w@])")
#: What links a platform's name to an id, and whether it says plainly that one follows.
_ID = re.compile(
    r"\s?(?P<sure>[(\[]?(?:(?:id|user(?:name)?|usuario|account|ник|нік)\b|帐号|账号|号码?|號))?"
    r"(?:\s?[:=(]|\s[-–]|\s(?:is|es)\b)?\s?(?P<name>[a-z][a-z\d_.-]{4,31})(?![\w@])"
)
_QQ = re.compile(r"(?:\bqq\b|扣扣|企鹅)(?:号|群)?\s?[:=-]?\s?([1-9]\d{4,10})(?!\d)")


def find(view: View) -> Iterator[Found]:
    """Kind, value, start and end of each; the kind is `handle` where no platform is named."""
    for handle in _HANDLE.finditer(view.text):
        before = view.text[max(0, handle.start() - _REACH) : handle.start()]
        cues = [cue.lastgroup or "" for cue in _CUE.finditer(before)]
        kind = cues[-1] if cues else "handle"
        yield kind, handle[1].rstrip("."), *view.raw(*handle.span())
    for cue in _CUE.finditer(view.text):
        match = _ID.match(view.text, cue.end())
        if match and cue.lastgroup and (match["sure"] or re.search(r"[\d_]", match["name"])):
            name = match["name"].rstrip(".-")
            yield (
                cue.lastgroup,
                name,
                *view.raw(match.start("name"), match.start("name") + len(name)),
            )
    for qq in _QQ.finditer(view.text):
        yield "qq", qq[1], *view.raw(*qq.span(1))
