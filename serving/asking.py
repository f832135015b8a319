"""How `serving.client` asks a service: again where it is busy, and with one error for all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from model.errors import LurewatchError
from serving.problems import Problem

try:
    import httpx2 as httpx
except ImportError as error:
    raise ImportError("The client needs httpx2: pip install 'lurewatch[client]'.") from error

LONGEST = 60.0  # seconds between two tries
_BUSY = (None, 429, 503)  # None where nobody answered

Schema = TypeVar("Schema", bound=BaseModel)


class ServiceError(LurewatchError):
    """What a service refused, or could not do; `status` is None if it did not answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Service:
    """The service at `url`, asked up to `tries` times, with `wait` between."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None,
        timeout: float,
        tries: int,
        wait: Callable[[float], None],
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=timeout)
        self.tries = tries
        self.wait = wait

    def read(self, schema: type[Schema], method: str, path: str, **sent: Any) -> Schema:
        """The answer as a value of its schema; raises `ServiceError`."""
        with self.open(method, path, **sent) as answer:
            try:
                return schema.model_validate_json(answer.read())
            except ValidationError as error:
                raise ServiceError(
                    f"The answer to {method} {path} is no {schema.__name__}. Is it Lurewatch that "
                    "answers, and of this version?",
                    answer.status_code,
                ) from error

    @contextmanager
    def open(self, method: str, path: str, **sent: Any) -> Iterator[httpx.Response]:
        """The answer, to be read while the block lasts; raises `ServiceError`."""
        if "content" in sent:
            sent["headers"] = {"Content-Type": "application/json"}
        answer = self._settled(self.http.build_request(method, path, **sent))
        try:
            yield answer
        except httpx.TransportError as error:
            raise ServiceError(f"The answer broke off: {error}.") from error
        finally:
            answer.close()

    def _settled(self, request: httpx.Request) -> httpx.Response:
        """The answer of a service that is not busy."""
        tried = 0
        while True:
            tried += 1
            try:
                answer = self.http.send(request, stream=True)
                if answer.status_code == 200:
                    return answer
                failure, said = _refusal(answer), answer.headers.get("retry-after", "")
            except httpx.ConnectError as error:
                failure, said = ServiceError(f"{request.url.host} is not there: {error}."), ""
            except httpx.TransportError as error:
                # It may have done what was asked, so it is not asked again.
                raise ServiceError(f"{request.url.host} did not answer: {error}.") from error
            if tried >= self.tries or failure.status not in _BUSY:
                raise failure
            self.wait(_seconds(said, tried))


def _refusal(answer: httpx.Response) -> ServiceError:
    try:
        told = Problem.model_validate_json(answer.read())
    except (ValidationError, httpx.TransportError):
        return ServiceError(f"The answer has status {answer.status_code}.", answer.status_code)
    finally:
        answer.close()
    faults = "".join(f" {fault.location}: {fault.message}" for fault in told.errors)
    return ServiceError(f"{told.detail}{faults}", answer.status_code)


def _seconds(said: str, tried: int) -> float:
    asked = float(said) if said.isascii() and said.isdecimal() else 0.25 * 2.0**tried
    return min(asked, LONGEST)
