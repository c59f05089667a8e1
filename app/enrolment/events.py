from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class EnrolmentMoved(Event):
    """One step of an enrolment; `was` is empty for its first."""

    name = "enrolment.moved"
    enrolment_id: int
    course_session_id: int
    employee_id: int
    was: str
    now: str


@dataclass(frozen=True)
class EnrolmentAnswered(Event):
    name = "enrolment.answered"
    enrolment_id: int
    answer: str


@dataclass(frozen=True)
class ToldOtherwise(Event):
    """Somebody without an e-mail address was told, by phone or in person."""

    name = "enrolment.told_otherwise"
    enrolment_id: int


@dataclass(frozen=True)
class ClashOverridden(Event):
    """A seat was given although another sitting lies at the same time; the reason stands in the history."""

    name = "enrolment.clash_overridden"
    enrolment_id: int


@dataclass(frozen=True)
class RepeatAllowed(Event):
    """A seat was given to somebody who has completed the course; the reason stands in the history."""

    name = "enrolment.repeat_allowed"
    enrolment_id: int


@dataclass(frozen=True)
class ConfirmedBelowMinimum(Event):
    name = "enrolment.confirmed_below_minimum"
    course_session_id: int
    enrolled: int
    minimum: int


@dataclass(frozen=True)
class EnrolmentsMerged(Event):
    """Two enrolments of what turned out to be one person, in one session: attendance takes the better marks."""

    name = "enrolment.merged"
    kept_id: int
    merged_id: int


@dataclass(frozen=True)
class CalendarFeedMade(Event):
    name = "enrolment.calendar_made"
    user_id: int


@dataclass(frozen=True)
class CalendarFeedRevoked(Event):
    name = "enrolment.calendar_revoked"
    user_id: int
