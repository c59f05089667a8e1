"""Somebody in the room gets a seat and is marked present."""

from __future__ import annotations

from app.attendance.events import WalkInAdded
from app.attendance.marks.services import Typed, mark
from app.attendance.models import Presence
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.seats import services as enrolment
from app.language import gettext, lazy_gettext
from app.people.models import Employee
from app.training.models import CourseSession, Sitting


def add(course_session: CourseSession, sitting: Sitting, employee: Employee, *, by: Actor, runs: bool) -> Enrolment:
    """Give somebody in the room a seat and mark them present. Refused where the session is full or somebody waits;
    a clash with another sitting refuses unless `by` runs the session.
    """
    override = gettext("Came without a seat and was added on the spot.") if runs else ""
    enrolled = enrolment.enrol(course_session, employee, by=by, override=override)
    if enrolled.status is not EnrolmentStatus.ENROLLED:
        raise Refused(
            lazy_gettext("No seat is free. The coordinator can raise the capacity; then the person can be added.")
        )
    db.session.flush()
    present = Typed(sitting.id, enrolled.id, "", Presence.PRESENT)
    mark(course_session.id, [present], by=by, may_correct=runs, reason=override)
    journal.record(WalkInAdded(sitting.id, enrolled.id), by=by)
    return enrolled
