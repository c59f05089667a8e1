"""The sheet of a sitting, as whoever marks in it needs it: one row, and the moment at which it may be marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.access.scope import Scope, Within, within
from app.attendance.models import AttendanceMark, ClosedSheet, SittingRow
from app.attendance.queries import IN_TIME, SITTING, own_sittings, runs, spelled
from app.attendance.sheets.rules import Dated, Phase, Window, surely_open, window
from app.calendar.days import Calendar
from app.catalogue.models import Course
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing
from app.enrolment import queries as enrolment
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.settings import queries as settings
from app.settings.models import Setting
from app.trainers.models import Trainer
from app.training.models import CourseSession, SessionStatus, Sitting, TrainerAssignment


def closed(sitting_ids: Iterable[int]) -> set[int]:
    """Which of these sittings' sheets were closed by hand."""
    statement = within(Sitting).restrict(sa.select(ClosedSheet.sitting_id), ClosedSheet)
    return set(db.session.scalars(statement.where(ClosedSheet.sitting_id.in_(list(sitting_ids)))))


def _setting(key: str) -> sa.ScalarSelect[Any]:
    """A setting beside other columns, so that it costs no statement of its own; see `_known`."""
    return sa.select(Setting.value).where(Setting.key == key).scalar_subquery()


def _known(key: str, stored: Mapping[str, Any] | None) -> int:
    return int(settings.DEFAULTS[key] if stored is None else stored["value"])


@dataclass(frozen=True, slots=True)
class Sheet(SittingRow):
    """A sitting with what decides whether it may be marked. Times are wall times, `minutes` planned.

    `was` is what one person's cell says, as `rules.spell` writes it; "" where nobody was asked for. `given` is when
    that person's seat was given.
    `lock_days` working days after the sitting it locks; `grace` minutes late still count in full.
    """

    course_session_id: int
    province_id: int | None
    status: SessionStatus
    code: str
    closed: bool
    lock_days: int
    grace: int
    was: str = ""
    by_id: int | None = None
    given: datetime | None = None


_COLUMNS = (
    *SITTING,
    Sitting.course_session_id,
    CourseSession.province_id,
    CourseSession.status,
    Course.code,
    CourseSession.ordinal,
    ClosedSheet.id,
    _setting("lock_days"),
    _setting("late_grace_minutes"),
)


