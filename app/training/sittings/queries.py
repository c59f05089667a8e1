"""What waits for whoever runs sessions: sittings that nobody gives, without a room or a date, or on a day off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import Grant, User
from app.access.scope import EVERYWHERE, Scope
from app.calendar.models import Holiday, HolidayKind
from app.core.db import db
from app.core.tables.written import written_once
from app.language import force_locale, format_date
from app.people import queries as people
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training import queries
from app.training.assignments.queries import Waiting, ahead, sessions_with
from app.training.conflicts.models import ConflictKind
from app.training.models import AssignmentAnswer, ConflictOverride, CourseSession, Sitting, TrainerAssignment
from app.venues.models import Room, Venue

DAYS_OFF = (ConflictKind.HOLIDAY, ConflictKind.HALF_HOLIDAY, ConflictKind.OFF_DAY)


@dataclass(frozen=True)
class Trouble:
    """A session whose sittings ahead need somebody: `kind` is declined, gone, closed, dateless or day_off.

    Or, `unsettled`, somebody who left and has roles elsewhere: id, name and roles stand in place of the session's.
    """

    kind: str
    about: Waiting


def troubles(scope: Scope, limit: int = 20) -> Sequence[Trouble]:
    """In the sessions this scope runs: sittings ahead that were declined and are given by nobody, that somebody gives
    who is no longer active or left the institution, or that stand in a room no longer used; sittings without a date,
    and on a day on which nobody works (not those somebody planned there on purpose). For whoever runs everything
    also accounts that kept roles when their people left; one statement, for the first page asks many.
    """
    rows = db.session.execute(_troubles(scope, limit)).all()
    found = [(Trouble(kind, Waiting(*rest)), known) for *rest, kind, known in rows]
    with force_locale("tr"):  # as `ConflictOverride.detail` is kept
        return [each for each, said in found if not (each.about.day and format_date(each.about.day) in said)]


@written_once
def _troubles(scope: Scope, limit: int) -> Any:
    other = aliased(TrainerAssignment)
    answers: tuple[Any, ...] = (CourseSession, Sitting, TrainerAssignment, other, ConflictOverride, Trainer, Employee)
    kinds = (_declined(other), _gone(), _closed(), _dateless(), _day_off())
    mine = [each if scope.everything else each.where(_run_by(scope)) for each in kinds]
    if scope.everything:
        mine.append(_unsettled())
        answers = (*answers, User, Grant)
    both = sa.union_all(*mine).subquery()
    statement = sa.select(both).order_by(both.c.day.is_not(None), both.c.day, both.c.id).limit(limit)
    return EVERYWHERE.trusting(statement, *answers)  # each kind is of sessions this scope runs


_NOTHING: Any = sa.literal("")


def _declined(other: Any) -> sa.Select[Any]:
    """Nobody else (`other` assignments) gives what somebody declined. Names the columns of all that follow."""
    given = (
        sa.select(other.id).where(other.sitting_id == Sitting.id, other.answer != AssignmentAnswer.DECLINED).exists()
    )
    return (
        sessions_with(sa.literal("declined").label("kind"), _NOTHING.label("known"))
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .where(TrainerAssignment.answer == AssignmentAnswer.DECLINED, ~given, ahead())
    )


def _gone() -> sa.Select[Any]:
    return (
        sessions_with(sa.literal("gone"), _NOTHING)
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .outerjoin(Employee, Employee.id == Trainer.employee_id)
        .where(TrainerAssignment.answer != AssignmentAnswer.DECLINED, ahead())
        .where(sa.or_(Trainer.active == sa.false(), Employee.active == sa.false()))
    )


def _closed() -> sa.Select[Any]:
    return (
        sessions_with(sa.literal("closed"), _NOTHING)
        .join(Room, Room.id == Sitting.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(ahead(), sa.or_(Room.active == sa.false(), Venue.active == sa.false()))
    )


def _dateless() -> sa.Select[Any]:
    return sessions_with(sa.literal("dateless"), _NOTHING).where(Sitting.date.is_(None))


def _day_off() -> sa.Select[Any]:
    """On a holiday, with what was overridden there: `troubles` leaves out days somebody chose on purpose."""
    known = (
        sa.select(sa.func.aggregate_strings(ConflictOverride.detail, " "))
        .where(ConflictOverride.course_session_id == CourseSession.id, ConflictOverride.kind.in_(DAYS_OFF))
        .scalar_subquery()
    )
    return (
        sessions_with(sa.literal("day_off"), sa.func.coalesce(known, ""))
        .join(Holiday, Holiday.date == Sitting.date)
        .where(sa.or_(Holiday.kind == HolidayKind.FULL, Sitting.ends > Holiday.from_time), ahead())
        .group_by(Sitting.date)
    )


def _unsettled() -> sa.Select[Any]:
    key, name, roles = people.unsettled().subquery().c
    none, zero, never = sa.literal(""), sa.literal(0), sa.cast(sa.null(), sa.Date)
    columns = (key, none, zero, name, roles, never.label("day"), never.label("last"), zero.label("sittings"))
    found: sa.Select[Any] = sa.select(*columns, sa.literal("unsettled").label("kind"), none.label("known"))
    return found


def _run_by(scope: Scope) -> sa.ColumnElement[bool]:
    return CourseSession.province_id.in_(sorted(queries.running(scope).provinces))
