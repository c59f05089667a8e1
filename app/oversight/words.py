"""What the activity log calls each event, in the reader's language; the log itself holds codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.access.models import OrganisationKind
from app.access.permissions import Role
from app.attendance.models import MarkSource
from app.calendar.models import HolidayBasis
from app.completion.models import DocumentKind, TestKind
from app.core.status import Worded
from app.enrolment.models import Answer, EnrolmentStatus
from app.language import format_date, gettext, lazy_pgettext
from app.language.turkish import sort_key
from app.training.conflicts import ConflictKind
from app.training.models import AssignmentAnswer, SessionStatus, SittingState

EVENTS = {
    "access.exported": lazy_pgettext("event", "List exported"),
    "access.refused": lazy_pgettext("event", "Access refused"),
    "access.sign_in_failed": lazy_pgettext("event", "Sign-in failed"),
    "access.signed_in": lazy_pgettext("event", "Signed in"),
    "access.signed_out": lazy_pgettext("event", "Signed out"),
    "assignment.answered": lazy_pgettext("event", "Assignment answered"),
    "attendance.marked": lazy_pgettext("event", "Attendance marked"),
    "attendance.sheet_closed": lazy_pgettext("event", "Attendance sheet closed"),
    "attendance.sheet_reopened": lazy_pgettext("event", "Attendance sheet reopened"),
    "attendance.signed_sheet_attached": lazy_pgettext("event", "Signed sheet attached"),
    "attendance.walk_in_added": lazy_pgettext("event", "Walk-in added"),
    "certificate.issued": lazy_pgettext("event", "Certificate issued"),
    "certificate.revoked": lazy_pgettext("event", "Certificate revoked"),
    "certificate.superseded": lazy_pgettext("event", "Certificate replaced"),
    "completion.scores_changed": lazy_pgettext("event", "Test scores changed"),
    "course.activated": lazy_pgettext("event", "Course offered or withdrawn"),
    "course.changed": lazy_pgettext("event", "Course changed"),
    "course.created": lazy_pgettext("event", "Course added"),
    "enrolment.answered": lazy_pgettext("event", "Invitation answered"),
    "enrolment.calendar_made": lazy_pgettext("event", "Calendar address made"),
    "enrolment.calendar_revoked": lazy_pgettext("event", "Calendar address revoked"),
    "enrolment.clash_overridden": lazy_pgettext("event", "Clash overridden"),
    "enrolment.confirmed_below_minimum": lazy_pgettext("event", "Confirmed below the minimum"),
    "enrolment.merged": lazy_pgettext("event", "Enrolments merged"),
    "enrolment.moved": lazy_pgettext("event", "Enrolment state changed"),
    "holiday.added": lazy_pgettext("event", "Holiday added"),
    "holiday.changed": lazy_pgettext("event", "Holiday changed"),
    "holiday.removed": lazy_pgettext("event", "Holiday removed"),
    "job.file_taken": lazy_pgettext("event", "File of a job downloaded"),
    "logo.removed": lazy_pgettext("event", "Logo removed"),
    "logo.set": lazy_pgettext("event", "Logo set"),
    "needs.ratings_discarded": lazy_pgettext("event", "Ratings import discarded"),
    "needs.ratings_imported": lazy_pgettext("event", "Ratings imported"),
    "needs.ratings_moved": lazy_pgettext("event", "Ratings moved"),
    "needs.ratings_staged": lazy_pgettext("event", "Ratings uploaded for preview"),
    "needs.ratings_viewed": lazy_pgettext("event", "Ratings viewed"),
    "organisation.added": lazy_pgettext("event", "Institution added"),
    "organisation.changed": lazy_pgettext("event", "Institution changed"),
    "person.activated": lazy_pgettext("event", "Staff member activated or deactivated"),
    "person.changed": lazy_pgettext("event", "Staff member changed"),
    "person.created": lazy_pgettext("event", "Staff member added"),
    "person.left": lazy_pgettext("event", "Staff member left"),
    "person.linked": lazy_pgettext("event", "Account given to a staff member"),
    "person.merged": lazy_pgettext("event", "Staff records merged"),
    "person.transferred": lazy_pgettext("event", "Staff member transferred"),
    "person.unlinked": lazy_pgettext("event", "Account of a former staff member kept"),
    "person.viewed": lazy_pgettext("event", "Staff record viewed"),
    "room.activated": lazy_pgettext("event", "Room put in or out of use"),
    "room.added": lazy_pgettext("event", "Room added"),
    "room.changed": lazy_pgettext("event", "Room changed"),
    "session.changed": lazy_pgettext("event", "Course session changed"),
    "session.conflicts_overridden": lazy_pgettext("event", "Conflicts overridden"),
    "session.copied": lazy_pgettext("event", "Course session copied"),
    "session.created": lazy_pgettext("event", "Course session added"),
    "session.finalised": lazy_pgettext("event", "Course session finalised"),
    "session.moved": lazy_pgettext("event", "Course session state changed"),
    "session.sittings_changed": lazy_pgettext("event", "Sittings changed"),
    "session.sittings_postponed": lazy_pgettext("event", "Sittings postponed"),
    "session.trainers_changed": lazy_pgettext("event", "Trainers changed"),
    "settings.changed": lazy_pgettext("event", "Settings changed"),
    "signatory.activated": lazy_pgettext("event", "Signatory put in or out of use"),
    "signatory.added": lazy_pgettext("event", "Signatory added"),
    "signatory.changed": lazy_pgettext("event", "Signatory changed"),
    "sitting.removed": lazy_pgettext("event", "Sitting removed"),
    "sitting.state_set": lazy_pgettext("event", "Sitting held, shortened or not held"),
    "trainer.absence_added": lazy_pgettext("event", "Trainer's absence added"),
    "trainer.absence_removed": lazy_pgettext("event", "Trainer's absence removed"),
    "trainer.activated": lazy_pgettext("event", "Trainer activated or deactivated"),
    "trainer.changed": lazy_pgettext("event", "Trainer changed"),
    "trainer.created": lazy_pgettext("event", "Trainer added"),
    "trainer.linked": lazy_pgettext("event", "Account given to a trainer"),
    "trainer.unlinked": lazy_pgettext("event", "Account taken from a trainer"),
    "trainer.viewed": lazy_pgettext("event", "Trainer's record viewed"),
    "unit.added": lazy_pgettext("event", "Unit added"),
    "unit.changed": lazy_pgettext("event", "Unit changed"),
    "user.activated": lazy_pgettext("event", "User activated or deactivated"),
    "user.changed": lazy_pgettext("event", "User changed"),
    "user.created": lazy_pgettext("event", "User added"),
    "user.link_made": lazy_pgettext("event", "One-time link made"),
    "user.password_set": lazy_pgettext("event", "Password set"),
    "user.role_granted": lazy_pgettext("event", "Role granted"),
    "user.role_taken": lazy_pgettext("event", "Role taken"),
    "venue.activated": lazy_pgettext("event", "Venue put in or out of use"),
    "venue.changed": lazy_pgettext("event", "Venue changed"),
    "venue.created": lazy_pgettext("event", "Venue added"),
}


def event_name(code: str) -> str:
    """A code without a name (of an event that is no longer recorded) stands for itself."""
    return str(EVENTS.get(code, code))


def event_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) by name, for a filter."""
    return sorted(((code, event_name(code)) for code in codes), key=lambda pair: sort_key(pair[1]))


