"""What the activity log calls each event, in the reader's language; the log itself holds codes."""

from __future__ import annotations

from collections.abc import Iterable

from app.language import lazy_pgettext
from app.language.turkish import sort_key

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
