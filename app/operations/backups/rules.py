"""When a backup is due, and when somebody has to hear that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.clock import local

AGAIN = timedelta(hours=1)
GRACE = timedelta(hours=3)


@dataclass(frozen=True)
class State:
    """What is known of backups: the last that was proven, and one that failed or was asked for since."""

    at: datetime | None = None
    seconds: int = 0
    failed: str = ""
    failed_at: datetime | None = None
    asked_at: datetime | None = None

    @property
    def has_failed(self) -> bool:
        """The last one did."""
        return bool(self.failed) and self.failed_at is not None and (self.at is None or self.failed_at >= self.at)

    @property
    def is_asked(self) -> bool:
        """Somebody waits for one."""
        return self.asked_at is not None and all(at is None or at <= self.asked_at for at in (self.at, self.failed_at))


def last_hour(hour: int, moment: datetime) -> datetime:
    """The last time it struck that hour in Türkiye."""
    here = local(moment)
    struck = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return struck if struck <= here else struck - timedelta(days=1)


def is_due(state: State, hour: int, moment: datetime) -> bool:
    """Asked for, the first, or that of last night; after a failure once an hour."""
    if state.is_asked:
        return True
    if state.has_failed and state.failed_at is not None and moment - state.failed_at < AGAIN:
        return False
    return state.at is None or state.at < last_hour(hour, moment)


def is_overdue(state: State, hour: int, moment: datetime) -> bool:
    return state.at is None or state.at < last_hour(hour, moment - GRACE)