# Facts of events, fields that changed, lists that were exported.
FACTS = {
    "account": lazy_pgettext("fact", "Account mark"),
    "active": lazy_pgettext("fact", "Active"),
    "added": lazy_pgettext("fact", "Added"),
    "answer": lazy_pgettext("fact", "Answer"),
    "assignment_id": lazy_pgettext("fact", "Assignment"),
    "basis": lazy_pgettext("fact", "Basis"),
    "by_certificate_id": lazy_pgettext("fact", "New certificate"),
    "certificate_id": lazy_pgettext("fact", "Certificate"),
    "changed": lazy_pgettext("fact", "Changed"),
    "competency_id": lazy_pgettext("fact", "Competency"),
    "course_id": lazy_pgettext("fact", "Course"),
    "course_session_id": lazy_pgettext("fact", "Course session"),
    "date": lazy_pgettext("fact", "Date"),
    "document_id": lazy_pgettext("fact", "File"),
    "dropped": lazy_pgettext("fact", "Dropped"),
    "employee_id": lazy_pgettext("fact", "Staff member"),
    "endpoint": lazy_pgettext("fact", "Page"),
    "enrolled": lazy_pgettext("fact", "Enrolled"),
    "enrolment_id": lazy_pgettext("fact", "Enrolment"),
    "enrolment_ids": lazy_pgettext("fact", "Enrolments"),
    "errors": lazy_pgettext("fact", "Errors"),
    "everywhere": lazy_pgettext("fact", "Everywhere"),
    "fields": lazy_pgettext("fact", "Fields"),
    "first_day": lazy_pgettext("fact", "First day"),
    "format": lazy_pgettext("fact", "Format"),
    "from_id": lazy_pgettext("fact", "From"),
    "holiday_id": lazy_pgettext("fact", "Holiday"),
    "import_id": lazy_pgettext("fact", "Import"),
    "job_id": lazy_pgettext("fact", "Background work"),
    "kept_id": lazy_pgettext("fact", "Kept record"),
    "keys": lazy_pgettext("fact", "Settings"),
    "kind": lazy_pgettext("fact", "Kind"),
    "kinds": lazy_pgettext("fact", "Kinds"),
    "last_day": lazy_pgettext("fact", "Last day"),
    "kept": lazy_pgettext("fact", "Places that went along"),
    "merged_id": lazy_pgettext("fact", "Merged record"),
    "method": lazy_pgettext("fact", "Request"),
    "minimum": lazy_pgettext("fact", "Minimum"),
    "moved": lazy_pgettext("fact", "Moved"),
    "now": lazy_pgettext("fact", "Now"),
    "organisation_id": lazy_pgettext("fact", "Institution"),
    "outcomes": lazy_pgettext("fact", "Outcomes"),
    "overridden": lazy_pgettext("fact", "Despite open items"),
    "people": lazy_pgettext("fact", "People"),
    "province_id": lazy_pgettext("fact", "Province"),
    "role": lazy_pgettext("fact", "Role"),
    "room_id": lazy_pgettext("fact", "Room"),
    "round_id": lazy_pgettext("fact", "Needs analysis round"),
    "rows": lazy_pgettext("fact", "Rows"),
    "same": lazy_pgettext("fact", "Unchanged"),
    "signatory_id": lazy_pgettext("fact", "Signatory"),
    "signed_sheet_id": lazy_pgettext("fact", "Signed sheet"),
    "sitting_id": lazy_pgettext("fact", "Sitting"),
    "sitting_ids": lazy_pgettext("fact", "Sittings"),
    "slot": lazy_pgettext("fact", "Place"),
    "source": lazy_pgettext("fact", "Source"),
    "to_id": lazy_pgettext("fact", "To"),
    "trainer_id": lazy_pgettext("fact", "Trainer"),
    "unit_id": lazy_pgettext("fact", "Unit"),
    "user_id": lazy_pgettext("fact", "User"),
    "venue_id": lazy_pgettext("fact", "Venue"),
    "was": lazy_pgettext("fact", "Before"),
    "what": lazy_pgettext("fact", "List"),
    "academic_title": lazy_pgettext("fact", "Academic title"),
    "acceptance": lazy_pgettext("fact", "Acceptance of nominations"),
    "address": lazy_pgettext("fact", "Address"),
    "attendance_document_on_fail": lazy_pgettext("fact", "Attendance document after a failed test"),
    "capacity": lazy_pgettext("fact", "Capacity"),
    "code": lazy_pgettext("fact", "Code"),
    "competencies": lazy_pgettext("fact", "Competencies"),
    "competency_ids": lazy_pgettext("fact", "Competencies"),
    "days": lazy_pgettext("fact", "Days"),
    "delivery_mode": lazy_pgettext("fact", "Delivery"),
    "email": lazy_pgettext("fact", "E-mail"),
    "employment_type": lazy_pgettext("fact", "Employment type"),
    "ends_on": lazy_pgettext("fact", "Last day"),
    "equipment": lazy_pgettext("fact", "Equipment"),
    "excused_policy": lazy_pgettext("fact", "Excused absences"),
    "family_name": lazy_pgettext("fact", "Family name"),
    "from_time": lazy_pgettext("fact", "From what time"),
    "function": lazy_pgettext("fact", "Function"),
    "given_name": lazy_pgettext("fact", "Given name"),
    "has_test": lazy_pgettext("fact", "Test"),
    "head_id": lazy_pgettext("fact", "Head of unit"),
    "hours": lazy_pgettext("fact", "Hours"),
    "institution": lazy_pgettext("fact", "Institution"),
    "language": lazy_pgettext("fact", "Language"),
    "level": lazy_pgettext("fact", "Level"),
    "max_participants": lazy_pgettext("fact", "Most participants"),
    "min_participants": lazy_pgettext("fact", "Fewest participants"),
    "name": lazy_pgettext("fact", "Name"),
    "name_en": lazy_pgettext("fact", "English name"),
    "name_tr": lazy_pgettext("fact", "Turkish name"),
    "nominations_close_at": lazy_pgettext("fact", "Nominations close"),
    "note": lazy_pgettext("fact", "Note"),
    "objectives_en": lazy_pgettext("fact", "Objectives in English"),
    "objectives_tr": lazy_pgettext("fact", "Objectives in Turkish"),
    "online": lazy_pgettext("fact", "Online"),
    "organisations": lazy_pgettext("fact", "Institutions"),
    "pass_mark": lazy_pgettext("fact", "Pass mark"),
    "phone": lazy_pgettext("fact", "Telephone"),
    "position": lazy_pgettext("fact", "Position"),
    "prerequisites": lazy_pgettext("fact", "Prerequisites"),
    "provinces": lazy_pgettext("fact", "Provinces"),
    "registry_no": lazy_pgettext("fact", "Registry number"),
    "sex": lazy_pgettext("fact", "Sex"),
    "sheet_required": lazy_pgettext("fact", "Signed sheet required"),
    "short_name": lazy_pgettext("fact", "Short name"),
    "starts_on": lazy_pgettext("fact", "First day"),
    "step_free": lazy_pgettext("fact", "Step-free access"),
    "step_free_needed": lazy_pgettext("fact", "Step-free access needed"),
    "supervisor_id": lazy_pgettext("fact", "Supervisor"),
    "target_units": lazy_pgettext("fact", "Target units"),
    "test_required": lazy_pgettext("fact", "Test required"),
    "theme_id": lazy_pgettext("fact", "Thematic area"),
    "themes": lazy_pgettext("fact", "Thematic areas"),
    "threshold": lazy_pgettext("fact", "Attendance threshold"),
    "title_en": lazy_pgettext("fact", "English title"),
    "title_id": lazy_pgettext("fact", "Job title"),
    "title_tr": lazy_pgettext("fact", "Turkish title"),
    "titles": lazy_pgettext("fact", "Job titles"),
    "audit": lazy_pgettext("fact", "Activity log"),
    "certificates": lazy_pgettext("fact", "Certificates"),
    "course_sessions": lazy_pgettext("fact", "Course sessions"),
    "courses": lazy_pgettext("fact", "Courses"),
    "enrolments": lazy_pgettext("fact", "Enrolments"),
    "figures": lazy_pgettext("fact", "Figures"),
    "needs": lazy_pgettext("fact", "Gaps"),
    "needs_people": lazy_pgettext("fact", "People with a gap"),
    "plan": lazy_pgettext("fact", "Training plan"),
    "ratings_errors": lazy_pgettext("fact", "Errors of a ratings import"),
    "trainers": lazy_pgettext("fact", "Trainers"),
    "users": lazy_pgettext("fact", "Users"),
    "venues": lazy_pgettext("fact", "Venues"),
    "sample_data": lazy_pgettext("fact", "Sample data"),
    "institution_tr": lazy_pgettext("fact", "Institution's Turkish name"),
    "institution_en": lazy_pgettext("fact", "Institution's English name"),
    "funding_tr": lazy_pgettext("fact", "Funding statement in Turkish"),
    "funding_en": lazy_pgettext("fact", "Funding statement in English"),
    "mask_names": lazy_pgettext("fact", "Mask names"),
    "suppress_under": lazy_pgettext("fact", "Hide figures under"),
    "nominations_close_days": lazy_pgettext("fact", "Days before nominations close"),
    "lock_days": lazy_pgettext("fact", "Days until attendance is locked"),
    "late_grace_minutes": lazy_pgettext("fact", "Minutes of grace"),
}
# (event or "", fact): the enumeration its value is of
VALUES: dict[tuple[str, str], type[Worded]] = {
    ("", "role"): Role,
    ("", "answer"): Answer,
    ("", "source"): MarkSource,
    ("", "basis"): HolidayBasis,
    ("session.moved", "was"): SessionStatus,
    ("session.moved", "now"): SessionStatus,
    ("enrolment.moved", "was"): EnrolmentStatus,
    ("enrolment.moved", "now"): EnrolmentStatus,
    ("sitting.state_set", "was"): SittingState,
    ("sitting.state_set", "now"): SittingState,
    ("assignment.answered", "now"): AssignmentAnswer,
    ("certificate.issued", "kind"): DocumentKind,
    ("organisation.added", "kind"): OrganisationKind,
    ("completion.scores_changed", "kinds"): TestKind,
    ("session.conflicts_overridden", "kinds"): ConflictKind,
}
DAYS = ("date", "first_day", "last_day")


def fact_name(key: str) -> str:
    """A fact or a field without a name stands for itself."""
    return str(FACTS.get(key, key))


def value_name(event: str, key: str, value: Any) -> str:
    """A value in the reader's words: a state, a field, a list, a day, yes or no."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    words = VALUES.get((event, key)) or VALUES.get(("", key))
    if words is not None and value in {member.value for member in words}:
        return words(value).label
    if key in DAYS:
        return format_date(date.fromisoformat(value))
    return fact_name(value) if key in ("fields", "keys", "what") else str(value)
