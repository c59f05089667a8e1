"""Asking, nominating, giving and giving up seats.

Whoever may take or free a seat first takes the lock on the session's row, so that of many who come at once exactly
as many get a seat as there are. What a step sets off (mails, the next of the waiting list) happens in `waiting`
and in listeners to `EnrolmentMoved`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Refused, Text
from app.enrolment import obstacles, queries, waiting
from app.enrolment.events import ClashOverridden, ConfirmedBelowMinimum, EnrolmentAnswered, RepeatAllowed, ToldOtherwise
from app.enrolment.models import SEAT_HOLDING, Answer, Enrolment, EnrolmentStatus
from app.enrolment.obstacles import TAKING, Kind, Obstacle
from app.enrolment.steps import begin, locked, step
from app.language import lazy_gettext
from app.people.models import Employee
from app.training import services as training
from app.training.models import Acceptance, CourseSession, SessionStatus

S = EnrolmentStatus


@dataclass
class Tally:
    """How each of several people fared."""

    seated: list[Employee] = field(default_factory=list)
    waiting: list[Employee] = field(default_factory=list)
    nominated: list[Employee] = field(default_factory=list)
    refused: list[tuple[Employee, Text]] = field(default_factory=list)

    def add(self, enrolment: Enrolment, employee: Employee) -> None:
        place = {S.ENROLLED: self.seated, S.WAITLISTED: self.waiting}.get(enrolment.status, self.nominated)
        place.append(employee)


def nominate(course_session: CourseSession, employee: Employee, *, by: Actor, reason: str = "") -> Enrolment:
    """An institution puts one of its people forward. Where acceptance is automatic they take a seat if the rules
    allow, else a place on the waiting list.
    """
    locked(course_session, employee)
    _taking(course_session)
    _still_open(course_session)
    if not queries.offered_to(course_session, employee):
        raise Refused(lazy_gettext("This course session is not open to this person's institution."))
    found = _obstacles(course_session, employee)
    _refuse_lasting(found)
    enrolment = begin(course_session, employee, S.NOMINATED, by=by, reason=reason)
    if course_session.acceptance is Acceptance.AUTOMATIC:
        _seat_or_wait(enrolment, course_session, found, by=by)
    return enrolment


def enrol(course_session: CourseSession, employee: Employee, *, by: Actor, override: str = "") -> Enrolment:
    """Whoever runs the session puts somebody into it: a seat, or the waiting list where it is full or somebody
    waits. A clash refuses unless `override` says why; nominations may have closed.
    """
    locked(course_session, employee)
    _taking(course_session)
    found = _obstacles(course_session, employee)
    _refuse_lasting(found)
    current = queries.enrolment_of(course_session, employee)
    if current is not None and current.status in (S.APPLIED, S.NOMINATED, S.WAITLISTED):
        accept(current, by=by, override=override)
        return current
    _needs_reason(found, override)
    enrolment = begin(course_session, employee, S.NOMINATED, by=by)
    if not waiting.may_sit(course_session):
        step(enrolment, S.WAITLISTED, by=by)
    else:
        _seat(enrolment, found, by=by, override=override)
    return enrolment


def apply(course_session: CourseSession, employee: Employee, *, by: Actor) -> Enrolment:
    """Somebody asks for a place themselves; their institution's focal point decides. Refused where there is none."""
    locked(course_session, employee)
    _taking(course_session)
    _still_open(course_session)
    if not queries.offered_to(course_session, employee):
        raise Refused(lazy_gettext("This course session is not open to your institution."))
    if not queries.focal_point_of(employee):
        raise Refused(
            lazy_gettext(
                "Your institution has no training focal point who could approve your application. "
                "Please contact your human resources unit."
            )
        )
    _refuse_lasting(_obstacles(course_session, employee))
    return begin(course_session, employee, S.APPLIED, by=by)


def support(enrolment: Enrolment, *, by: Actor) -> None:
    """The focal point stands behind an application, which becomes a nomination."""
    course_session = enrolment.course_session
    locked(course_session)
    _taking(course_session)
    _still_open(course_session)
    found = _obstacles(course_session, enrolment.employee)
    _refuse_lasting(found)
    step(enrolment, S.NOMINATED, by=by)
    if course_session.acceptance is Acceptance.AUTOMATIC:
        _seat_or_wait(enrolment, course_session, found, by=by)


