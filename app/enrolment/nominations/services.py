"""Asking for a place: nominating, applying, supporting; one person or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.journal import Actor
from app.core.errors import Refused
from app.enrolment import queries as enrolments
from app.enrolment.focal_points import focal_point_of
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations.rules import Tally
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.obstacles.rules import Obstacle
from app.enrolment.obstacles.services import passable
from app.enrolment.seats.services import enrol
from app.enrolment.services import begin, locked, people_locked, step, still_open, taking
from app.enrolment.waiting import queries as waiting
from app.language import lazy_gettext
from app.people.models import Employee
from app.training.models import Acceptance, CourseSession

S = EnrolmentStatus


def nominate(course_session: CourseSession, employee: Employee, *, by: Actor, reason: str = "") -> Enrolment:
    """An institution puts one of its people forward. Where acceptance is automatic they take a seat if the rules
    allow, else a place on the waiting list.
    """
    locked(course_session, employee)
    taking(course_session)
    still_open(course_session)
    if not enrolments.offered_to(course_session, employee):
        raise Refused(lazy_gettext("This course session is not open to this person's institution."))
    found = passable(course_session, employee)
    enrolment = begin(course_session, employee, S.NOMINATED, by=by, reason=reason)
    if course_session.acceptance is Acceptance.AUTOMATIC:
        _seat_or_wait(enrolment, course_session, found, by=by)
    return enrolment


def apply(course_session: CourseSession, employee: Employee, *, by: Actor) -> Enrolment:
    """Somebody asks for a place themselves; their institution's focal point decides. Refused where there is none."""
    locked(course_session, employee)
    taking(course_session)
    still_open(course_session)
    if not enrolments.offered_to(course_session, employee):
        raise Refused(lazy_gettext("This course session is not open to your institution."))
    if not focal_point_of(employee):
        raise Refused(
            lazy_gettext(
                "Your institution has no training focal point who could approve your application. "
                "Please contact your human resources unit."
            )
        )
    passable(course_session, employee)
    return begin(course_session, employee, S.APPLIED, by=by)


def support(enrolment: Enrolment, *, by: Actor) -> None:
    """The focal point stands behind an application, which becomes a nomination."""
    course_session = enrolment.course_session
    locked(course_session, enrolment.employee)
    taking(course_session)
    still_open(course_session)
    found = passable(course_session, enrolment.employee)
    step(enrolment, S.NOMINATED, by=by)
    if course_session.acceptance is Acceptance.AUTOMATIC:
        _seat_or_wait(enrolment, course_session, found, by=by)


def nominate_all(course_session: CourseSession, employees: Sequence[Employee], *, by: Actor) -> Tally:
    """Nominate several people; what the rules say against one of them does not stop the others."""
    _somebody(employees)
    _all_locked(course_session, employees)
    tally = Tally()
    for employee in employees:
        try:
            tally.add(nominate(course_session, employee, by=by), employee)
        except Refused as refusal:
            tally.refused.append((employee, refusal.message))
    return tally


def enrol_all(course_session: CourseSession, employees: Sequence[Employee], *, by: Actor, override: str = "") -> Tally:
    """Enrol several people, those with the more urgent need first."""
    _somebody(employees)
    _all_locked(course_session, employees)
    _reasons_given(course_session, employees, override)
    tally = Tally()
    urgency = enrolments.priorities(course_session, [employee.id for employee in employees])
    for employee in sorted(employees, key=lambda one: urgency[one.id]):
        try:
            tally.add(enrol(course_session, employee, by=by, override=override), employee)
        except Refused as refusal:
            tally.refused.append((employee, refusal.message))
    return tally


def _reasons_given(course_session: CourseSession, employees: Sequence[Employee], override: str) -> None:
    """Whoever would be enrolled against a warning is named before anybody is: one reason holds for them all."""
    found = obstacles.obstacles(course_session, [employee.id for employee in employees])
    warned: dict[str, list[str]] = {}
    for employee in employees:
        here = found.get(employee.id, [])
        if here and all(each.passes for each in here):
            warned.setdefault(str(here[0].sentence), []).append(employee.name)
    if warned and not override:
        said = " ".join(f"{', '.join(names)}: {sentence}" for sentence, names in warned.items())
        raise Refused(
            lazy_gettext("%(said)s To enrol them all the same, say why, or untick them.", said=said), field="override"
        )


def _all_locked(course_session: CourseSession, employees: Sequence[Employee]) -> None:
    """In the order of their ids, whatever order they are taken in afterwards."""
    locked(course_session)
    people_locked([employee.id for employee in employees])


def _somebody(employees: Sequence[Employee]) -> None:
    if not employees:
        raise Refused(lazy_gettext("Tick at least one person."))


def _seat_or_wait(enrolment: Enrolment, course_session: CourseSession, found: Sequence[Obstacle], *, by: Actor) -> None:
    if found or not waiting.may_sit(course_session, enrolment.employee.organisation_id):
        step(enrolment, S.WAITLISTED, by=by)
    else:
        step(enrolment, S.ENROLLED, by=by)
