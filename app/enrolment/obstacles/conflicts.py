"""What stands in the way of a plan for a session's sittings because of its participants."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.scope import EVERYWHERE, within
from app.catalogue.models import Course
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.obstacles.rules import Block, Busy
from app.language import LazyDate, lazy_gettext
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.conflicts.models import Conflict, ConflictKind, Planned
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState


def conflicts(caller: Caller, plan: tuple[CourseSession, Sequence[Planned]]) -> Iterator[Conflict]:
    """Participants who would have to be elsewhere (a number, for they may be foreign to the reader), and trainers who
    hold a seat in what they would teach.
    """
    course_session, planned = plan
    if course_session.taken == 0:  # known as soon as it is loaded: no draft has participants
        return
    people = db.session.scalars(
        within(course_session)
        .restrict(sa.select(Enrolment.employee_id), Enrolment)
        .where(Enrolment.status.in_(SEAT_HOLDING))
    ).all()
    if not people:
        return
    elsewhere = _busy(people, {each.date for each in planned}, course_session.id)
    taking_part = _trainers_among(people, {key for each in planned for key in each.trainer_ids})
    for index, each in enumerate(planned):
        block = Block(each.date, each.starts, each.ends)
        meeting = {other.employee_id for other in elsewhere if other.block.meets(block)}
        if meeting:
            yield Conflict(
                ConflictKind.PARTICIPANT_TAKEN,
                False,
                index,
                lazy_gettext(
                    "Participants with another training at the same time on %(date)s: %(number)s.",
                    date=LazyDate(each.date),
                    number=len(meeting),
                ),
                way_out=lazy_gettext("Choose another time, or go ahead and say why."),
                field="starts",
            )
        for key in each.trainer_ids:
            if key in taking_part:
                yield Conflict(
                    ConflictKind.TRAINER_PARTICIPANT,
                    True,
                    index,
                    lazy_gettext("%(name)s is a participant of this course session.", name=taking_part[key]),
                    way_out=lazy_gettext("Choose another trainer, or take the seat back first."),
                    field="trainer_ids",
                )


def _trainers_among(people: Sequence[int], trainers: set[int]) -> dict[int, str]:
    """Those of these trainers who are among these people, by their link as staff or by their sign-in."""
    if not trainers:
        return {}
    users = sa.select(Employee.user_id).where(Employee.id.in_(people), Employee.user_id.is_not(None))
    found = db.session.scalars(
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, Employee).where(  # trainers cross provinces
            Trainer.id.in_(trainers), sa.or_(Trainer.employee_id.in_(people), Trainer.user_id.in_(users))
        )
    )
    return {trainer.id: trainer.name for trainer in found}


def _busy(employee_ids: Collection[int], days: Collection[date], leaving_out: int) -> list[Busy]:
    """Where these people have to be on these days, in time, by the seats they hold in sessions other than one."""
    if not employee_ids or not days:
        return []
    rows = db.session.execute(
        EVERYWHERE.restrict(  # what keeps them may be anywhere
            sa.select(Enrolment.employee_id, CourseSession.id, Course.code, CourseSession.ordinal)
            .add_columns(Sitting.date, Sitting.starts, Sitting.ends)
            .select_from(Enrolment),
            Enrolment,
            CourseSession,
            Sitting,
        )
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Sitting, Sitting.course_session_id == CourseSession.id)
        .where(
            Enrolment.employee_id.in_(employee_ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.id != leaving_out,
            CourseSession.status.not_in([SessionStatus.CANCELLED, SessionStatus.POSTPONED]),
            Sitting.state != SittingState.NOT_HELD,
            Sitting.date.in_(days),
        )
        .order_by(Sitting.date, Sitting.starts)
    )
    return [
        Busy(employee_id, other_id, f"{code}/{ordinal}", Block(day, starts, ends))
        for employee_id, other_id, code, ordinal, day, starts, ends in rows
    ]
