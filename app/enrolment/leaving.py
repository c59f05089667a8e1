"""What becomes of somebody's places when they leave their institution, or goes to another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from app.access.caller import Caller
from app.access.models import Grant, Organisation, User
from app.access.permissions import Permission, Role
from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.clock import local, now
from app.core.db import db
from app.enrolment import queries, waiting
from app.enrolment.models import LEFT, SEAT_HOLDING, WAITING, Enrolment, EnrolmentStatus
from app.enrolment.services import begun
from app.enrolment.steps import freeze, locked, step
from app.language import format_date, gettext, in_language
from app.people.events import EmployeeLeft, EmployeeTransferred
from app.people.leaving.models import Leaving
from app.people.models import Employee
from app.post.services import cancel_about
from app.training import queries as training
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState
from app.web.slots import Consequence

S = EnrolmentStatus
GOING = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED)


# --- what they hold ---------------------------------------------------------------------------------------


def hold(employee_id: int) -> Sequence[int]:
    """Lock the sessions that go on and have them on their list, in the order of their ids: these ids."""
    listed = sa.select(Enrolment.course_session_id).where(
        Enrolment.employee_id == employee_id, Enrolment.status.in_((*SEAT_HOLDING, *WAITING))
    )
    found = db.session.scalars(
        EVERYWHERE.trusting(EVERYWHERE.select(CourseSession), Enrolment)
        .where(CourseSession.id.in_(listed), CourseSession.status.in_(GOING))
        .order_by(CourseSession.id)
    ).all()
    for course_session in found:
        locked(course_session)
    return [course_session.id for course_session in found]


def _places(employee_id: int) -> list[tuple[Enrolment, bool]]:
    """All they have in sessions that go on, in the order of their ids, and whether it stays: a seat in one whose last
    sitting is over, which is only to be finalised.
    """
    moment = local(now())
    given = sa.select(Sitting.id).where(
        Sitting.course_session_id == CourseSession.id, Sitting.state != SittingState.NOT_HELD
    )
    today = sa.and_(Sitting.date == moment.date(), Sitting.ends > moment.time().replace(microsecond=0))
    ahead = given.where(sa.or_(Sitting.date.is_(None), Sitting.date > moment.date(), today))
    over = sa.and_(given.exists(), ~ahead.exists())
    statement = (
        EVERYWHERE.restrict(sa.select(Enrolment, over), Enrolment, CourseSession, Sitting)
        .join(Enrolment.course_session)
        .where(
            Enrolment.employee_id == employee_id,
            Enrolment.status.in_((*SEAT_HOLDING, *WAITING)),
            CourseSession.status.in_(GOING),
        )
        .options(contains_eager(Enrolment.course_session).joinedload(CourseSession.course))
        .order_by(Enrolment.course_session_id)
        .execution_options(populate_existing=True)
    )
    rows: Any = db.session.execute(statement)
    return [(place, bool(ended) and place.status is S.ENROLLED) for place, ended in rows]


def _after(place: Enrolment) -> EnrolmentStatus:
    """As what it ends: a seat is taken away before the start and left after it, whatever else is withdrawn."""
    return S.REMOVED if place.status is S.ENROLLED and not begun(place.course_session) else S.WITHDRAWN


# --- carried out ------------------------------------------------------------------------------------------


def employee_left(event: EmployeeLeft, by: Actor) -> None:
    """The places in trainings that are not over end, and nothing that waits in the outbox about any of them is sent."""
    _end(event.employee_id, by)
    hers = EVERYWHERE.restrict(sa.select(Enrolment.id), Enrolment).where(Enrolment.employee_id == event.employee_id)
    for key in db.session.scalars(hers):
        cancel_about(f":enrolment:{key}:")


def employee_transferred(event: EmployeeTransferred, by: Actor) -> None:
    """The same, but for the places that go along."""
    _end(event.employee_id, by, to=event.to_id, keep=event.kept)


def _end(employee_id: int, by: Actor, *, to: int | None = None, keep: Sequence[int] = ()) -> None:
    """The sessions' rows are locked already (`hold`). If a seat is free then, the next of the waiting list follows."""
    for place, stays in _places(employee_id):
        course_session = place.course_session
        if stays:
            continue
        if to is not None and place.id in keep and queries.offered_at(course_session, to):
            if place.status in SEAT_HOLDING and not begun(course_session):
                freeze(place, employee_id)  # the new institution takes part with it
            continue
        seated = place.status in SEAT_HOLDING
        cancel_about(f":enrolment:{place.id}:")
        step(place, _after(place), by=by, reason=LEFT)
        if seated:
            waiting.fill(course_session, by=by)


