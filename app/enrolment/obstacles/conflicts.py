"""What stands in the way of a plan for a session's sittings because of its participants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from app.access.caller import Caller
from app.access.scope import EVERYWHERE, within
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.enrolment.obstacles.queries import busy
from app.enrolment.obstacles.rules import Block
from app.language import LazyDate, lazy_gettext
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.conflicts.models import Conflict, ConflictKind, Planned
from app.training.models import CourseSession


def conflicts(caller: Caller, plan: tuple[CourseSession, Sequence[Planned]]) -> Iterator[Conflict]:
    """Participants who would have to be elsewhere (a number, for they may be foreign to the reader), and trainers who
    hold a seat in what they would teach.
    """
    course_session, planned = plan
    people = db.session.scalars(
        within(course_session)
        .restrict(sa.select(Enrolment.employee_id), Enrolment)
        .where(Enrolment.status.in_(SEAT_HOLDING))
    ).all()
    if not people:
        return
    elsewhere = busy(people, {each.date for each in planned}, course_session.id)
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
