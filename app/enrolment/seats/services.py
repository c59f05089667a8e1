"""Giving and giving up seats, answering the invitation, confirming the session."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries as enrolments
from app.enrolment.events import ClashOverridden, ConfirmedBelowMinimum, EnrolmentAnswered, RepeatAllowed
from app.enrolment.focal_points import supportable
from app.enrolment.models import SEAT_HOLDING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.obstacles.queries import in_the_way
from app.enrolment.obstacles.rules import Kind, Obstacle
from app.enrolment.obstacles.services import passable
from app.enrolment.quotas.queries import pools
from app.enrolment.rules import CLOSED, TAKING, begun
from app.enrolment.services import begin, locked, step, taking
from app.enrolment.waiting import queries as waiting
from app.enrolment.waiting.services import fill
from app.language import lazy_gettext
from app.people.models import Employee
from app.training import services as training
from app.training.models import CourseSession, SessionStatus

S = EnrolmentStatus


def enrol(
    course_session: CourseSession,
    employee: Employee,
    *,
    by: Actor,
    override: str = "",
    instead_of: CourseSession | None = None,
) -> Enrolment:
    """Whoever runs the session puts somebody into it: a seat, or the waiting list where it is full or somebody
    waits. A clash refuses unless `override` says why; nominations may have closed. `instead_of`: the group whose seat
    they give up for it.
    """
    locked(course_session, employee)
    taking(course_session)
    found = passable(course_session, employee)
    current = enrolments.enrolment_of(course_session, employee)
    if current is not None and current.status in (S.APPLIED, S.NOMINATED, S.WAITLISTED):
        accept(current, by=by, override=override, instead_of=instead_of)
        return current
    _needs_reason(found, override)
    enrolment = begin(course_session, employee, S.NOMINATED, by=by)
    if not waiting.may_sit(course_session, employee.organisation_id):
        step(enrolment, S.WAITLISTED, by=by)
    else:
        _seat(enrolment, found, by=by, override=override, instead_of=instead_of)
    return enrolment


def accept(enrolment: Enrolment, *, by: Actor, override: str = "", instead_of: CourseSession | None = None) -> None:
    """Give a nominated or waiting person a seat, or one who applied and whose focal point cannot say so (any more).
    Nobody bypasses the waiting list; a nominated one joins it where it is not empty or no seat is free. A clash
    refuses unless `override` says why.
    """
    course_session = enrolment.course_session
    locked(course_session, enrolment.employee)
    taking(course_session)
    if enrolment.status not in (S.APPLIED, S.NOMINATED, S.WAITLISTED):
        raise Refused(lazy_gettext("Only somebody nominated or waiting can be given a seat."))
    if enrolment.status is S.APPLIED and supportable(enrolment):
        raise Refused(lazy_gettext("The application waits for the training focal point of the institution."))
    found = passable(course_session, enrolment.employee)
    if enrolment.status is S.APPLIED:
        step(enrolment, S.NOMINATED, by=by)
    if enrolment.status is S.WAITLISTED:
        _in_turn(enrolment, repeats=any(each.kind is Kind.COMPLETED for each in found))
    elif not waiting.may_sit(course_session, enrolment.employee.organisation_id):
        step(enrolment, S.WAITLISTED, by=by)
        return
    _seat(enrolment, found, by=by, override=override, instead_of=instead_of)


def reject(enrolment: Enrolment, *, by: Actor, reason: str) -> None:
    """Say no to an application, a nomination, somebody waiting, or (the coordinator) a seat given automatically."""
    _give_up(enrolment, S.REJECTED, by=by, reason=_said(reason))


def remove(enrolment: Enrolment, *, by: Actor, reason: str) -> None:
    """Take a seat away."""
    _give_up(enrolment, S.REMOVED, by=by, reason=_said(reason))


def withdraw(enrolment: Enrolment, *, by: Actor, reason: str = "") -> None:
    """Their own wish: a seat is declined before the start and left after it, with a reason; whatever else just ends."""
    locked(enrolment.course_session)  # before anything of the enrolment is written: a session, then what hangs on it
    seated = enrolment.status is S.ENROLLED
    if seated:
        reason = _said(reason)
    to = S.DECLINED if seated and not begun(enrolment.course_session, today()) else S.WITHDRAWN
    if to is S.DECLINED:
        _answered(enrolment, Answer.NO, by=by)
    _give_up(enrolment, to, by=by, reason=reason)


def take_back(enrolment: Enrolment, *, by: Actor) -> None:
    """After all: whoever declined has their seat again, while one is free and nobody waits for it."""
    course_session = enrolment.course_session
    locked(course_session, enrolment.employee)
    taking(course_session)
    if enrolment.status is not S.DECLINED:
        raise Refused(lazy_gettext("Only a seat that was given up can be taken back."))
    if begun(course_session, today()):
        raise Refused(lazy_gettext("The training has begun; please talk to your trainer or coordinator."))
    if not waiting.may_sit(course_session, enrolment.employee.organisation_id):
        raise Refused(lazy_gettext("The seat went to somebody else meanwhile."))
    for obstacle in in_the_way(course_session, enrolment.employee_id):
        raise Refused(obstacle.sentence)
    _answered(enrolment, Answer.YES, by=by)
    step(enrolment, S.ENROLLED, by=by)


def take_offer(enrolment: Enrolment, *, by: Actor) -> None:
    """Yes to a seat that is offered, their own or as they gave it by phone, while the offer stands."""
    course_session = enrolment.course_session
    locked(course_session, enrolment.employee)
    if enrolment.status is S.OFFER_EXPIRED:
        raise Refused(lazy_gettext("The offer has run out; the seat goes to the next of the waiting list."))
    if enrolment.status is not S.OFFERED:
        raise Refused(lazy_gettext("No seat is offered any more."))
    taking(course_session)
    for obstacle in in_the_way(course_session, enrolment.employee_id):
        raise Refused(obstacle.sentence)
    step(enrolment, S.ENROLLED, by=by)
    _answered(enrolment, Answer.YES, by=by)


def answer(enrolment: Enrolment, given: Answer, *, by: Actor, reason: str = "") -> None:
    """The answer to the invitation or to an offer, their own or as they gave it by phone; “no” gives the seat up, with
    a reason.
    """
    if enrolment.status in (S.OFFERED, S.OFFER_EXPIRED) and given is Answer.YES:
        take_offer(enrolment, by=by)
        return
    if enrolment.status is S.OFFERED:
        withdraw(enrolment, by=by, reason=_said(reason))
        return
    locked(enrolment.course_session)
    if enrolment.status is not S.ENROLLED or enrolment.course_session.status not in TAKING:
        raise Refused(lazy_gettext("There is no invitation to answer any more."))
    if begun(enrolment.course_session, today()):
        raise Refused(lazy_gettext("The training has begun; please talk to your trainer or coordinator."))
    if given is Answer.NO:
        withdraw(enrolment, by=by, reason=reason)
    else:
        _answered(enrolment, given, by=by)


def confirm(course_session: CourseSession, *, by: Actor, override: str = "") -> None:
    """The session will take place; invitations follow. Fewer people than the minimum refuse unless `override` says
    why it takes place all the same.
    """
    locked(course_session)
    enrolled = enrolments.seats_taken(course_session)
    if enrolled < course_session.minimum:
        if not override:
            raise Refused(
                lazy_gettext(
                    "The minimum is %(minimum)s, and %(enrolled)s are enrolled. To confirm all the same, say why.",
                    minimum=course_session.minimum,
                    enrolled=enrolled,
                ),
                field="reason",
            )
        journal.record(ConfirmedBelowMinimum(course_session.id, enrolled, course_session.minimum), by=by)
    if course_session.status is not SessionStatus.OPEN:
        raise Refused(lazy_gettext("Only a course session that is open for applications can be confirmed."))
    training.move(course_session, SessionStatus.CONFIRMED, by=by, reason=override)


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(lazy_gettext("Please say why."), field="reason")
    return reason.strip()


def _in_turn(enrolment: Enrolment, *, repeats: bool) -> None:
    found = pools(enrolment.course_session)
    if not found.free:
        raise Refused(lazy_gettext("The course session is full."))
    if not found.room(enrolment.employee.organisation_id):
        raise Refused(lazy_gettext("The seats that are left are kept for other institutions."))
    first = waiting.in_front_of(enrolment, repeats=repeats)
    if first is not None:
        raise Refused(
            lazy_gettext("%(name)s comes first on the waiting list. Nobody is passed over.", name=first.employee.name)
        )


def _needs_reason(found: Sequence[Obstacle], override: str) -> None:
    if found and not override:
        raise Refused(found[0].sentence, field="reason")


def _seat(
    enrolment: Enrolment, found: Sequence[Obstacle], *, by: Actor, override: str, instead_of: CourseSession | None
) -> None:
    _needs_reason(found, override)
    step(enrolment, S.ENROLLED, by=by, reason=override if found else "", group=instead_of)
    for kind in {each.kind for each in found}:
        journal.record(RepeatAllowed(enrolment.id) if kind is Kind.COMPLETED else ClashOverridden(enrolment.id), by=by)


def _give_up(enrolment: Enrolment, to: EnrolmentStatus, *, by: Actor, reason: str) -> None:
    """End an enrolment; if it held a seat the next of the waiting list follows."""
    course_session = enrolment.course_session
    locked(course_session)
    if course_session.status in CLOSED:
        raise Refused(lazy_gettext("This course session is closed; nothing can be changed."))
    seated = enrolment.status in SEAT_HOLDING
    step(enrolment, to, by=by, reason=reason)
    if seated:
        fill(course_session, by=by)


def _answered(enrolment: Enrolment, given: Answer, *, by: Actor) -> None:
    enrolment.answer, enrolment.answered_at, enrolment.answered_by_id = given, now(), by.id
    enrolment.untold_since = None
    journal.record(EnrolmentAnswered(enrolment.id, given.value), by=by)
    db.session.flush()
