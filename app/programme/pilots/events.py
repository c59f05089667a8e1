from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.programme.pilots.models import SectionKey


class PilotAdded(Event):
    name = "pilot.added"
    said = lazy_pgettext("event", "Pilot project added")
    words = {"pilot_id": lazy_pgettext("fact", "Pilot project")}
    pilot_id: int


class PilotChanged(Event):
    name = "pilot.changed"
    said = lazy_pgettext("event", "Pilot project changed")
    words = {
        "beneficiaries_tr": lazy_pgettext("fact", "Beneficiaries in Turkish"),
        "beneficiaries_en": lazy_pgettext("fact", "Beneficiaries in English"),
        "district": lazy_pgettext("fact", "District"),
        "tracking": lazy_pgettext("fact", "User tracking"),
        "unit": lazy_pgettext("fact", "Unit"),
    }
    pilot_id: int
    fields: tuple[str, ...]


class PilotClosed(Event):
    """`closed` False: it was opened again."""

    name = "pilot.closed"
    said = lazy_pgettext("event", "Pilot project closed or opened again")
    words = {"closed": lazy_pgettext("fact", "Closed")}
    pilot_id: int
    closed: bool


class PilotSectionSaved(Event):
    name = "pilot.section_saved"
    said = lazy_pgettext("event", "Section of a management plan written")
    words = {
        "section": lazy_pgettext("fact", "Section"),
        "state": lazy_pgettext("fact", "State"),
        "text_tr": lazy_pgettext("fact", "Turkish text"),
        "text_en": lazy_pgettext("fact", "English text"),
        "responsible": lazy_pgettext("fact", "Responsible"),
        "due_on": lazy_pgettext("fact", "Due on"),
        "attachment_id": lazy_pgettext("fact", "Attachment"),
    }
    values = {"section": SectionKey}
    pilot_id: int
    section: str
    fields: tuple[str, ...]


class PilotStaffed(Event):
    """`active`: whether somebody works in it from now on."""

    name = "pilot.staffed"
    said = lazy_pgettext("event", "Staff of a pilot project changed")
    pilot_id: int
    employee_id: int
    active: bool


class PilotSessionNamed(Event):
    """`linked` False: the session is no longer one of the pilot's."""

    name = "pilot.session_named"
    said = lazy_pgettext("event", "Course session of a pilot project named or taken away")
    pilot_id: int
    course_session_id: int
    linked: bool


class PilotServiceSaved(Event):
    name = "pilot.service_saved"
    said = lazy_pgettext("event", "Service of a pilot project added or changed")
    words = {"first_month": lazy_pgettext("fact", "First month"), "last_month": lazy_pgettext("fact", "Last month")}
    pilot_id: int
    fields: tuple[str, ...]


class PilotUsersEntered(Event):
    """`months` as 2026-03; `corrected`: they were closed before."""

    name = "pilot.users_entered"
    said = lazy_pgettext("event", "Users of a pilot project entered")
    words = {"months": lazy_pgettext("fact", "Months"), "corrected": lazy_pgettext("fact", "Corrected after closing")}
    pilot_id: int
    months: tuple[str, ...]
    corrected: bool


class PilotMonthsClosed(Event):
    name = "pilot.months_closed"
    said = lazy_pgettext("event", "Months of a pilot project closed")
    words = {"through": lazy_pgettext("fact", "Through")}
    pilot_id: int
    through: str
