"""What waits for somebody: sheets that are over and not marked, and a trainer's sittings of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import Scope
from app.attendance.models import AttendanceMark, ClosedSheet
from app.attendance.queries import own_sittings
from app.attendance.sheets.queries import phase
from app.attendance.sheets.rules import Phase
from app.catalogue.models import Course
from app.core.clock import at, local, now
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.queries import SEAT_GIVEN, seat_given
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from app.venues.models import Room, Venue

_seat, _marked_seat = aliased(Enrolment), aliased(Enrolment)


def _seats() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(_seat.id))
        .where(_seat.course_session_id == Sitting.course_session_id, _seat.status.in_(SEAT_HOLDING))
        .scalar_subquery()
    )


def _marked() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(AttendanceMark.id))
        .join(_marked_seat, _marked_seat.id == AttendanceMark.enrolment_id)
        .where(AttendanceMark.sitting_id == Sitting.id, _marked_seat.status.in_(SEAT_HOLDING))
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """A sitting and how far its roll is: `seats` people, `marked` of them marked; `missing` those still to be, where
    that was asked for.
    """

    id: int
    course_session_id: int
    date: date
    starts: time
    ends: time
    course_code: str
    ordinal: int
    course_tr: str
    course_en: str
    venue_tr: str | None
    venue_en: str | None
    room_tr: str | None
    room_en: str | None
    seats: int
    marked: int
    missing: int = 0

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"

    @property
    def name_tr(self) -> str:
        return self.course_tr

    @property
    def name_en(self) -> str:
        return self.course_en


def _sheets(scope: Scope, *more: Any) -> sa.Select[Any]:
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
        Venue.name_tr,
        Venue.name_en,
        Room.name_tr,
        Room.name_en,
        _seats(),
        _marked(),
        *more,
    )
    statement = (
        scope.restrict(sa.select(*columns), Sitting)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Room, Room.id == Sitting.room_id)
        .outerjoin(Venue, Venue.id == Room.venue_id)
        .where(own_sittings(scope), Sitting.state != SittingState.NOT_HELD)
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    )
    trusted: sa.Select[Any] = scope.trusting(statement, CourseSession, AttendanceMark, _seat, _marked_seat)
    return trusted


def unmarked_sheets(
    scope: Scope, correcting: Scope, moment: datetime | None = None, limit: int = 20
) -> Sequence[WaitingSheet]:
    """Sittings this scope may call the roll of that are over while somebody is unmarked who had a seat by then, the
    oldest first. A sheet that is locked or closed is for whoever may correct it.
    """
    moment = moment or now()
    there = local(moment)
    over = sa.or_(Sitting.date < there.date(), sa.and_(Sitting.date == there.date(), Sitting.ends <= there.time()))
    mark = sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == Enrolment.id)
    statement = scope.trusting(
        _sheets(scope, CourseSession.province_id, ClosedSheet.id, seat_given()), Enrolment, ClosedSheet, *SEAT_GIVEN
    )
    rows = db.session.execute(
        statement.join(Enrolment, Enrolment.course_session_id == CourseSession.id)
        .outerjoin(AttendanceMark, mark)
        .outerjoin(ClosedSheet, ClosedSheet.sitting_id == Sitting.id)
        .where(
            CourseSession.status.in_((SessionStatus.OPEN, SessionStatus.CONFIRMED)),
            over,
            Enrolment.status.in_(SEAT_HOLDING),
            AttendanceMark.id.is_(None),
        )
    )
    found: list[WaitingSheet] = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        people = list(group)
        *sheet, province_id, closed_id, _ = people[0]
        made = WaitingSheet(*sheet)
        ends = at(made.date, made.ends)
        missing = sum(row[-1] is None or row[-1] < ends for row in people)
        runs = correcting.covers_province(province_id)
        if missing and (runs or (closed_id is None and phase(made, moment) is Phase.OPEN)):
            found.append(replace(made, missing=missing))
        if len(found) == limit:
            break
    return found


def sittings_between(scope: Scope, first: date, days: int) -> Sequence[WaitingSheet]:
    """Sittings of so many days from `first` on this scope may call the roll of, in time: a trainer's own, a
    coordinator's province's.
    """
    statement = _sheets(scope).where(
        CourseSession.status.in_((SessionStatus.OPEN, SessionStatus.CONFIRMED)),
        Sitting.date >= first,
        Sitting.date < first + timedelta(days=days),
    )
    return [WaitingSheet(*row) for row in db.session.execute(statement)]
