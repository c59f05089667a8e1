"""T.C. identity numbers, which are stored nowhere: what somebody typed is rid of them before it is kept."""

from __future__ import annotations

import re

_LIKE = re.compile(r"(?<!\d)\d(?:[\s.-]?\d){10}(?!\d)")
_BETWEEN = re.compile(r"[\s.-]")
HIDDEN = "•" * 11


def is_identity_number(text: str) -> bool:
    """11 digits whose last two check the others; spaces, dots and hyphens between them do not count."""
    plain = _BETWEEN.sub("", text)
    if not re.fullmatch("[1-9][0-9]{10}", plain):
        return False
    digits = [int(sign) for sign in plain]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def without_identity_numbers(text: str, instead: str = HIDDEN) -> str:
    return _LIKE.sub(lambda found: instead if is_identity_number(found[0]) else found[0], text)
