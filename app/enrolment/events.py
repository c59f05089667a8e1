from __future__ import annotations

from app.audit.journal import Event
from app.enrolment.models import Answer, EnrolmentStatus
from app.language import lazy_pgettext


class EnrolmentMoved(Event):
    """One step of an enrolment; `was` is empty for its first."""

    name = "enrolment.moved"
    said = lazy_pgettext("event", "Enrolment state changed")
    words = {"enrolment_id": lazy_pgettext("fact", "Enrolment")}
    values = {"was": EnrolmentStatus, "now": EnrolmentStatus}
    enrolment_id: int
    course_session_id: int
    employee_id: int
    was: str
    now: str


class EnrolmentRegrouped(EnrolmentMoved):
    """A step from one group of a course to another: out of one, or into one. `group_id`: the other one's session."""

    name = "enrolment.regrouped"
    said = lazy_pgettext("event", "Moved to another group")
    words = {**EnrolmentMoved.words, "group_id": lazy_pgettext("fact", "The other group")}
    group_id: int


class EnrolmentAnswered(Event):
    name = "enrolment.answered"
    said = lazy_pgettext("event", "Invitation answered")
    words = {"answer": lazy_pgettext("fact", "Answer")}
    values = {"answer": Answer}
    enrolment_id: int
    answer: str


class ToldOtherwise(Event):
    """Somebody without an e-mail address was told, by phone or in person."""

    name = "enrolment.told_otherwise"
    said = lazy_pgettext("event", "Told by phone or in person")
    enrolment_id: int


class ClashOverridden(Event):
    """A seat was given although another sitting lies at the same time; the reason stands in the history."""

    name = "enrolment.clash_overridden"
    said = lazy_pgettext("event", "Clash overridden")
    enrolment_id: int


class RepeatAllowed(Event):
    """A seat was given to somebody who has completed the course; the reason stands in the history."""

    name = "enrolment.repeat_allowed"
    said = lazy_pgettext("event", "Seat given for a course completed before")
    enrolment_id: int


class QuotasChanged(Event):
    """Seats are kept for so many institutions, or until another moment."""

    name = "enrolment.quotas_changed"
    said = lazy_pgettext("event", "Quotas changed")
    words = {
        "institutions": lazy_pgettext("fact", "Institutions with a quota"),
        "reserved": lazy_pgettext("fact", "Seats reserved"),
    }
    course_session_id: int
    institutions: int
    reserved: int


class ConfirmedBelowMinimum(Event):
    name = "enrolment.confirmed_below_minimum"
    said = lazy_pgettext("event", "Confirmed below the minimum")
    words = {"enrolled": lazy_pgettext("fact", "Enrolled")}
    course_session_id: int
    enrolled: int
    minimum: int


class EnrolmentsMerged(Event):
    """Two enrolments of what turned out to be one person, in one session: attendance takes the better marks."""

    name = "enrolment.merged"
    said = lazy_pgettext("event", "Enrolments merged")
    ids_of = "enrolment"
    kept_id: int
    merged_id: int


class CalendarFeedMade(Event):
    name = "enrolment.calendar_made"
    said = lazy_pgettext("event", "Calendar address made")
    user_id: int


class CalendarFeedRevoked(Event):
    name = "enrolment.calendar_revoked"
    said = lazy_pgettext("event", "Calendar address revoked")
    user_id: int
