from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.access.models import Organisation
from app.access.scope import Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.files.pictures.scans import Scan, keep
from app.language import lazy_gettext
from app.language.turkish import sort_key
from app.people.models import Employee
from app.programme.documents import services as documents
from app.programme.documents.models import ProgrammeDocumentKind
from app.programme.pilots import queries
from app.programme.pilots.events import (
    PilotAdded,
    PilotChanged,
    PilotClosed,
    PilotSectionSaved,
    PilotSessionNamed,
    PilotStaffed,
)
from app.programme.pilots.models import (
    Pilot,
    PilotSection,
    PilotSession,
    PilotStaff,
    SectionKey,
    SectionState,
    TrackingStatus,
)
from app.programme.pilots.rules import before, month_of
from app.training.models import CourseSession


@dataclass(frozen=True)
class PilotDetails:
    """Everything about a pilot that its form sets."""

    code: str
    name_tr: str
    name_en: str
    province_id: int
    district: str
    theme_id: int
    organisation_id: int | None
    unit: str
    beneficiaries_tr: str
    beneficiaries_en: str
    starts_on: date
    ends_on: date | None
    tracking: TrackingStatus
    note: str = ""


def add_pilot(details: PilotDetails, *, scope: Scope, by: Actor) -> Pilot:
    """With an empty management plan of eight sections."""
    values = _checked(details, None, scope)
    names = (details.name_tr, details.name_en)
    plan = documents.begin(
        ProgrammeDocumentKind.MANAGEMENT_PLAN, names, details.province_id, details.organisation_id, by=by
    )
    pilot = Pilot(document_id=plan.id, name_sort=sort_key(details.name_tr), **values)
    db.session.add(pilot)
    db.session.flush()
    db.session.add_all(PilotSection(pilot_id=pilot.id, key=key) for key in SectionKey)
    journal.record(PilotAdded(pilot.id), by=by)
    return pilot


def change_pilot(pilot: Pilot, details: PilotDetails, *, scope: Scope, by: Actor) -> None:
    changed = set_changed(pilot, _checked(details, pilot, scope))
    if changed:
        pilot.name_sort = sort_key(pilot.name_tr)
        followed = {name: getattr(pilot, name) for name in ("name_tr", "name_en", "province_id", "organisation_id")}
        set_changed(pilot.document, followed)
        journal.record(PilotChanged(pilot.id, changed), by=by)


def _checked(details: PilotDetails, pilot: Pilot | None, scope: Scope) -> dict[str, Any]:
    if not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    owner = db.session.get(Organisation, details.organisation_id) if details.organisation_id else None
    if owner is not None and owner.province_id not in (None, details.province_id):
        raise Refused(lazy_gettext("This institution is in another province."), field="organisation_id")
    if details.ends_on and details.ends_on < details.starts_on:
        raise Refused(lazy_gettext("The last day cannot be before the first."), field="ends_on")
    if queries.code_taken(details.code, pilot.id if pilot else None):
        raise Refused(lazy_gettext("Another pilot project has this code."), field="code")
    return asdict(details)


def close(pilot: Pilot, note: str, *, by: Actor) -> None:
    """Nothing is asked of it any more; months up to now are closed, whether they were entered or not."""
    if pilot.closed_on is not None:
        raise Refused(lazy_gettext("This pilot project is closed already."))
    pilot.closed_on, pilot.closing_note = today(), note
    pilot.closed_through = max(pilot.closed_through or date.min, month_of(today()))
    journal.record(PilotClosed(pilot.id, True), by=by)


def reopen(pilot: Pilot, *, by: Actor) -> None:
    """Its users are counted again from this month on; what was closed stays closed."""
    if pilot.closed_on is None:
        return
    pilot.closed_on, pilot.closing_note = None, ""
    pilot.closed_through = min(pilot.closed_through or date.max, before(month_of(today())))
    journal.record(PilotClosed(pilot.id, False), by=by)


# --- sections ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SectionDetails:
    text_tr: str
    text_en: str
    responsible: str
    due_on: date | None
    complete: bool


def write_section(
    pilot: Pilot, section: PilotSection, details: SectionDetails, scan: Scan | None = None, *, by: Actor
) -> None:
    """Refused while the plan is decided: whoever submitted it meanwhile was first. `scan`: a file to go with it."""
    documents.hold(pilot.document)
    values: dict[str, Any] = asdict(details)
    if values.pop("complete") and not details.text_tr:
        raise Refused(lazy_gettext("A section without a text is not complete."), field="complete")
    written = SectionState.DRAFT if details.text_tr or details.text_en else SectionState.EMPTY
    values["state"] = SectionState.COMPLETE if details.complete else written
    if scan is not None:
        values["attachment_id"] = keep(scan, f"{pilot.code} {section.key.value}", by_id=by.id).id
    changed = set_changed(section, values)
    if changed:
        journal.record(PilotSectionSaved(pilot.id, section.key.value, changed), by=by)


# --- staff ------------------------------------------------------------------------------------------------


def add_staff(pilot: Pilot, employee: Employee, *, by: Actor) -> None:
    """Asking twice does nothing."""
    if queries.works_there(pilot, employee):
        return
    if not employee.active:
        raise Refused(lazy_gettext("This person has left the institution."))
    db.session.add(PilotStaff(pilot_id=pilot.id, employee_id=employee.id, since=today()))
    journal.record(PilotStaffed(pilot.id, employee.id, True), by=by)


def remove_staff(pilot: Pilot, staff: PilotStaff, *, by: Actor) -> None:
    db.session.delete(staff)
    journal.record(PilotStaffed(pilot.id, staff.employee_id, False), by=by)


# --- course sessions --------------------------------------------------------------------------------------


def name_pilot(course_session: CourseSession, pilot: Pilot | None, *, by: Actor) -> None:
    """Say for which pilot of its province a session is given; None: for none any more."""
    if pilot is not None and pilot.province_id != course_session.province_id:
        raise Refused(lazy_gettext("This pilot project is in another province."), field="pilot_id")
    link = queries.session_link(course_session)
    if link is not None and link.pilot_id != (pilot.id if pilot else None):
        journal.record(PilotSessionNamed(link.pilot_id, course_session.id, False), by=by)
        db.session.delete(link)
        db.session.flush()
    elif link is not None or pilot is None:
        return
    if pilot is not None:
        db.session.add(PilotSession(pilot_id=pilot.id, course_session_id=course_session.id))
        journal.record(PilotSessionNamed(pilot.id, course_session.id, True), by=by)
