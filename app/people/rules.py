"""Registry numbers: what two spellings of one number have in common, and numbers that are none."""

from __future__ import annotations

import re

from app.core import identity
from app.language.turkish import normalise, plain_dashes

HEADINGS = (
    "Sicil No",
    "Sicil Numarası",
    "Sicil",
    "Kurum sicil no",
    "Personel sicil no",
    "Registry no",
    "Registry number",
    "Staff registry no",
    "Staff no",
)
"""What lists call a column of them."""
_AROUND = re.compile(r"\s*-\s*")
_PLAIN = re.compile("[0-9A-Za-z/.-]+")
_GAPS = re.compile("[\xa0\u2007\u202f]")


def is_plain(number: str) -> bool:
    """Whether it is stored and compared as it stands. Nearly all are, and a list has a hundred thousand."""
    return _PLAIN.fullmatch(number) is not None


def typed(number: str) -> str:
    """As it is stored: without what a spreadsheet adds (a leading apostrophe, spaces that do not break)."""
    if is_plain(number):
        return number
    return normalise(_GAPS.sub("", number)).lstrip("'’‘").strip()


def fold(number: str) -> str:
    """What numbers are compared by: every dash is “-” with no space around it."""
    return number if is_plain(number) else _AROUND.sub("-", plain_dashes(typed(number)))


def is_identity_number(number: str) -> bool:
    """Whether this is a T.C. identity number, which is stored nowhere."""
    return identity.is_identity_number(fold(number))
