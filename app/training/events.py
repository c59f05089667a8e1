from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext
from app.training.models import AssignmentAnswer, SessionStatus, SittingState


class SessionCreated(Event):
    name = "session.created"
    said = lazy_pgettext("event", "Course session added")
    words = {"course_session_id": lazy_pgettext("fact", "Course session")}
    course_session_id: int


class SessionCopied(Event):
    name = "session.copied"
    said = lazy_pgettext("event", "Course session copied")
    ids_of = "session"
    course_session_id: int
    from_id: int


class SessionChanged(Event):
    """Capacity, minimum, audience and the like; dates and rooms are `SittingsChanged`."""

    name = "session.changed"
    said = lazy_pgettext("event", "Course session changed")
    words = {
        "minimum": lazy_pgettext("fact", "Minimum"),
        "acceptance": lazy_pgettext("fact", "Acceptance of nominations"),
        "step_free_needed": lazy_pgettext("fact", "Step-free access needed"),
        "note": lazy_pgettext("fact", "Note"),
        "nominations_close_at": lazy_pgettext("fact", "Nominations close"),
        "plan_item_id": lazy_pgettext("fact", "Plan row"),
        "starts_on": lazy_pgettext("fact", "First day"),
        "ends_on": lazy_pgettext("fact", "Last day"),
        "test_required": lazy_pgettext("fact", "Test required"),
    }
    course_session_id: int
    fields: tuple[str, ...]


class SessionMoved(Event):
    """From one status to another."""

    name = "session.moved"
    said = lazy_pgettext("event", "Course session state changed")
    values = {"was": SessionStatus, "now": SessionStatus}
    course_session_id: int
    was: str
    now: str


class SittingsChanged(Event):
    """Sittings were added, given another date, time or room (`sitting_ids`), lost their date or were removed."""

    name = "session.sittings_changed"
    said = lazy_pgettext("event", "Sittings changed")
    words = {"sitting_ids": lazy_pgettext("fact", "Sittings")}
    course_session_id: int
    sitting_ids: tuple[int, ...] = ()


class SittingsPostponed(Event):
    """These sittings lost their date while the session goes on; `SittingsChanged` follows."""

    name = "session.sittings_postponed"
    said = lazy_pgettext("event", "Sittings postponed")
    course_session_id: int
    sitting_ids: tuple[int, ...]


class SittingRemoved(Event):
    """Recorded while the row is still there: a listener that knows of marks refuses."""

    name = "sitting.removed"
    said = lazy_pgettext("event", "Sitting removed")
    words = {"sitting_id": lazy_pgettext("fact", "Sitting")}
    course_session_id: int
    sitting_id: int


class SittingStateSet(Event):
    """Held, shortened or not held; what counts in minutes follows from it."""

    name = "sitting.state_set"
    said = lazy_pgettext("event", "Sitting held, shortened or not held")
    values = {"was": SittingState, "now": SittingState}
    course_session_id: int
    sitting_id: int
    was: str
    now: str


class TrainersChanged(Event):
    """`trainer_ids`: who was asked to give a sitting of it, or taken off one."""

    name = "session.trainers_changed"
    said = lazy_pgettext("event", "Trainers changed")
    words = {"trainer_ids": lazy_pgettext("fact", "Trainers")}
    course_session_id: int
    trainer_ids: tuple[int, ...]


class AssignmentAnswered(Event):
    name = "assignment.answered"
    said = lazy_pgettext("event", "Assignment answered")
    words = {"assignment_id": lazy_pgettext("fact", "Assignment")}
    values = {"now": AssignmentAnswer}
    course_session_id: int
    assignment_id: int
    now: str


class TrainerToldOtherwise(Event):
    """A trainer without an e-mail address was told, by phone or in person."""

    name = "session.trainer_told_otherwise"
    said = lazy_pgettext("event", "Told by phone or in person")
    course_session_id: int
    trainer_id: int