def accept(enrolment: Enrolment, *, by: Actor, override: str = "") -> None:
    """Give a nominated or waiting person a seat, or one who applied and whose focal point cannot say so (any more).
    Nobody bypasses the waiting list; a nominated one joins it where it is not empty or no seat is free. A clash
    refuses unless `override` says why.
    """
    course_session = enrolment.course_session
    locked(course_session)
    _taking(course_session)
    if enrolment.status not in (S.APPLIED, S.NOMINATED, S.WAITLISTED):
        raise Refused(lazy_gettext("Only somebody nominated or waiting can be given a seat."))
    if enrolment.status is S.APPLIED and supportable(enrolment):
        raise Refused(lazy_gettext("The application waits for the training focal point of the institution."))
    found = _obstacles(course_session, enrolment.employee)
    _refuse_lasting(found)
    if enrolment.status is S.APPLIED:
        step(enrolment, S.NOMINATED, by=by)
    if enrolment.status is S.WAITLISTED:
        _in_turn(enrolment, course_session, repeats=any(each.kind is Kind.COMPLETED for each in found))
    elif not waiting.may_sit(course_session):
        step(enrolment, S.WAITLISTED, by=by)
        return
    _seat(enrolment, found, by=by, override=override)


def supportable(enrolment: Enrolment) -> bool:
    """Whether a focal point can decide on an application: there is one, and nominations have not closed. Closing ends
    nominations, and support is one; who had asked in time is decided on by whoever runs the session.
    """
    closed = obstacles.nominations_closed(enrolment.course_session)
    return not closed and queries.focal_point_of(enrolment.employee)


def reject(enrolment: Enrolment, *, by: Actor, reason: str) -> None:
    """Say no to an application, a nomination, somebody waiting, or (the coordinator) a seat given automatically."""
    _give_up(enrolment, S.REJECTED, by=by, reason=_said(reason))


def remove(enrolment: Enrolment, *, by: Actor, reason: str) -> None:
    """Take a seat away."""
    _give_up(enrolment, S.REMOVED, by=by, reason=_said(reason))


def withdraw(enrolment: Enrolment, *, by: Actor, reason: str = "") -> None:
    """Their own wish: a seat is declined before the start and left after it, with a reason; whatever else just ends."""
    seated = enrolment.status is S.ENROLLED
    if seated:
        reason = _said(reason)
    to = S.DECLINED if seated and not begun(enrolment.course_session) else S.WITHDRAWN
    if to is S.DECLINED:
        _answered(enrolment, Answer.NO, by=by)
    _give_up(enrolment, to, by=by, reason=reason)


def take_back(enrolment: Enrolment, *, by: Actor) -> None:
    """After all: whoever declined has their seat again, while one is free and nobody waits for it."""
    course_session = enrolment.course_session
    locked(course_session)
    _taking(course_session)
    if enrolment.status is not S.DECLINED:
        raise Refused(lazy_gettext("Only a seat that was given up can be taken back."))
    if begun(course_session):
        raise Refused(lazy_gettext("The training has begun; please talk to your trainer or coordinator."))
    if not waiting.may_sit(course_session):
        raise Refused(lazy_gettext("The seat went to somebody else meanwhile."))
    for obstacle in _obstacles(course_session, enrolment.employee):
        raise Refused(obstacle.sentence)
    _answered(enrolment, Answer.YES, by=by)
    step(enrolment, S.ENROLLED, by=by)


def may_take_back(enrolment: Enrolment) -> bool:
    """Whether a seat that was given up is still there to be taken back."""
    course_session = enrolment.course_session
    waits = enrolment.status is S.DECLINED and course_session.status in TAKING and not begun(course_session)
    return waits and waiting.may_sit(course_session)


def told(enrolment: Enrolment, *, by: Actor) -> None:
    """Whoever no letter reaches was told otherwise."""
    enrolment.untold_since = None
    journal.record(ToldOtherwise(enrolment.id), by=by)


def answer(enrolment: Enrolment, given: Answer, *, by: Actor, reason: str = "") -> None:
    """The answer to the invitation, their own or as they gave it by phone; “no” gives the seat up, with a reason."""
    if enrolment.status is not S.ENROLLED or enrolment.course_session.status not in TAKING:
        raise Refused(lazy_gettext("There is no invitation to answer any more."))
    if begun(enrolment.course_session):
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
    enrolled = queries.seats_taken(course_session)
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


