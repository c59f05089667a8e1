from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.access.models import Organisation
from app.access.scope import Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import today
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import format_month, lazy_gettext
from app.language.turkish import sort_key
from app.people.models import Employee
from app.programme import uploads
from app.programme.documents import services as documents
from app.programme.documents.models import ProgrammeDocumentKind
from app.programme.pilots import events, queries
from app.programme.pilots.models import (
    Pilot,
    PilotSection,
    PilotSession,
    PilotStaff,
    SectionKey,
    SectionState,
)
from app.programme.pilots.rules import before, month_of
from app.programme.uploads import Upload
from app.training.models import CourseSession

FOLLOWED = ("name_tr", "name_en", "province_id", "organisation_id")
"""What the document of a pilot says as the pilot does."""


def add_pilot(values: Mapping[str, Any], *, scope: Scope, by: Actor) -> Pilot:
    """With an empty management plan of eight sections. `values` by columns, as its form has them."""
    _check(values, None, scope)
    names, place = (values["name_tr"], values["name_en"]), (values["province_id"], values["organisation_id"])
    plan = documents.begin(ProgrammeDocumentKind.MANAGEMENT_PLAN, names, *place, by=by)
    pilot = Pilot(document_id=plan.id, name_sort=sort_key(values["name_tr"]), **values)
    db.session.add(pilot)
    db.session.flush()
    db.session.add_all(PilotSection(pilot_id=pilot.id, key=key) for key in SectionKey)
    journal.record(events.PilotAdded(pilot.id), by=by)
    return pilot


def change_pilot(pilot: Pilot, values: Mapping[str, Any], *, scope: Scope, by: Actor) -> None:
    """Its document follows."""
    _check(values, pilot, scope)
    changed = set_changed(pilot, dict(values))
    if changed:
        pilot.name_sort = sort_key(pilot.name_tr)
        set_changed(pilot.document, {name: values[name] for name in FOLLOWED})
        journal.record(events.PilotChanged(pilot.id, changed), by=by)


def _check(values: Mapping[str, Any], pilot: Pilot | None, scope: Scope) -> None:
    if not scope.covers_province(values["province_id"]):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    owner = db.session.get(Organisation, values["organisation_id"]) if values["organisation_id"] else None
    if owner is not None and owner.province_id not in (None, values["province_id"]):
        raise Refused(lazy_gettext("This institution is in another province."), field="organisation_id")
    if values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise Refused(lazy_gettext("The last day cannot be before the first."), field="ends_on")
    if queries.code_taken(values["code"], pilot.id if pilot else None):
        raise Refused(lazy_gettext("Another pilot project has this code."), field="code")
    counted = queries.counted_since(pilot) if pilot and values["starts_on"] > pilot.starts_on else None
    if counted and counted < month_of(values["starts_on"]):
        told = lazy_gettext("A service of it is counted from %(month)s on.", month=format_month(counted))
        raise Refused(told, field="starts_on")


def close(pilot: Pilot, note: str, *, by: Actor) -> None:
    """Nothing is asked of it any more; months up to now are closed, whether they were entered or not."""
    if pilot.closed_on is not None:
        raise Refused(lazy_gettext("This pilot project is closed already."))
    pilot.closed_on, pilot.closing_note = today(), note
    pilot.closed_through = max(pilot.closed_through or date.min, month_of(today()))
    journal.record(events.PilotClosed(pilot.id, True), by=by)


def reopen(pilot: Pilot, *, by: Actor) -> None:
    """Its users are counted again from this month on; what was closed stays closed."""
    if pilot.closed_on is None:
        return
    pilot.closed_on, pilot.closing_note = None, ""
    pilot.closed_through = min(pilot.closed_through or date.max, before(month_of(today())))
    journal.record(events.PilotClosed(pilot.id, False), by=by)


def grows(pilot: Pilot) -> None:
    """Refused where it is closed, also by somebody else meanwhile; whoever adds to it takes turns."""
    db.session.refresh(pilot, ["closed_on", "version"], with_for_update=True)
    if pilot.closed_on is not None:
        raise Refused(lazy_gettext("This pilot project is closed. Open it again first."))


# --- sections ---------------------------------------------------------------------------------------------


def write_section(
    pilot: Pilot, section: PilotSection, values: Mapping[str, Any], upload: Upload | None = None, *, by: Actor
) -> None:
    """Refused while the plan is decided: whoever submitted it meanwhile was first; and of a closed pilot. `values` by
    columns, and whether it is `complete`; `upload`: a file to go with it.
    """
    grows(pilot)
    documents.hold(pilot.document)
    kept = dict(values)
    complete, said = kept.pop("complete"), kept["text_tr"] or kept["text_en"]
    if complete and not kept["text_tr"]:
        raise Refused(lazy_gettext("A section without a text is not complete."), field="complete")
    kept["state"] = SectionState.COMPLETE if complete else SectionState.DRAFT if said else SectionState.EMPTY
    if upload is not None:
        kept["attachment_id"] = uploads.keep(Upload(f"{pilot.code} {section.key.value}", upload.scan), by=by)
    changed = set_changed(section, kept)
    if changed:
        journal.record(events.PilotSectionSaved(pilot.id, section.key.value, changed), by=by)


# --- staff ------------------------------------------------------------------------------------------------


def add_staff(pilot: Pilot, employee: Employee, *, by: Actor) -> None:
    """Asking twice does nothing."""
    grows(pilot)
    if queries.works_there(pilot, employee):
        return
    if not employee.active:
        raise Refused(lazy_gettext("This person has left the institution."))
    db.session.add(PilotStaff(pilot_id=pilot.id, employee_id=employee.id, since=today()))
    journal.record(events.PilotStaffed(pilot.id, employee.id, True), by=by)


def remove_staff(pilot: Pilot, staff: PilotStaff, *, by: Actor) -> None:
    db.session.delete(staff)
    journal.record(events.PilotStaffed(pilot.id, staff.employee_id, False), by=by)


# --- course sessions --------------------------------------------------------------------------------------


def name_pilot(course_session: CourseSession, pilot: Pilot | None, *, by: Actor) -> None:
    """Say for which pilot of its province a session is given; None: for none any more."""
    if pilot is not None and pilot.province_id != course_session.province_id:
        raise Refused(lazy_gettext("This pilot project is in another province."), field="pilot_id")
    link = queries.session_link(course_session)
    if link is not None and link.pilot_id != (pilot.id if pilot else None):
        journal.record(events.PilotSessionNamed(link.pilot_id, course_session.id, False), by=by)
        db.session.delete(link)
        db.session.flush()
    elif link is not None or pilot is None:
        return
    if pilot is not None:
        db.session.add(PilotSession(pilot_id=pilot.id, course_session_id=course_session.id))
        journal.record(events.PilotSessionNamed(pilot.id, course_session.id, True), by=by)
