"""The code on a sheet of paper, and what is typed beside it."""

from __future__ import annotations

import re

from app.core.errors import Refused
from app.language import lazy_gettext

_PAIR = re.compile(r"([1-5])[ ,/.]?([1-5])")


def code_of(questionnaire_id: int) -> str:
    """Its number and a check digit (Luhn), so that a slip of the finger finds nobody else: 1048-7."""
    return f"{questionnaire_id}-{_check(str(questionnaire_id))}"


def number_of(code: str) -> int | None:
    """The questionnaire a typed code means; None where it is none."""
    digits = re.sub(r"[\s.-]", "", code)
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) < 12):
        return None
    return int(digits[:-1]) if _check(digits[:-1]) == digits[-1] else None


def _check(digits: str) -> str:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def pair(typed: str) -> tuple[int | None, int | None, bool] | None:
    """Importance and level typed as one ("42"), and whether it is not part of the job ("-"); None where nothing was
    typed. Refused where it is neither.
    """
    text = typed.strip()
    if not text:
        return None
    if text in ("-", "–", "0"):
        return None, None, True
    found = _PAIR.fullmatch(text)
    if found is None:
        raise Refused(lazy_gettext("Type two digits from 1 to 5 (importance, level), or “-”. Not: %(text)s", text=text))
    return int(found[1]), int(found[2]), False
