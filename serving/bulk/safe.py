"""Make text harmless in CSV: what a spreadsheet would run as a formula gets a `'` in front."""

import re

_RUNS = tuple("=+-@\t\r\n＝＋－＠")  # spreadsheets take full-width signs too
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)(e[+-]?\d+)?%?", re.ASCII | re.IGNORECASE)
#: Where a cell would begin if the file were opened with another delimiter than it has.
_INSIDE = re.compile(r"(?<=[,;|\t\r\n])(?=[=@＝＠])")


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet runs; numbers are left alone."""
    if text.startswith(_RUNS) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    # Most texts have no such sign, and looking for one is much faster than the pattern.
    if "=" in text or "@" in text or "＝" in text or "＠" in text:
        return _INSIDE.sub("'", text)
    return text
