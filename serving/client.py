"""A client of a running service: score ads, keep them, work through the queue, take files out.

What comes back are the service's own schemas (`serving.schemas`, `serving.kept`,
`serving.grouped`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Self, TypeVar
from urllib.parse import quote

from pydantic_core import to_json

from model.marks import Span
from serving.asking import Service, ServiceError
from serving.grouped import CampaignOut, CampaignsOut, DecidedOut, SummaryOut, UndoneOut
from serving.kept import DecisionOut, KeepIn, PageOut, QueueOut, StoredListOut, StoredOut
from serving.limits import MAX_BYTES
from serving.schemas import BatchOut, ScoreOut
from serving.store.formats.rows import Name
from serving.store.values import Filter, Sort, Verdict

__all__ = ["Client", "Filter", "KeepIn", "ServiceError", "Verdict"]

BATCH = 250  # ads in a request
PAGE = 200
EVERY = Filter()

Paged = TypeVar("Paged", PageOut, CampaignsOut)


class Client:
    """The service at `url`; `key` opens it where it asks for one.

    A busy service (503, 429) and one that cannot be reached are asked again, `tries` times in all,
    as late as it says (`Retry-After`) or ever later. It has done nothing then, so that no decision
    is given twice. `timeout` is in seconds, for each step of an answer. Every method raises
    `ServiceError`.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        timeout: float = 60.0,
        tries: int = 5,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._service = Service(url, key=key, timeout=timeout, tries=tries, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._service.http.close()

    def score(self, text: str) -> ScoreOut:
        """The score of one text."""
        return self._service.read(ScoreOut, "POST", "/v1/score", content=to_json({"text": text}))

    def score_many(self, texts: Iterable[str]) -> Iterator[ScoreOut]:
        """The score of each text, in order; texts are taken as results are asked for."""
        for body in _bodies({"text": text} for text in texts):
            yield from self._service.read(BatchOut, "POST", "/v1/score/batch", content=body).scores

    def keep(self, ads: Iterable[KeepIn]) -> list[StoredOut]:
        """Have ads scored and kept; what is kept already stays as it is."""
        kept: list[StoredOut] = []
        for body in _bodies(ad.model_dump(exclude_none=True) for ad in ads):
            kept += self._service.read(StoredListOut, "POST", "/v1/ads", content=body).ads
        return kept

    def ad(self, id: str) -> StoredOut:
        """One ad that is kept."""
        return self._service.read(StoredOut, "GET", f"/v1/ads/{quote(id, safe='')}")

    def ads(self, where: Filter = EVERY, *, sort: Sort = "newest") -> Iterator[StoredOut]:
        """The ads of a filter, all of them, page after page."""
        for page in self._pages(PageOut, "/v1/ads", {**_query(where), "sort": sort}):
            yield from page.ads

    def queue(
        self, where: Filter = EVERY, *, sort: Sort = "risk", limit: int = 50, after: str = ""
    ) -> QueueOut:
        """A page of the queue, with counts; its `next` is the `after` of the page that follows."""
        asked = {**_query(where), "sort": sort, "limit": str(limit)}
        asked |= {"after": after} if after else {}
        return self._service.read(QueueOut, "GET", "/v1/queue", params=asked)

    def decide(self, id: str, verdict: Verdict) -> DecisionOut:
        """Decide about an ad."""
        told = {**asdict(verdict), "marked": _spans(verdict.marked)}
        told["unmarked"] = _spans(verdict.unmarked)
        path = f"/v1/ads/{quote(id, safe='')}/decisions"
        return self._service.read(DecisionOut, "POST", path, content=to_json(told))

    def undo(self, id: str) -> DecisionOut:
        """Take back the last decision about an ad that stands."""
        return self._service.read(DecisionOut, "POST", f"/v1/ads/{quote(id, safe='')}/undo")

    def assign(self, id: str, to: str | None) -> StoredOut:
        """Give an ad to somebody to read, or to nobody."""
        path = f"/v1/ads/{quote(id, safe='')}/assign"
        return self._service.read(StoredOut, "POST", path, content=to_json({"to": to}))

    def campaigns(self) -> Iterator[SummaryOut]:
        """All campaigns, the largest first, page after page."""
        for page in self._pages(CampaignsOut, "/v1/campaigns", {}):
            yield from page.campaigns

    def campaign(self, name: str) -> CampaignOut:
        """What the ads of a campaign share."""
        return self._service.read(CampaignOut, "GET", f"/v1/campaigns/{quote(name, safe='')}")

    def decide_together(
        self, name: str, verdict: Verdict, ads: Sequence[str] | None = None
    ) -> DecidedOut:
        """Give one verdict on the open ads of a campaign, or on some of them by their ids."""
        told = {"choice": verdict.choice, "reasons": verdict.reasons, "note": verdict.note}
        path = f"/v1/campaigns/{quote(name, safe='')}/decisions"
        body = to_json({**told, "ads": ads})
        return self._service.read(DecidedOut, "POST", path, content=body)

    def undo_together(self, name: str, at: datetime) -> UndoneOut:
        """Take back what was decided together at a moment."""
        path = f"/v1/campaigns/{quote(name, safe='')}/undo"
        return self._service.read(UndoneOut, "POST", path, content=to_json({"at": at}))

    def export(self, path: Path, form: Name, where: Filter = EVERY) -> None:
        """Write the ads of a filter to a file, which is there only once it is whole."""
        part = path.with_name(f"{path.name}.part")
        asked = {**_query(where), "format": form}
        try:
            with self._service.open("GET", "/v1/exports", params=asked) as answer:
                with part.open("wb") as file:
                    file.writelines(answer.iter_bytes())
                part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _pages(self, schema: type[Paged], path: str, asked: Mapping[str, str]) -> Iterator[Paged]:
        """Every page of a list."""
        sent = {**asked, "limit": str(PAGE)}
        while True:
            page = self._service.read(schema, "GET", path, params=sent)
            yield page
            if page.next is None:
                return
            sent["after"] = page.next


def _bodies(ads: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """JSON bodies, each within what the service takes."""
    held: list[bytes] = []
    size = 0
    for each in map(to_json, ads):
        if held and (len(held) == BATCH or size + len(each) > MAX_BYTES - 100):
            yield b'{"ads":[' + b",".join(held) + b"]}"
            held, size = [], 0
        held.append(each)
        size += len(each) + 1
    if held:
        yield b'{"ads":[' + b",".join(held) + b"]}"


def _query(where: Filter) -> dict[str, str]:
    return {name: value for name, value in asdict(where).items() if value is not None}


def _spans(spans: Iterable[Span]) -> list[dict[str, object]]:
    return [{"start": each.start, "end": each.end, "indicators": each.indicators} for each in spans]
