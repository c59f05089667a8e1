"""Which days have a sheet to be signed, and which scan shows which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.attendance.models import SittingRow
from app.training.models import SittingState

TOGETHER = 40 * 1024 * 1024
"""So many bytes one form may bring."""


def shown_days(scans: int, days: Sequence[date]) -> list[Sequence[date]]:
    """The days each of so many scans shows: as many scans as days are one each, in order; else each shows all."""
    return [[day] for day in days] if scans == len(days) else [days] * scans


def held_days(rows: Iterable[SittingRow]) -> set[date]:
    """Days with a sitting that was not called off."""
    return {row.date for row in rows if row.date is not None and row.state is not SittingState.NOT_HELD}
