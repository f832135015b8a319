"""Mail addresses and links in a folded text."""

import re
from collections.abc import Iterator
from functools import cache

from tldextract import TLDExtract

from model.contact import ZONES
from serving.links import phones
from serving.links.view import View

Found = tuple[str, str, int, int]

_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|punto|ponto|точка|крапка)\s?[\])}]\s?)"
_AT = r"(?:@|\s?[\[({]\s?(?:at|arroba|собака|собачка)\s?[\])}]\s?)"
_MAIL = re.compile(
    rf"(?<![\w.+-])[a-z\d](?:[\w+-]|{_DOT}){{0,63}}{_AT}[a-z\d-]{{1,63}}(?:{_DOT}[a-z\d-]{{1,63}}){{1,4}}"
)
_LINK = re.compile(
    r"(?<![\w@.-])(?P<scheme>https?://)?(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24})"
    r"(?::\d{1,5})?(?P<path>[/?#][^\s<>\"'|]*)?(?![\w@])"
)
#: Links to these say who it is by their first step.
_ACCOUNTS = {
    "t.me": "telegram",
    "telegram.me": "telegram",
    "instagram.com": "instagram",
    "line.me": "line",
    "wa.me": "phone",
    "whatsapp.com": "phone",
}
#: Hosts that many share, so that only the whole link says who it is. The example domains are of
#: them: every invented ad uses them.
_SHARED = frozenset(
    {
        *("bit.ly", "tinyurl.com", "goo.gl", "t.co", "cutt.ly", "is.gd", "clck.ru", "linktr.ee"),
        *("forms.gle", "google.com", "office.com", "jotform.com", "typeform.com", "notion.site"),
        *("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com", "vk.com", "vk.cc", "ok.ru"),
        *("tiktok.com", "youtube.com", "youtu.be", "linkedin.com", "x.com", "twitter.com"),
        *("discord.gg", "discord.com", "medium.com", "weibo.com", "douyin.com", "qq.com"),
        *("example.com", "example.org", "example.net"),
    }
)
#: Where anybody has a mail address.
_MAILERS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        *("yahoo.com", "icloud.com", "me.com", "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de"),
        *("proton.me", "protonmail.com", "tutanota.com", "mail.com", "zoho.com", "yandex.com"),
        *("yandex.ru", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru", "ukr.net", "i.ua"),
        *("163.com", "126.com", "sina.com", "wp.pl", "onet.pl", "o2.pl", "uol.com.br", "terra.com"),
    }
)
_STEP = re.compile(r"[/?](?:ti/p/~?|send\?phone=|\+)?@?([a-z\d_.]{3,40})")
_TRAILING = ".,;:!?)]}*_"


def find(view: View, raw: str) -> Iterator[Found]:
    """Kind, value, start and end of each; a link to an account on a platform is that account."""
    for match in _MAIL.finditer(view.text):
        value = re.sub(_DOT, ".", re.sub(_AT, "@", match[0]))
        name, _, host = value.partition("@")
        yield "mail", f"{name.partition('+')[0]}@{host}", *view.raw(*match.span())
    for match in _LINK.finditer(view.text):
        domain = _domain(match)
        if domain:
            start, end = match.start(), match.start() + len(match[0].rstrip(_TRAILING))
            yield (
                *_meant(match, domain, raw[slice(*view.raw(match.start("host"), end))]),
                *view.raw(start, end),
            )


def registered(host: str) -> str:
    """The registered domain of a host, such as `hotel.co.uk`; empty if it has none."""
    return _suffixes()(host).top_domain_under_public_suffix


def is_shared(domain: str) -> bool:
    """Whether a domain is many people's, so that it says of nobody who it is."""
    return domain in _SHARED or domain in _ACCOUNTS or domain in _MAILERS


def _domain(match: re.Match[str]) -> str:
    """The registered domain, or nothing where the words only look like a link."""
    host = match["host"]
    bare = not match["scheme"] and not match["path"] and not host.startswith("www.")
    if bare and host.rpartition(".")[2] not in ZONES:
        return ""
    return registered(host)


def _meant(match: re.Match[str], domain: str, raw: str) -> tuple[str, str]:
    kind, step = _ACCOUNTS.get(domain), _STEP.match(match["path"] or "")
    if kind and step:
        name = step[1].rstrip(_TRAILING)
        number = phones.e164("+" + name) if name.isdecimal() else None
        if number or kind != "phone":
            return ("phone", number) if number else (kind, name)
    if kind or domain in _SHARED:
        host, slash, path = raw.rstrip("/").partition("/")
        return "link", host.lower().removeprefix("www.") + slash + path
    return "link", domain


@cache
def _suffixes() -> TLDExtract:
    """The list of suffixes that comes with the package: nothing is fetched, nothing is written."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
