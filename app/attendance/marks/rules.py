"""What a mark says for a person, and what a cell says that has none."""

from __future__ import annotations

from datetime import datetime

from app.attendance.models import Presence, SittingRow
from app.attendance.rules import cell_of, unspell
from app.training.models import SittingState

BETTER = [
    Presence.ABSENT,
    Presence.EXCUSED,
    Presence.EXEMPT,
    Presence.LEFT_EARLY,
    Presence.LATE,
    Presence.PRESENT,
]
"""The marks, each saying more for the person than those before it."""


EMPTY = frozenset({"none", "before", "later", "off"})
"""What a cell without a mark may say; see `empty_cell`."""


def empty_cell(row: SittingRow, moment: datetime, given: datetime | None) -> str:
    """What a cell without a mark says: its sitting was called off, was over when the seat was given, is still to come,
    or nobody marked it.
    """
    if row.state is SittingState.NOT_HELD:
        return "off"
    if row.before(given):
        return "before"
    return "later" if row.starts_at is None or row.starts_at > moment else "none"


def missed_now(sitting: SittingRow, kind: Presence, moment: datetime) -> int | None:
    """The minutes somebody misses who comes (or goes) right now, while the sitting lasts; else None."""
    starts, ends = sitting.starts_at, sitting.ends_at
    if starts is None or ends is None or not starts < moment < ends:
        return None
    span = moment - starts if kind is Presence.LATE else ends - moment
    return max(1, min(sitting.minutes, int(span.total_seconds() // 60)))


def worth(sitting: SittingRow, word: str, grace: int) -> tuple[int, int]:
    """Of two marks (each as `spell` writes it) that one is better which credits more minutes, and of equals the one
    that says more for the person; any is better than none.
    """
    kind, _ = unspell(word)
    return (-1, -1) if kind is None else (cell_of(sitting, word).credit(grace), BETTER.index(kind))
