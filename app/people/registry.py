"""Registry numbers: what two spellings of one number have in common, and numbers that are none."""

from __future__ import annotations

import re

from app.language.turkish import normalise, plain_dashes

_AROUND = re.compile(r"\s*-\s*")
_GAPS = re.compile("[\xa0\u2007\u202f]")


def typed(number: str) -> str:
    """As it is stored: without what a spreadsheet adds (a leading apostrophe, spaces that do not break)."""
    return normalise(_GAPS.sub("", number)).lstrip("'’‘").strip()


def fold(number: str) -> str:
    """What numbers are compared by: every dash is “-” with no space around it."""
    return _AROUND.sub("-", plain_dashes(typed(number)))


def is_identity_number(number: str) -> bool:
    """Whether this is a T.C. identity number, which is stored nowhere: 11 digits whose last two check the others."""
    plain = re.sub(r"[\s.-]", "", fold(number))
    if not re.fullmatch("[1-9][0-9]{10}", plain):
        return False
    digits = [int(sign) for sign in plain]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10
