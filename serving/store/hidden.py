"""Ads and decisions for those who have no right to the contacts in them.

A text stays as long as it was, in code points and in UTF-16, so that every offset still fits. What
no rule recognises as a contact stays readable.
"""

import re
from dataclasses import replace

from serving.links import contacts
from serving.roles import Caller
from serving.store.kin import Kin
from serving.store.values import Decision, Stored

DOT, WIDE_DOT = "•", "\U0001f784"  # for a character of one and of two UTF-16 units
_WORD = re.compile(r"[^\W_]")


def ad(stored: Stored, caller: Caller) -> Stored:
    """The ad as `caller` may see it."""
    if caller.may("contacts"):
        return stored
    text = _mask(stored.text, stored.language)
    phrases = [
        {**each, "text": text[each["start"] : each["end"]]} for each in stored.result["phrases"]
    ]
    return replace(stored, text=text, result={**stored.result, "phrases": phrases})


def decision(made: Decision, language: str, caller: Caller) -> Decision:
    """The decision about an ad in `language`, as `caller` may see it."""
    if caller.may("contacts"):
        return made
    note = _mask(made.verdict.note, language)
    return replace(made, verdict=replace(made.verdict, note=note))


def kin(found: Kin, caller: Caller) -> Kin:
    """The kin of an ad as `caller` may see them."""
    if caller.may("contacts"):
        return found
    relatives = (replace(each, ad=ad(each.ad, caller), contacts=()) for each in found.relatives)
    return Kin((), tuple(relatives))


def _mask(text: str, language: str) -> str:
    for each in contacts.find(text, language=language):
        hidden = _WORD.sub(_dot, text[each.start : each.end])
        text = text[: each.start] + hidden + text[each.end :]
    return text


def _dot(char: re.Match[str]) -> str:
    return DOT if char[0] <= "\uffff" else WIDE_DOT
