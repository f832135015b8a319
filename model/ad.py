"""One advertisement or message as it was received."""

from dataclasses import dataclass

from model.errors import BadAd

MAX_CHARS = 50_000


@dataclass(frozen=True, slots=True)
class Ad:
    """A text to score. `text` is kept exactly as received: every offset counts its code points.

    Raises `BadAd` for a text that is blank, longer than `MAX_CHARS` code points, or that holds
    half of a surrogate pair (which no encoding can carry on).
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > MAX_CHARS:
            raise BadAd(
                f"The text has {len(self.text):,} characters; {MAX_CHARS:,} is the most. "
                "Send its parts one by one."
            )
        if not self.text.strip():
            raise BadAd("The text is empty. Send the words of the advertisement.")
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            raise BadAd(
                f"Character {error.start} is half of a surrogate pair "
                f"(U+{ord(self.text[error.start]):04X}). Send valid Unicode; replace it by U+FFFD "
                "if the source is damaged."
            ) from error
