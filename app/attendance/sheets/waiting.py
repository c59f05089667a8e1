"""What waits for somebody: sheets that are over and not marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import Scope
from app.attendance.models import AttendanceMark, ClosedSheet
from app.attendance.queries import own_sittings
from app.attendance.sheets.queries import phase
from app.attendance.sheets.rules import Phase
from app.catalogue.models import Course
from app.core.clock import at, now
from app.core.db import db
from app.core.tables.written import TODAY, WALL, written_once
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.queries import SEAT_GIVEN, Seat, seat_given
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState

AT_ONCE = 20
_mark = aliased(AttendanceMark)


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """A sitting that is over, and how many people are still to be marked (`missing`)."""

    id: int
    course_session_id: int
    date: date
    starts: time
    ends: time
    course_code: str
    ordinal: int
    name_tr: str
    name_en: str
    missing: int

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"


def _incomplete(scope: Scope) -> sa.Select[Any]:
    """Ids of sittings this scope may call the roll of that are over while somebody with a seat is unmarked, the oldest
    first.
    """
    over = sa.or_(Sitting.date < TODAY, sa.and_(Sitting.date == TODAY, Sitting.ends <= WALL))
    # asked as sets: what goes on now leads to its sittings; dates would lead through those of all years
    going_on = sa.select(CourseSession.id).where(
        CourseSession.status.in_((SessionStatus.OPEN, SessionStatus.CONFIRMED))
    )
    marked = sa.select(_mark.id).where(_mark.sitting_id == Sitting.id, _mark.enrolment_id == Seat.id)
    unmarked = sa.select(Seat.id).where(
        Seat.course_session_id == Sitting.course_session_id,
        Seat.status.in_(SEAT_HOLDING),
        sa.not_(marked.correlate(Sitting, Seat).exists()),
    )
    return (
        sa.select(Sitting.id)
        .where(
            own_sittings(scope),
            Sitting.state != SittingState.NOT_HELD,
            Sitting.course_session_id.in_(going_on),
            over,
            unmarked.correlate(Sitting).offset(0).exists(),  # with that PostgreSQL asks it of these few, joins no seats
        )
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    )


def _unmarked(scope: Scope, sittings: sa.Select[Any]) -> sa.Select[Any]:
    """A row for everybody unmarked at these sittings: those of a sheet together, the oldest first."""
    columns = (
        Sitting.id,
        Sitting.course_session_id,
        Sitting.date,
        Sitting.starts,
        Sitting.ends,
        Course.code,
        CourseSession.ordinal,
        Course.name_tr,
        Course.name_en,
        CourseSession.province_id,
        ClosedSheet.id,
        seat_given(),
    )
    mark = sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == Enrolment.id)
    read = (CourseSession, ClosedSheet, AttendanceMark, _mark, Enrolment, Seat, *SEAT_GIVEN)
    statement: sa.Select[Any] = scope.trusting(scope.restrict(sa.select(*columns), Sitting), *read)
    return (
        statement.select_from(Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .outerjoin(AttendanceMark, mark)
        .outerjoin(ClosedSheet, ClosedSheet.sitting_id == Sitting.id)
        .where(Sitting.id.in_(sittings), Enrolment.status.in_(SEAT_HOLDING), AttendanceMark.id.is_(None))
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    )


@written_once
def _part(scope: Scope, start: int, most: int) -> sa.Select[Any]:
    """The unmarked people of so many sheets from this one on."""
    return _unmarked(scope, _incomplete(scope).limit(most).offset(start).correlate(None))


def _in_turn(scope: Scope, first: int) -> Iterator[list[Any]]:
    """The unmarked people of one sheet after the other, so many sheets a statement: at `first`, and from then on."""
    start, most = 0, first
    while True:
        rows = db.session.execute(_part(scope, start, most)).all()
        sheets = [list(people) for _, people in groupby(rows, key=lambda row: row[0])]
        yield from sheets
        if len(sheets) < most:
            return
        start, most = start + most, AT_ONCE


def _waiting(correcting: Scope, moment: datetime, people: list[Any]) -> WaitingSheet | None:
    """The sheet of these people, unless nobody had a seat by then or it is no longer for whoever asks."""
    *sheet, province_id, closed_id, _ = people[0]
    ends = at(people[0].date, people[0].ends)
    missing = sum(row[-1] is None or row[-1] < ends for row in people)
    if not missing:
        return None
    made = WaitingSheet(*(*sheet, missing))
    runs = correcting.covers_province(province_id)
    return made if runs or (closed_id is None and phase(made, moment) is Phase.OPEN) else None


def unmarked_sheets(scope: Scope, correcting: Scope, limit: int = 20) -> Sequence[WaitingSheet]:
    """Sittings this scope may call the roll of that are over while somebody is unmarked who had a seat by then, the
    oldest first. A sheet that is locked or closed is for whoever may correct it.
    """
    moment = now()
    # whoever corrects sheets is shown nearly each
    first = limit if correcting.everything or correcting.provinces else AT_ONCE
    made = (_waiting(correcting, moment, people) for people in _in_turn(scope, first))
    return list(islice((sheet for sheet in made if sheet is not None), limit))
