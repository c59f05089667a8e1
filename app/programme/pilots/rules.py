"""Months, and what a management plan lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from app.programme.pilots.models import PilotSection, SectionKey, SectionState


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def before(month: date, number: int = 1) -> date:
    """So many months earlier; later ones where it is below zero."""
    whole = month.year * 12 + month.month - 1 - number
    return date(whole // 12, whole % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = before(first, -1)


def empty_sections(sections: Iterable[PilotSection]) -> list[SectionKey]:
    """Those a plan cannot be submitted without, in their order."""
    return [one.key for one in sections if one.state is SectionState.EMPTY]
