"""Characters that do not show, or make others show elsewhere."""

import re

#: What hides inside words, turns the direction of others, or prints nothing. The joiners of
#: Arabic, Indic scripts and emoji (U+200C, U+200D) belong to writing, and stay as they are.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
