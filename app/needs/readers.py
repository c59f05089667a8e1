"""Whom the notice of a round names: those see what single people answered."""

from __future__ import annotations

from collections.abc import Collection

from app.access.permissions import Role
from app.language import pgettext
from app.needs.models import AssessmentRound

SUPERVISOR = "supervisor"
"""What a notice names beside roles: whoever supervised them when the round met them."""


def names(found: AssessmentRound, roles: Collection[str]) -> bool:
    """Whether the notice of a round named everybody who reads it with these roles: only those see what single people
    answered, and the figures of few. A role it does not name beside one it does may reach further: then it did not.
    """
    return bool(roles) and set(roles) <= set(found.readers)


def reader_words(value: str) -> str:
    """Whom a notice names, in words: a role, or their supervisor."""
    return pgettext("reader", "Supervisor") if value == SUPERVISOR else Role(value).label
