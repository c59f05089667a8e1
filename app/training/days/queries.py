"""The sessions that have sittings on one day, and what postponing them would take from each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.scope import Scope, within
from app.core.db import db
from app.language import in_language
from app.settings.queries import calendar
from app.training import queries, seats
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState


@dataclass(frozen=True)
class AffectedSession:
    """A session and its sittings of one day. `kept`: ids of those with attendance marks; `elsewhere`: how many of its
    sittings stand on other days; `taken`: held seats.
    """

    course_session: CourseSession
    sittings: tuple[Sitting, ...]
    kept: frozenset[int]
    elsewhere: int
    taken: int

    @property
    def losing(self) -> tuple[Sitting, ...]:
        """The sittings that would lose their date."""
        if SessionStatus.POSTPONED not in self.course_session.status.next:
            return ()
        return tuple(s for s in self.sittings if s.id not in self.kept and s.state is SittingState.HELD)

    @property
    def whole(self) -> bool:
        """Whether nothing with a date would be left of it: it is postponed itself."""
        return not self.elsewhere and len(self.losing) == len(self.sittings)


def sessions_on(scope: Scope, day: date, kept: Callable[[Sequence[int]], Collection[int]]) -> list[AffectedSession]:
    """The sessions this scope runs that have sittings on a date, by hour; nothing of cancelled ones. `kept`: of ids
    of sittings those that keep their date.
    """
    rows = db.session.execute(_sittings_on(scope, day)).all()
    keeping = frozenset(kept([row[0].id for row in rows]))
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0].course_session_id, []).append(row)
    return [_affected(each, keeping) for each in found.values()]


def _affected(rows: Sequence[Any], kept: frozenset[int]) -> AffectedSession:
    sittings = tuple(row[0] for row in rows)
    _, elsewhere, taken = rows[0]
    return AffectedSession(
        sittings[0].course_session, sittings, kept & {each.id for each in sittings}, elsewhere, taken
    )


def _sittings_on(scope: Scope, day: date) -> sa.Select[Any]:
    other = aliased(Sitting)
    elsewhere = (
        sa.select(sa.func.count(other.id))
        .where(other.course_session_id == Sitting.course_session_id, other.date != day)
        .scalar_subquery()
    )
    statement = queries.running(scope).restrict(sa.select(Sitting, elsewhere, seats.taken()), CourseSession)
    session = contains_eager(Sitting.course_session)
    return seats.counting(
        within(CourseSession)
        .restrict(statement, Sitting, other)
        .join(Sitting.course_session)
        .join(CourseSession.course)
        .options(session.contains_eager(CourseSession.course))
        .where(Sitting.date == day, CourseSession.status != SessionStatus.CANCELLED)
        .order_by(Sitting.starts, CourseSession.id, Sitting.id)
    )


def why(day: date) -> str:
    """What the calendar calls a day nobody works, the reason to begin with; empty for any other day."""
    days = calendar()
    holiday, off_day = days.holiday_on(day), days.off_day_on(day)
    return in_language(holiday, "name") if holiday else (off_day.name if off_day else "")
