"""Who waits, who comes first, and whether a seat is free for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import joinedload

from app.access.scope import within
from app.core.clock import today
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.quotas import rules as quotas
from app.enrolment.quotas.queries import pools
from app.enrolment.rules import TAKING
from app.enrolment.waiting.rules import Way, before, way
from app.settings import queries as settings
from app.training.models import CourseSession


def line(course_session: CourseSession) -> Sequence[Enrolment]:
    """Everybody waiting, in their order, with the person and the session."""
    return db.session.scalars(
        within(course_session)
        .select(Enrolment)
        .where(Enrolment.status == EnrolmentStatus.WAITLISTED)
        .options(joinedload(Enrolment.employee), joinedload(Enrolment.course_session))
        .order_by(Enrolment.priority, Enrolment.queued_at, Enrolment.id)
    ).all()


def able(course_session: CourseSession) -> list[Enrolment]:
    """Those of the line who could come; whoever cannot now keeps their place in it."""
    waiting = line(course_session)
    found = obstacles.obstacles(course_session, [enrolment.employee_id for enrolment in waiting])
    return [enrolment for enrolment in waiting if enrolment.employee_id not in found]


def at_home(waiting: Sequence[Enrolment]) -> list[tuple[Enrolment, int]]:
    """Each with the institution whose seats they wait for: where they work today."""
    return [(enrolment, enrolment.employee.organisation_id) for enrolment in waiting]


def may_sit(course_session: CourseSession, organisation_id: int) -> bool:
    """Whether somebody new of this institution may take a seat at once: there is one for them, and nobody who could
    come waits for it.
    """
    found = pools(course_session)
    return bool(found.room(organisation_id)) and not quotas.in_front(
        found, at_home(able(course_session)), organisation_id
    )


def in_front_of(enrolment: Enrolment, *, repeats: bool) -> Enrolment | None:
    """Who waits for the same seat and comes before one who waits, with the course session locked. `repeats`: they have
    completed the course already, and come after all who have not, whatever the order.
    """
    course_session = enrolment.course_session
    ahead = [one for one in able(course_session) if one.id != enrolment.id and (repeats or before(one, enrolment))]
    return quotas.in_front(pools(course_session), at_home(ahead), enrolment.employee.organisation_id)


def moves_up(course_session: CourseSession) -> bool:
    """Whether somebody waits who could have a seat that is freed now."""
    return bool(able(course_session))


def filled_by(course_session: CourseSession) -> Way:
    """How a freed seat finds the next."""
    if course_session.status not in TAKING:
        return Way.BY_HAND
    return way(course_session.starts_on, today(), settings.calendar())


def position(enrolment: Enrolment) -> int:
    """Their place on the waiting list, from 1."""
    ids = [other.id for other in line(enrolment.course_session)]
    return ids.index(enrolment.id) + 1 if enrolment.id in ids else 0