def _select(lens: Scope | Within, *more: Any) -> sa.Select[Any]:
    statement: sa.Select[Any] = lens.trusting(
        lens.restrict(sa.select(*_COLUMNS, *more), Sitting), CourseSession, ClosedSheet, AttendanceMark
    )
    return (
        statement.select_from(Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(ClosedSheet, ClosedSheet.sitting_id == Sitting.id)
    )


def _of_session(scope: Scope, course_session: CourseSession, *more: Any) -> sa.Select[Any]:
    """All sittings of a session for whoever runs it, else those this scope gives."""
    if runs(scope, course_session):
        return _select(within(course_session), *more)
    return _select(scope, *more).where(Sitting.course_session_id == course_session.id, own_sittings(scope))


def _sheet(row: Any) -> Sheet:
    key, day, starts, ends, minutes, state, effective, session_id, province_id, status, *more = row
    course, ordinal, closed_id, lock_days, grace, *cell = more
    was, by_id, given = cell or ("", None, None)
    return Sheet(
        id=key,
        date=day,
        starts=starts,
        ends=ends,
        minutes=minutes,
        state=state,
        effective_minutes=effective,
        course_session_id=session_id,
        province_id=province_id,
        status=status,
        code=f"{course}/{ordinal}",
        closed=closed_id is not None,
        lock_days=_known("lock_days", lock_days),
        grace=_known("late_grace_minutes", grace),
        was=was,
        by_id=by_id,
        given=given,
    )


@lru_cache(256)
def _own_sheet(scope: Scope) -> sa.Select[Any]:
    """Kept, for building it takes longer than carrying it out, and each tap of a roll does."""
    return _select(scope).where(Sitting.id == sa.bindparam("sitting"), own_sittings(scope))


def sheet(scope: Scope, sitting_id: int) -> Sheet:
    """The sheet of a sitting whose roll this scope may call; else Missing."""
    row = db.session.execute(_own_sheet(scope), {"sitting": sitting_id}).one_or_none()
    if row is None:
        raise Missing
    return _sheet(row)


def sheets(scope: Scope, course_session: CourseSession) -> dict[int, Sheet]:
    """The sheets of a session (loaded through a scope) that this scope may call the roll of, by id, in time."""
    statement = _of_session(scope, course_session).order_by(*IN_TIME)
    return {row[0]: _sheet(row) for row in db.session.execute(statement)}


def how_far(scope: Scope, sitting_ids: Iterable[int]) -> list[tuple[int, int, int]]:
    """Of those of these sittings whose roll this scope may call: (id, how many are marked, how many have a seat)."""
    seat = sa.and_(Enrolment.course_session_id == Sitting.course_session_id, Enrolment.status.in_(SEAT_HOLDING))
    mark = sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == Enrolment.id)
    statement = sa.select(Sitting.id, sa.func.count(AttendanceMark.id), sa.func.count(Enrolment.id))
    # whose sittings they are is said below
    found = db.session.execute(
        scope.trusting(statement, Sitting, Enrolment, AttendanceMark, CourseSession, Trainer, TrainerAssignment)
        .select_from(Sitting)
        .outerjoin(Enrolment, seat)
        .outerjoin(AttendanceMark, mark)
        .where(Sitting.id.in_(list(sitting_ids)), own_sittings(scope))
        .group_by(Sitting.id)
    )
    return [(key, done, total) for key, done, total in found]


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet, the ids of those before and after it, and how many others there are that day."""

    sheet: Sheet
    before: int | None
    after: int | None
    others: int


def place(scope: Scope, sitting: Sitting) -> Place:
    """Where a sitting (loaded through the scope with its session) stands among those whose roll this scope may call;
    Missing if it is none of them.
    """
    found = sheets(scope, sitting.course_session)
    if sitting.id not in found:
        raise Missing
    ids = list(found)
    here = ids.index(sitting.id)
    before = ids[here - 1] if here else None
    others = sum(one.date == sitting.date for one in found.values()) - 1
    return Place(found[sitting.id], before, ids[here + 1] if here + 1 < len(ids) else None, others)


def sheets_of(scope: Scope, course_session: CourseSession, enrolment_id: int) -> dict[int, Sheet]:
    """The same with what one enrolment's cells say."""
    seats = enrolment.seats_expression(Sitting.course_session_id)
    statement = _of_session(scope, course_session, spelled(), AttendanceMark.by_id, enrolment.seat_given(), seats)
    statement = (
        within(course_session)
        .trusting(statement, enrolment.Seat, Enrolment, *enrolment.SEAT_GIVEN)
        .join(Enrolment, Enrolment.id == enrolment_id)
        .outerjoin(
            AttendanceMark,
            sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == enrolment_id),
        )
    )
    rows = db.session.execute(statement.order_by(*IN_TIME)).all()
    if rows:
        enrolment.know_seats(course_session, rows[0][-1])
    return {row[0]: _sheet(row[:-1]) for row in rows}


_HELD = (
    _select(within(CourseSession))
    .where(
        Sitting.id.in_(sa.bindparam("sittings", expanding=True)),
        Sitting.course_session_id == sa.bindparam("course_session"),
    )
    .with_for_update(of=Sitting)  # whoever gives seats holds the session's row, and need not wait
)


def held(course_session_id: int, sitting_ids: Collection[int]) -> dict[int, Sheet]:
    """These sheets as they are now, their rows held until the transaction ends; Missing for one of another session."""
    wanted = {"sittings": sorted(sitting_ids), "course_session": course_session_id}
    found = {row[0]: _sheet(row) for row in db.session.execute(_HELD, wanted)}
    if set(found) != set(sitting_ids):
        raise Missing
    return found


def phases(
    found: Iterable[Dated], lock_days: int, moment: datetime | None = None, calendar: Calendar | None = None
) -> dict[int, Phase]:
    """Whether these sittings may be marked at this moment (their own windows alone considered), by id.

    Where no calendar is at hand, the holidays are only asked for where they decide.
    """
    moment = moment or now()
    result: dict[int, Phase] = {}
    for sitting in found:
        if sitting.date is None:
            result[sitting.id] = Phase.UNDATED
        elif surely_open(sitting.date, sitting.starts, lock_days, moment):
            result[sitting.id] = Phase.OPEN
        else:
            calendar = calendar or settings.calendar()
            result[sitting.id] = window(sitting.date, sitting.starts, lock_days, calendar).phase(moment)
    return result


def phase(sitting: Dated, moment: datetime | None = None) -> Phase:
    """The same for one sitting, with the days as they are set now."""
    return phases([sitting], int(settings.value("lock_days")), moment)[sitting.id]


def window_of(sheet: Sheet, calendar: Calendar) -> Window | None:
    """When a sheet may be marked; None while its sitting has no date."""
    return None if sheet.date is None else window(sheet.date, sheet.starts, sheet.lock_days, calendar)
