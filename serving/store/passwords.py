"""Passwords, of which only Argon2's hash is kept (RFC 9106, its second recommended option)."""

from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from serving.store.errors import BadQuestion, StoreAway

LEAST, MOST = 12, 200  # characters
#: A hash takes 64 MiB and a tenth of a second, so that few are made at a time.
_AT_A_TIME = BoundedSemaphore(2)
_PATIENCE = 10.0  # seconds
_HASHER = PasswordHasher()
#: Of no password: whoever tries a name that there is not waits as long as for one that there is.
_NONE = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGhhcyB0aGlz$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def digest(password: str, name: str) -> str:
    """The hash of a new password; raises `BadQuestion` for one that is easily guessed."""
    if not LEAST <= len(password) <= MOST:
        raise BadQuestion(
            f"The password has {len(password):,} characters. Choose one of {LEAST} to {MOST}, "
            "such as four words that do not belong together."
        )
    if name in password.lower() or len(set(password)) < 5:
        raise BadQuestion("The password is easily guessed: it holds the name, or few characters.")
    with _Turn():
        return _HASHER.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of a hash; of no hash, never, and as late as for one."""
    with _Turn():
        try:
            return _HASHER.verify(kept or _NONE, _plain(password[: MOST + 1]))
        except VerifyMismatchError:
            return False


class _Turn:
    def __enter__(self) -> None:
        if not _AT_A_TIME.acquire(timeout=_PATIENCE):
            raise StoreAway("Too many people log in at this moment. Try again in a moment.")

    def __exit__(self, *_: object) -> None:
        _AT_A_TIME.release()


def _plain(password: str) -> bytes:
    # Keyboards write the same letter in more than one way.
    return normalize("NFC", password).encode("utf-8", "surrogatepass")
