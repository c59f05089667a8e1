"""A step for each of several people; what the rules say against one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import CURRENT, SEAT_HOLDING, Enrolment, EnrolmentStatus
from app.enrolment.nominations import notices as nominations
from app.enrolment.nominations.rules import Tally
from app.enrolment.notices import services as notices
from app.enrolment.rules import TAKING
from app.enrolment.seats.services import enrol
from app.enrolment.services import locked, people_locked, step
from app.enrolment.waiting.services import fill
from app.language import lazy_gettext
from app.training.models import CourseSession

S = EnrolmentStatus


def each(
    sessions: Sequence[CourseSession], enrolments: Sequence[Enrolment], do: Callable[[Enrolment], object]
) -> Tally:
    """Do it for each, in their order; who is refused stands in the tally with the reason. `sessions`: all whose seats
    it takes or frees.
    """
    for course_session in sorted(sessions, key=lambda one: one.id):
        locked(course_session)
    people_locked([one.employee_id for one in enrolments])
    tally = Tally()
    for one in enrolments:
        person = one.employee
        try:
            with db.session.begin_nested():
                do(one)
        except Refused as refusal:
            tally.refused.append((person, refusal.message))
        else:
            tally.seated.append(person)
    return tally


DECIDED = (S.APPLIED, S.NOMINATED)
"""Where somebody else is waited for than the person."""


def remind(enrolment: Enrolment, *, by: Actor) -> None:
    """Whoever is waited for: the person, or who decides on their application."""
    if enrolment.status in DECIDED and enrolment.course_session.status in TAKING:
        nominations.remind(enrolment, by=by)
    else:
        notices.ask_again(enrolment)


def move(enrolment: Enrolment, target: CourseSession, *, by: Actor, override: str = "") -> Enrolment:
    """From one group of a course into another, by the same rules as anybody new; both are locked. The seat here goes
    to the next.
    """
    source = enrolment.course_session
    if enrolment.status not in CURRENT:
        raise Refused(
            lazy_gettext(
                "%(name)s has no place here any more: %(status)s.",
                name=enrolment.employee.name,
                status=enrolment.status.label,
            )
        )
    if target.id == source.id or target.course_id != source.course_id:
        raise Refused(lazy_gettext("Choose another group of the same course."))
    seated = enrolment.status in SEAT_HOLDING
    to = S.REMOVED if enrolment.status is S.ENROLLED else S.WITHDRAWN
    # whoever has a seat is told once, of both
    group, instead_of = (target, source) if seated else (None, None)
    step(enrolment, to, by=by, reason=f"Başka gruba aktarıldı: {target.code}", group=group)
    moved = enrol(target, enrolment.employee, by=by, override=override, instead_of=instead_of)
    if seated and moved.status is not S.ENROLLED:
        raise Refused(lazy_gettext("There is no free seat there; nobody gives up a seat for a waiting list."))
    if seated:
        fill(source, by=by)
    return moved
