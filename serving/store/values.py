"""What goes into the store and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from model.marks import Span
from model.score import Band
from serving.store.errors import BadQuestion

Result = Mapping[str, Any]  # the object of `serving.results`
Status = Literal["open", "decided", "skipped"]
Choice = Literal["deceptive", "legitimate", "unsure", "skip"]
Sort = Literal["risk", "uncertainty", "newest", "campaign"]
Kind = Literal["employer", "phone", "domain"]
STATUSES: tuple[Status, ...] = get_args(Status)
CHOICES: tuple[Choice, ...] = get_args(Choice)
SORTS: tuple[Sort, ...] = get_args(Sort)
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Why an analyst decided so, by code.
REASONS: Mapping[str, str] = {
    "words": "The words of the ad show it.",
    "contact_known": "A contact in it is known from other cases.",
    "copy": "It is a copy of an ad that was decided.",
    "reported": "Somebody reported it.",
    "employer_checked": "The employer was checked and is real.",
    "terms_plain": "Pay, place, duties and employer are plain and can be checked.",
    "warning": "It warns of lures, or tells of one.",
    "not_an_ad": "It is no offer of work.",
    "too_little": "It says too little to tell.",
    "other_language": "It is in a language that the analyst does not read.",
}
MAX_NOTE = 2_000
MAX_NAME = 200
MAX_WHY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A scored ad to be stored; `nearness` is minus its risk's distance to the review threshold.

    `source` says where it comes from, `external_id` what it is called there. Raises `BadQuestion`
    for names that cannot be kept.
    """

    text: str
    result: Result
    nearness: float
    source: str
    external_id: str | None = None

    def __post_init__(self) -> None:
        check_name("source", self.source)
        check_name("external_id", self.external_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouch:
    """A word for an employer, a phone number or a domain: who answers for it, why, until when.

    The last day of it is `until`. Raises `BadQuestion` for what cannot be kept.
    """

    kind: Kind
    value: str
    owner: str
    reason: str
    until: date

    def __post_init__(self) -> None:
        _check("kind", self.kind, KINDS)
        for name, most in (("value", MAX_NAME), ("owner", MAX_NAME), ("reason", MAX_WHY)):
            check_name(name, getattr(self, name), most)
            if not getattr(self, name).strip():
                raise BadQuestion(f"The {name} is empty. Say who answers for what, and why.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """An entry of the allow list; `key` is what is compared, `value` how it was written."""

    id: str
    kind: Kind
    key: str
    value: str
    owner: str
    reason: str
    until: date
    added: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An ad as it is kept. `text` is as received; `found` names the indicators found.

    `known` are the entries of the allow list that it names, or gives as a contact.
    """

    id: str
    received: datetime
    source: str
    external_id: str | None
    text: str
    sha256: str
    result: Result
    risk: float
    band: Band
    found: tuple[str, ...]
    language: str
    model: str
    status: Status
    verdict: Choice | None
    assignee: str | None
    campaign: str | None
    size: int
    known: tuple[Allowed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which ads are meant: those that fit all that is said. `assignee` is empty for nobody's.

    `text` asks for ads with all of its words. Raises `BadQuestion` for a value that no ad can have.
    """

    band: str | None = None
    indicator: str | None = None
    language: str | None = None
    source: str | None = None
    status: str | None = None
    assignee: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        _check("band", self.band, get_args(Band))
        _check("status", self.status, STATUSES)
        for name in ("indicator", "language", "source", "assignee"):
            check_name(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class Page:
    """Some ads of a list, and where to go on, if there are more.

    `cut` says that more ads have the words asked for than are looked through.
    """

    ads: tuple[Stored, ...]
    next: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an analyst says of an ad, and why.

    `indicators` are the right ones, or None if those found may stand; `marked` are phrases to add
    and `unmarked` phrases of the model that show nothing. Raises `BadQuestion` for what is none.
    """

    choice: Choice
    reasons: tuple[str, ...] = ()
    note: str = ""
    indicators: tuple[str, ...] | None = None
    marked: tuple[Span, ...] = ()
    unmarked: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        _check("choice", self.choice, CHOICES)
        for reason in self.reasons:
            _check("reason", reason, tuple(REASONS))
        if len(self.note) > MAX_NOTE or "\0" in self.note:
            raise BadQuestion(
                f"The note has {len(self.note):,} characters, or U+0000. Write at most "
                f"{MAX_NOTE:,} characters of plain text."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict that was given: on which ad, by whom, when, and when it was undone, if it was."""

    id: str
    ad: str
    at: datetime
    by: str
    verdict: Verdict
    undone: datetime | None = None


def _check(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise BadQuestion(f"The {name} is {value[:40]!r}. Use one of {', '.join(known)}.")


def check_name(what: str, value: str | None, most: int = MAX_NAME) -> None:
    """Raise `BadQuestion` for a name that cannot be kept."""
    if value is not None and (len(value) > most or "\0" in value):
        raise BadQuestion(
            f"The {what} has {len(value):,} characters, or U+0000. Write at most {most} "
            "characters of plain text."
        )