def nominate_all(course_session: CourseSession, employees: Sequence[Employee], *, by: Actor) -> Tally:
    """Nominate several people; what the rules say against one of them does not stop the others."""
    tally = Tally()
    for employee in employees:
        try:
            tally.add(nominate(course_session, employee, by=by), employee)
        except Refused as refusal:
            tally.refused.append((employee, refusal.message))
    return tally


def enrol_all(course_session: CourseSession, employees: Sequence[Employee], *, by: Actor, override: str = "") -> Tally:
    """Enrol several people, those with the more urgent need first."""
    tally = Tally()
    urgency = queries.priorities(course_session, [employee.id for employee in employees])
    for employee in sorted(employees, key=lambda one: urgency[one.id]):
        try:
            tally.add(enrol(course_session, employee, by=by, override=override), employee)
        except Refused as refusal:
            why = refusal.message
            if refusal.field == "reason":
                why = lazy_gettext("%(why)s To enrol them all the same, say why.", why=why)
            tally.refused.append((employee, why))
    return tally


def begun(course_session: CourseSession) -> bool:
    """Whether its first day has come."""
    return course_session.starts_on is not None and course_session.starts_on <= today()


# --- rules ------------------------------------------------------------------------------------------------


def _taking(course_session: CourseSession) -> None:
    if course_session.status not in TAKING:
        raise Refused(lazy_gettext("This course session takes nobody at the moment."))


def _still_open(course_session: CourseSession) -> None:
    if obstacles.nominations_closed(course_session):
        raise Refused(lazy_gettext("Nominations have closed. Your provincial coordinator can still enrol people."))


def _obstacles(course_session: CourseSession, employee: Employee) -> list[Obstacle]:
    return obstacles.obstacles(course_session, [employee.id]).get(employee.id, [])


def _refuse_lasting(found: Sequence[Obstacle]) -> None:
    """Refuse for whatever neither a reason nor waiting can mend."""
    for obstacle in found:
        if not obstacle.passes:
            raise Refused(obstacle.sentence)


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(lazy_gettext("Please say why."), field="reason")
    return reason.strip()


def _in_turn(enrolment: Enrolment, course_session: CourseSession, *, repeats: bool) -> None:
    if not waiting.free_seats(course_session):
        raise Refused(lazy_gettext("The course session is full."))
    first = waiting.first_in_line(course_session)
    if first is not None and first.id != enrolment.id and (repeats or not waiting.before(enrolment, first)):
        raise Refused(
            lazy_gettext("%(name)s comes first on the waiting list. Nobody is passed over.", name=first.employee.name)
        )


def _seat_or_wait(enrolment: Enrolment, course_session: CourseSession, found: Sequence[Obstacle], *, by: Actor) -> None:
    if found or not waiting.may_sit(course_session):
        step(enrolment, S.WAITLISTED, by=by)
    else:
        step(enrolment, S.ENROLLED, by=by)


def _needs_reason(found: Sequence[Obstacle], override: str) -> None:
    if found and not override:
        raise Refused(found[0].sentence, field="reason")


def _seat(enrolment: Enrolment, found: Sequence[Obstacle], *, by: Actor, override: str) -> None:
    _needs_reason(found, override)
    step(enrolment, S.ENROLLED, by=by, reason=override if found else "")
    for kind in {each.kind for each in found}:
        journal.record(RepeatAllowed(enrolment.id) if kind is Kind.COMPLETED else ClashOverridden(enrolment.id), by=by)


def _give_up(enrolment: Enrolment, to: EnrolmentStatus, *, by: Actor, reason: str) -> None:
    """End an enrolment; if it held a seat the next of the waiting list follows."""
    course_session = enrolment.course_session
    locked(course_session)
    if course_session.status in (SessionStatus.FINALISED, SessionStatus.CANCELLED):
        raise Refused(lazy_gettext("This course session is closed; nothing can be changed."))
    seated = enrolment.status in SEAT_HOLDING
    step(enrolment, to, by=by, reason=reason)
    if seated:
        waiting.fill(course_session, by=by)


def _answered(enrolment: Enrolment, given: Answer, *, by: Actor) -> None:
    enrolment.answer, enrolment.answered_at, enrolment.answered_by_id = given, now(), by.id
    enrolment.untold_since = None
    journal.record(EnrolmentAnswered(enrolment.id, given.value), by=by)
    db.session.flush()
