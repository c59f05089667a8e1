"""Participations are computed, never typed. What changes one has those of its persons made anew, all of them and in the
same transaction: nothing is added to a figure or taken from one, an error could only grow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM, Actor, Event, record
from app.catalogue.events import CourseChanged
from app.catalogue.models import Course
from app.certificates.events import CertificateIssued, CertificateRevoked, CertificateSuperseded
from app.certificates.models import Certificate
from app.core.db import db
from app.enrolment.models import Enrolment
from app.oversight.figures.events import FiguresRecounted
from app.oversight.figures.models import Participation
from app.oversight.figures.participations import COLUMNS, READ, finalised, firsts
from app.people.events import EmployeeChanged, EmployeesMerged, StaffImported, StaffImportUndone
from app.people.models import Employee
from app.reference.events import ThemesMerged
from app.training.events import SessionMoved
from app.training.models import CourseSession, SessionStatus

AT_ONCE = 5_000


def _anew(employees: sa.Select[Any] | None) -> None:
    """Make the participations of these persons (a SELECT of their ids; None: of everybody) anew."""
    db.session.flush()
    gone, rows = sa.delete(Participation), finalised()
    if employees is not None:
        gone = gone.where(Participation.employee_id.in_(employees))
        rows = rows.where(Enrolment.employee_id.in_(employees))
    found = rows.subquery()
    anew = sa.select(*(found.c[name] for name in COLUMNS), firsts(found.c))
    made = sa.insert(Participation).from_select((*COLUMNS, "firsts"), anew)
    for statement in (gone.execution_options(synchronize_session=False), made):
        db.session.execute(EVERYWHERE.trusting(statement, *READ))  # figures are of everybody


def recount() -> None:
    """Make everybody's anew, and say so: only needed where rows were changed by hand."""
    _anew(None)
    record(FiguresRecounted(), by=SYSTEM)


# --- what changes one ---------------------------------------------------------------------------------------


def session_moved(event: SessionMoved, by: Actor) -> None:
    """It was finalised, or opened again."""
    if SessionStatus.FINALISED in (event.was, event.now):
        _anew(_persons(Enrolment.course_session_id == event.course_session_id))


def certificate_changed(event: CertificateIssued | CertificateRevoked | CertificateSuperseded, by: Actor) -> None:
    """Of two that take turns the one that is valid tells."""
    held = sa.select(Certificate.enrolment_id).where(Certificate.id == event.certificate_id)
    _anew(_persons(Enrolment.id.in_(held)))


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    _anew(sa.select(Employee.id).where(Employee.id.in_([event.kept_id, event.merged_id])))


def employee_changed(event: EmployeeChanged, by: Actor) -> None:
    if "sex" in event.fields:
        _anew(sa.select(Employee.id).where(Employee.id == event.employee_id))


def staff_imported(event: StaffImported | StaffImportUndone, by: Actor) -> None:
    if "sex" in event.fields:
        for start in range(0, len(event.employee_ids), AT_ONCE):
            _anew(sa.select(Employee.id).where(Employee.id.in_(event.employee_ids[start : start + AT_ONCE])))


def course_changed(event: CourseChanged, by: Actor) -> None:
    """It belongs to another thematic area: so does all that was given of it."""
    if "theme_id" in event.fields:
        of_course = sa.select(CourseSession.id).where(CourseSession.course_id == event.course_id)
        _anew(_persons(Enrolment.course_session_id.in_(of_course)))


def themes_merged(event: ThemesMerged, by: Actor) -> None:
    """What was given in either counts for the one that was kept."""
    of_theme = sa.select(CourseSession.id).join(Course, Course.id == CourseSession.course_id)
    _anew(_persons(Enrolment.course_session_id.in_(of_theme.where(Course.theme_id == event.kept_id))))


LISTENERS: dict[type[Event], Callable[[Any, Actor], None]] = {
    SessionMoved: session_moved,
    CertificateIssued: certificate_changed,
    CertificateRevoked: certificate_changed,
    CertificateSuperseded: certificate_changed,
    EmployeesMerged: employees_merged,
    EmployeeChanged: employee_changed,
    StaffImported: staff_imported,
    StaffImportUndone: staff_imported,
    CourseChanged: course_changed,
    ThemesMerged: themes_merged,
}
RECOUNTED = (FiguresRecounted.name, *(kind.name for kind in LISTENERS))
"""Where none of these is recorded, what is kept stands."""


def _persons(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Of these enrolments."""
    return sa.select(Enrolment.employee_id).where(which)
