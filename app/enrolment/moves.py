"""Which moves one enrolment's page offers to whom."""

from __future__ import annotations

from dataclasses import dataclass

from app.access.caller import Caller
from app.access.permissions import Permission
from app.enrolment import services
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.part import part
from app.training.models import SessionStatus

S = EnrolmentStatus
CLOSED = (SessionStatus.FINALISED, SessionStatus.CANCELLED)
MAY_WITHDRAW = frozenset({S.APPLIED, S.NOMINATED, S.WAITLISTED, S.OFFERED, S.ENROLLED})


@dataclass(frozen=True)
class Moves:
    """What a caller may do with one enrolment now; what only looks possible is refused by the services."""

    support: bool = False
    accept: bool = False
    reject: bool = False
    remove: bool = False
    withdraw: bool = False
    answer: bool = False
    phone: bool = False
    take_back: bool = False

    @property
    def any(self) -> bool:
        return any((self.support, self.accept, self.reject, self.remove, self.withdraw, self.answer, self.phone))


def concerned(caller: Caller, enrolment: Enrolment) -> bool:
    """Whether a caller may say what a person wants: themselves, their focal point, whoever runs the session."""
    own = enrolment.employee.user_id == caller.id and caller.may(Permission.ENROLMENT_APPLY)
    return own or _hers(caller, enrolment) or part(caller, enrolment.course_session).runs


def _hers(caller: Caller, enrolment: Enrolment) -> bool:
    nominate = caller.scope_for(Permission.ENROLMENT_NOMINATE)
    return nominate.everything or enrolment.employee.organisation_id in nominate.organisations


def moves(caller: Caller, enrolment: Enrolment) -> Moves:
    """For an enrolment loaded with its session and person."""
    course_session, status = enrolment.course_session, enrolment.status
    if course_session.status in CLOSED or enrolment.merged_into_id is not None:
        return Moves()
    runs = part(caller, course_session).runs
    own = enrolment.employee.user_id == caller.id and caller.may(Permission.ENROLMENT_APPLY)
    hers = _hers(caller, enrolment)
    takes = course_session.status in (SessionStatus.OPEN, SessionStatus.CONFIRMED)
    asked = takes and status is S.ENROLLED and not services.begun(course_session)
    supportable = takes and status is S.APPLIED and services.supportable(enrolment)
    acceptable = status in (S.NOMINATED, S.WAITLISTED) or (status is S.APPLIED and not supportable)
    return Moves(
        support=hers and supportable,
        accept=runs and takes and acceptable,
        reject=(runs and status in (S.APPLIED, S.NOMINATED, S.WAITLISTED)) or (hers and status is S.APPLIED),
        remove=runs and status is S.ENROLLED,
        withdraw=(own or hers) and status in MAY_WITHDRAW and not (hers and not own and status is S.APPLIED),
        answer=own and asked,
        phone=(hers or runs) and not own and asked,
        take_back=(own or hers or runs) and services.may_take_back(enrolment),
    )
