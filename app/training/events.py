from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class SessionCreated(Event):
    name = "session.created"
    course_session_id: int


@dataclass(frozen=True)
class SessionCopied(Event):
    name = "session.copied"
    course_session_id: int
    from_id: int


@dataclass(frozen=True)
class SessionChanged(Event):
    """Capacity, minimum, audience and the like; dates and rooms are `SittingsChanged`."""

    name = "session.changed"
    course_session_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class SessionMoved(Event):
    """From one status to another."""

    name = "session.moved"
    course_session_id: int
    was: str
    now: str


@dataclass(frozen=True)
class SittingsChanged(Event):
    """Sittings were added, given another date, time or room (`sitting_ids`), lost their date or were removed."""

    name = "session.sittings_changed"
    course_session_id: int
    sitting_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class SittingsPostponed(Event):
    """These sittings lost their date while the session goes on; `SittingsChanged` follows."""

    name = "session.sittings_postponed"
    course_session_id: int
    sitting_ids: tuple[int, ...]


@dataclass(frozen=True)
class SittingRemoved(Event):
    """Recorded while the row is still there: a listener that knows of marks refuses."""

    name = "sitting.removed"
    course_session_id: int
    sitting_id: int


@dataclass(frozen=True)
class SittingStateSet(Event):
    """Held, shortened or not held; what counts in minutes follows from it."""

    name = "sitting.state_set"
    course_session_id: int
    sitting_id: int
    was: str
    now: str


@dataclass(frozen=True)
class TrainersChanged(Event):
    """`trainer_ids`: who was asked to give a sitting of it, or taken off one."""

    name = "session.trainers_changed"
    course_session_id: int
    trainer_ids: tuple[int, ...]


@dataclass(frozen=True)
class AssignmentAnswered(Event):
    name = "assignment.answered"
    course_session_id: int
    assignment_id: int
    now: str


@dataclass(frozen=True)
class TrainerToldOtherwise(Event):
    """A trainer without an e-mail address was told, by phone or in person."""

    name = "session.trainer_told_otherwise"
    course_session_id: int
    trainer_id: int


@dataclass(frozen=True)
class ConflictsOverridden(Event):
    """Somebody went ahead in spite of warnings; their reason stands beside them, not here."""

    name = "session.conflicts_overridden"
    course_session_id: int
    kinds: tuple[str, ...]
