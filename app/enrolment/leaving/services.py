"""What becomes of somebody's places when they leave their institution, or go to another one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from app.access.scope import within
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db
from app.enrolment import queries as enrolments
from app.enrolment.leaving.queries import places
from app.enrolment.leaving.rules import GOING, after
from app.enrolment.models import LEFT, SEAT_HOLDING, WAITING, Enrolment, EnrolmentStatus
from app.enrolment.rules import begun
from app.enrolment.services import freeze, locked, people_locked, step
from app.enrolment.waiting.services import fill
from app.people.events import EmployeeLeft, EmployeeTransferred
from app.people.models import Employee
from app.post.services import cancel_about
from app.training.models import CourseSession


def hold(employee_ids: Collection[int]) -> Sequence[int]:
    """Lock the sessions that go on and have these people on their list, in the order of their ids: these ids; then
    those people and all who wait there, for a seat that is given up goes to one of them.
    """
    hers = sa.select(Enrolment.course_session_id).where(Enrolment.employee_id.in_(employee_ids))
    listed = hers.where(Enrolment.status.in_((*SEAT_HOLDING, *WAITING)))
    going = sa.and_(CourseSession.id.in_(listed), CourseSession.status.in_(GOING))
    both = hers.group_by(Enrolment.course_session_id).having(sa.func.count() > 1)  # rows that a merge joins
    found = db.session.scalars(
        within(Employee)
        .trusting(sa.select(CourseSession), CourseSession, Enrolment)
        .where(sa.or_(going, CourseSession.id.in_(both)))
        .order_by(CourseSession.id)
    ).all()
    for course_session in found:
        locked(course_session)
    keys = [course_session.id for course_session in found]
    waiting = sa.select(Enrolment.employee_id).where(
        Enrolment.course_session_id.in_(keys), Enrolment.status == EnrolmentStatus.WAITLISTED
    )
    people_locked([*employee_ids, *db.session.scalars(within(Employee).restrict(waiting, Enrolment))])
    return keys


def employee_left(event: EmployeeLeft, by: Actor) -> None:
    """The places in trainings that are not over end, and nothing that waits in the outbox about any of them is sent."""
    _end(event.employee_id, by)
    hers = sa.select(Enrolment.id).where(Enrolment.employee_id == event.employee_id)
    for key in db.session.scalars(within(Employee).restrict(hers, Enrolment)):
        cancel_about(f":enrolment:{key}:")


def employee_transferred(event: EmployeeTransferred, by: Actor) -> None:
    """The same, but for the places that go along."""
    _end(event.employee_id, by, to=event.to_id, keep=event.kept)


def _end(employee_id: int, by: Actor, *, to: int | None = None, keep: Sequence[int] = ()) -> None:
    """The sessions' rows are locked already (`hold`). If a seat is free then, the next of the waiting list follows."""
    for place, stays in places(employee_id):
        course_session = place.course_session
        if stays:
            continue
        if to is not None and place.id in keep and enrolments.offered_at(course_session, to):
            if place.status in SEAT_HOLDING and not begun(course_session, today()):
                freeze(place, employee_id)  # the new institution takes part with it
            continue
        seated = place.status in SEAT_HOLDING
        cancel_about(f":enrolment:{place.id}:")
        step(place, after(place, today()), by=by, reason=LEFT)
        if seated:
            fill(course_session, by=by)
