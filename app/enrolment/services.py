"""The step of an enrolment: the lock before it, the status, its history, and the word to those who listen.

Whoever may take or free a seat first takes the lock on the session's row, so that of many who come at once exactly
as many get a seat as there are. What a step sets off (mails, the next of the waiting list) happens in `waiting`
and in listeners to `EnrolmentMoved`.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE, within
from app.audit import journal
from app.audit.journal import SYSTEM, Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.events import EnrolmentMoved, EnrolmentRegrouped, ToldOtherwise
from app.enrolment.models import SEAT_HOLDING, Answer, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.rules import TAKING
from app.language import lazy_gettext
from app.people.models import Employee, Title, Unit
from app.training.models import CourseSession

S = EnrolmentStatus
# What is decided by. `version` too, or a later change of the row here would pass for a stale one.
LOCKED = [
    "status",
    "capacity",
    "minimum",
    "acceptance",
    "nominations_close_at",
    "quota_release_at",
    "starts_on",
    "ends_on",
    "version",
]
ENDED = (S.OFFER_EXPIRED, S.REJECTED, S.DECLINED, S.WITHDRAWN, S.REMOVED)


def locked(course_session: CourseSession, employee: Employee | None = None) -> None:
    """From here to the end of the transaction nobody else takes or frees a seat of this session, and nobody gives
    `employee`, who is to be put on a list or into a seat, another one, or takes them elsewhere.

    Sessions first, then people, each in the order of their ids: so does everybody (`people.leaving.hold`), and nobody
    waits in a circle. The rows are read again under the lock (SQLite holds one for every transaction that may write).
    An offer that has run out ends here: whatever is decided is decided without it.
    """
    # reading anew would undo what is changed and not written yet
    db.session.flush()
    db.session.refresh(course_session, LOCKED, with_for_update=True)
    lapse(course_session)
    if employee is not None:
        db.session.refresh(employee, ["active", "organisation_id", "version"], with_for_update={"key_share": True})


def lapse(course_session: CourseSession) -> None:
    """End the offers that have run out; the session's row is locked. While it is postponed the time stands still."""
    if course_session.status not in TAKING:
        return
    due = (
        within(course_session)
        .select(Enrolment)
        .where(
            Enrolment.course_session_id == course_session.id,
            Enrolment.status == S.OFFERED,
            Enrolment.offered_until <= now(),
        )
    )
    for enrolment in db.session.scalars(due.order_by(Enrolment.id)).all():
        step(enrolment, S.OFFER_EXPIRED, by=SYSTEM)


def people_locked(employee_ids: Collection[int]) -> None:
    """The same for several people at once; their sessions are locked already. What is asked about them after this is
    as it stays.
    """
    keys = sorted(set(employee_ids))
    for start in range(0, len(keys), 5_000):
        those = sa.select(Employee.id).where(Employee.id.in_(keys[start : start + 5_000])).order_by(Employee.id)
        # a lock shows nothing of them, wherever they work
        db.session.execute(EVERYWHERE.restrict(those.with_for_update(key_share=True), Employee)).all()


def taking(course_session: CourseSession) -> None:
    """Refuse where nobody is taken."""
    if course_session.status not in TAKING:
        raise Refused(lazy_gettext("This course session takes nobody at the moment."))


def still_open(course_session: CourseSession) -> None:
    """Refuse where institutions and staff may no longer ask."""
    if queries.nominations_closed(course_session):
        raise Refused(lazy_gettext("Nominations have closed. Your provincial coordinator can still enrol people."))


def begin(
    course_session: CourseSession, employee: Employee, to: EnrolmentStatus, *, by: Actor, reason: str = ""
) -> Enrolment:
    """The first step, or the first one anew after an enrolment of theirs had ended. One row for person and session."""
    enrolment = queries.enrolment_of(course_session, employee)
    if enrolment is None:
        enrolment = Enrolment(course_session=course_session, employee=employee, status=to)
        if to in SEAT_HOLDING:
            freeze(enrolment, employee.id)
        db.session.add(enrolment)
        db.session.flush()
        _settle(enrolment, "", to, by=by, reason=reason)
        return enrolment
    if enrolment.status not in ENDED:
        raise Refused(
            lazy_gettext(
                "%(name)s is already on the list: %(status)s.", name=employee.name, status=enrolment.status.label
            )
        )
    unanswered(enrolment)
    step(enrolment, to, by=by, reason=reason)
    return enrolment


def unanswered(enrolment: Enrolment) -> None:
    """Nobody has answered what they are asked now."""
    enrolment.answer, enrolment.answered_at, enrolment.answered_by_id = Answer.NONE, None, None


def wait_to_be_told(enrolment: Enrolment) -> None:
    """No letter reaches her, and there is something to tell since now: whoever runs the session gets a task."""
    enrolment.untold_since = now()


def told(enrolment: Enrolment, *, by: Actor) -> None:
    """Whoever no letter reaches was told otherwise."""
    enrolment.untold_since = None
    journal.record(ToldOtherwise(enrolment.id), by=by)


def step(
    enrolment: Enrolment, to: EnrolmentStatus, *, by: Actor, reason: str = "", group: CourseSession | None = None
) -> None:
    """From one status to another, if its table allows that. `group`: that they go into, or come out of, as well."""
    was = enrolment.status
    if to in SEAT_HOLDING and was not in SEAT_HOLDING:
        freeze(enrolment, enrolment.employee_id)
    enrolment.status = was.to(to)
    _settle(enrolment, was.value, to, by=by, reason=reason, group=group)


def freeze(enrolment: Enrolment, employee_id: int) -> None:
    """Keep with a seat where its holder works as it is taken: that is what is told of this training later on."""
    statement = within(enrolment).trusting(sa.select(Organisation, Unit, Title, Employee.registry_no), Employee)
    home, unit, title, registry_no = db.session.execute(
        statement.join(Employee.organisation).join(Employee.unit).join(Employee.title).where(Employee.id == employee_id)
    ).one()
    enrolment.organisation_id, enrolment.organisation_kind = home.id, home.kind
    enrolment.province_id, enrolment.unit_id, enrolment.title_id = home.province_id, unit.id, title.id
    enrolment.called = {
        "organisation_tr": home.name_tr,
        "organisation_en": home.name_en,
        "organisation_sort": home.name_sort,
        "short_name": home.short_name,
        "unit_tr": unit.name_tr,
        "unit_en": unit.name_en,
        "title_tr": title.name_tr,
        "title_en": title.name_en,
    }
    enrolment.registry_no, enrolment.place_guessed = registry_no, False


def _settle(
    enrolment: Enrolment,
    was: str,
    to: EnrolmentStatus,
    *,
    by: Actor,
    reason: str,
    group: CourseSession | None = None,
) -> None:
    if to is S.WAITLISTED:
        enrolment.queued_at = now()
        # as it is now: what is rated later moves nobody in the line
        urgency = queries.priorities(enrolment.course_session, [enrolment.employee_id])
        enrolment.priority = urgency[enrolment.employee_id]
    db.session.flush()
    db.session.add(
        EnrolmentChange(enrolment_id=enrolment.id, old=was, new=to.value, by_id=by.id, at=now(), reason=reason[:500])
    )
    facts = (enrolment.id, enrolment.course_session_id, enrolment.employee_id, was, to.value)
    journal.record(EnrolmentMoved(*facts) if group is None else EnrolmentRegrouped(*facts, group.id), by=by)
