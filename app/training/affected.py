"""What an off-day or a new holiday meets: the sessions with sittings on a date, and postponing them together.

Shown on the page of that day below, and on a page of its own for coordinators, who do not see the settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.language import gettext, in_language
from app.settings.queries import calendar
from app.training import queries, seats
from app.training.forms import PostponeDayForm
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from app.web import slots
from app.web.slots import Section


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


def sessions_on(caller: Caller, day: date) -> list[AffectedSession]:
    """The sessions the caller runs that have sittings on a date, by hour; nothing of cancelled ones."""
    scope = caller.scope_for(Permission.SESSION_WRITE)
    rows = db.session.execute(_sittings_on(scope, day)).all()
    kept = frozenset(slots.collect("training.kept_sittings", caller, [row[0].id for row in rows]))
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0].course_session_id, []).append(row)
    return [_affected(each, kept) for each in found.values()]


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
        EVERYWHERE.restrict(statement, Sitting, other)
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


def section(caller: Caller, day: date) -> Section | None:
    """The sessions of a day with the form that postpones them."""
    found = sessions_on(caller, day) if caller.may(Permission.SESSION_WRITE) else []
    if not found:
        return None
    content = {"day": day, "sessions": found, "form": PostponeDayForm.of(found_ids(found), why(day))}
    return Section(gettext("Sittings on this day"), "training/day_form.html", content)


def found_ids(sessions: Sequence[AffectedSession]) -> list[int]:
    """The sessions of which something can be postponed."""
    return [each.course_session.id for each in sessions if each.losing]


def init_app() -> None:
    slots.add("settings.affected_sittings", section)