# --- shown before -----------------------------------------------------------------------------------------


def consequences(caller: Caller, leaving: Leaving) -> Iterator[Consequence]:
    """Each place with its session's code and dates; a link only where the caller may open the session."""
    found = _places(leaving.employee.id)
    seen = training.seen(caller.scope_for(Permission.SESSION_READ), [place.course_session_id for place, _ in found])
    for place, stays in found:
        course_session = place.course_session
        name = f"{course_session.code} {in_language(course_session.course, 'name')}"
        day = format_date(course_session.starts_on) if course_session.starts_on else gettext("No date yet")
        keeps = not stays and leaving.to is not None and queries.offered_at(course_session, leaving.to.id)
        yield Consequence(
            f"{name} · {day}",
            _becomes(place, stays, leaving, keeps),
            f"/enrolments/{place.id}" if course_session.id in seen else "",
            str(place.id) if keeps else "",
            order=10,
            stays=stays,
        )
    if leaving.to is None and leaving.employee.user_id is not None:
        yield from _last_focal_point(leaving.employee.user_id, leaving.employee.organisation_id)


def _becomes(place: Enrolment, stays: bool, leaving: Leaving, keeps: bool) -> str:
    if stays:
        return gettext("%(status)s. Stays: the training is over.", status=place.status.label)
    told = gettext("%(was)s → %(becomes)s", was=place.status.label, becomes=_after(place).label)
    if leaving.to is not None and not keeps:
        told += " · " + gettext("The new institution is not invited to this training.")
    course_session = place.course_session
    if place.status in SEAT_HOLDING and waiting.fills_itself(course_session) and waiting.first_in_line(course_session):
        told += " · " + gettext("The seat goes to the first of the waiting list who can come.")
    return told


def of_account(_: Caller, user: User) -> Iterator[Consequence]:
    """Institutions where nobody else could decide on applications."""
    yield from _last_focal_point(user.id)


def _last_focal_point(user_id: int, organisation_id: int | None = None) -> Iterator[Consequence]:
    hers = aliased(Grant)
    waiting_there = (
        sa.select(sa.func.count(Enrolment.id))
        .join(Enrolment.employee)
        .join(Enrolment.course_session)
        .where(
            Employee.organisation_id == Organisation.id,
            Employee.user_id.is_distinct_from(user_id),
            Enrolment.status == S.APPLIED,
            CourseSession.status.in_(GOING),
        )
        .correlate(Organisation)
    )
    statement = (
        sa.select(Organisation, waiting_there.scalar_subquery())
        .join(hers, hers.organisation_id == Organisation.id)
        .where(hers.user_id == user_id, hers.role == Role.FOCAL_POINT, ~queries.deciders(besides=user_id).exists())
        .order_by(Organisation.name_sort)
    )
    if organisation_id is not None:
        statement = statement.where(Organisation.id == organisation_id)
    read = EVERYWHERE.trusting(statement, hers, Grant, User, Enrolment, Employee, CourseSession)
    for place, number in db.session.execute(read):
        yield Consequence(
            gettext("The only training focal point here: %(place)s", place=in_language(place, "name")),
            gettext("Applications that wait for a decision: %(num)s. Give somebody else the role.", num=number),
            order=20,
        )
