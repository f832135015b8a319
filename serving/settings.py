"""What the service is told by its environment, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from model.errors import LurewatchError
from serving.keys import Keys

MIN_KEY = 16
DATABASE = "sqlite:///lurewatch.db"
DATA = "lurewatch-data"
MAKE_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class BadSettings(LurewatchError):
    """A setting that the service cannot start with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the model is, who may ask, where to listen, and where ads and uploads are kept."""

    model: Path = Path("models")
    keys: Keys = field(default_factory=Keys)
    host: str = "127.0.0.1"
    port: int = 8000
    database: str = field(default=DATABASE, repr=False)  # may hold a password
    data: Path = Path(DATA)

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise BadSettings(f"The port is {self.port}. Choose one from 0 (any free) to 65535.")

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the service."""
        return _is_loopback(self.host)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings in LUREWATCH_MODEL, _KEYS, _HOST, _PORT, _DATABASE_URL and _DATA.

        What is empty is as if unset.
        """
        return cls(
            model=Path(environ.get("LUREWATCH_MODEL") or "models"),
            keys=_keys(environ.get("LUREWATCH_KEYS", "")),
            host=environ.get("LUREWATCH_HOST") or "127.0.0.1",
            port=_port(environ.get("LUREWATCH_PORT") or "8000"),
            database=environ.get("LUREWATCH_DATABASE_URL") or DATABASE,
            data=Path(environ.get("LUREWATCH_DATA") or DATA),
        )


def _keys(listed: str) -> Keys:
    keys = [key for part in listed.split(",") if (key := part.strip())]
    if listed and not keys:
        raise BadSettings(
            f"LUREWATCH_KEYS is {listed[:40]!r}, which holds no key. Unset it, or make one with: "
            f"{MAKE_KEY}"
        )
    for place, key in enumerate(keys, start=1):
        if len(key) < MIN_KEY:
            raise BadSettings(
                f"Key {place} of LUREWATCH_KEYS has {len(key)} characters; {MIN_KEY} is the "
                f"fewest, so that nobody guesses it. Make one with: {MAKE_KEY}"
            )
    return Keys.of(keys)


def _port(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 5):
        raise BadSettings(f"LUREWATCH_PORT is {value[:40]!r}. Give a number such as 8000.")
    return int(value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
