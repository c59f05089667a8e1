"""A trainer's place on a sitting: asked, asked anew, answered."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings.queries import calendar
from app.training import queries
from app.training.assignments.rules import declinable
from app.training.conflicts import queries as conflicts
from app.training.conflicts.models import ConflictKind, Planned
from app.training.conflicts.rules import setting_of
from app.training.conflicts.services import hold
from app.training.events import AssignmentAnswered
from app.training.models import (
    AssignmentAnswer,
    ChangeKind,
    CourseSession,
    SessionStatus,
    Sitting,
    TrainerAssignment,
)
from app.training.services import changeable, keep_sittings, reason_given


def assign(
    course_session: CourseSession,
    wanted: dict[int, tuple[int, ...]],
    moved: Sequence[Sitting],
    *,
    by: Actor,
    why: str = "",
) -> set[int]:
    """Make the trainers of some sittings those wanted: the ids of whom that concerns. Whoever declined stays on
    record, and is asked anew if wanted again; whose sitting moved is asked anew. Where they were asked already, taking
    one off wants to know why.
    """
    elsewhere = {each.id for each in moved}
    standing = {
        (each.sitting_id, each.trainer_id): each
        for each in queries.assignments(course_session)
        if each.sitting_id in wanted
    }
    pairs = {(sitting, trainer) for sitting, trainers in wanted.items() for trainer in trainers}
    others: set[int] = set()
    off = {
        pair for pair, each in standing.items() if pair not in pairs and each.answer is not AssignmentAnswer.DECLINED
    }
    if off and course_session.status is not SessionStatus.DRAFT:
        _keep_why(course_session, len({sitting for sitting, _ in off}), why, by=by)
    for pair, assignment in standing.items():
        declined = assignment.answer is AssignmentAnswer.DECLINED
        if pair in off:
            db.session.delete(assignment)
            others.add(assignment.trainer_id)
        elif pair in pairs and (declined or pair[0] in elsewhere):
            ask_anew(assignment)
            if declined:
                others.add(assignment.trainer_id)
    fresh = sorted(pairs - standing.keys())
    db.session.add_all(TrainerAssignment(sitting_id=sitting, trainer_id=trainer) for sitting, trainer in fresh)
    return others | {trainer for _, trainer in fresh}


def _keep_why(course_session: CourseSession, sittings: int, why: str, *, by: Actor) -> None:
    if not why.strip():
        raise Refused(lazy_gettext("Say why the trainer is replaced."), field="replace_reason")
    keep_sittings(course_session, ChangeKind.TRAINERS, sittings, by=by, reason=why.strip())


def ask_anew(assignment: TrainerAssignment) -> None:
    assignment.answer, assignment.answered_at, assignment.reason = AssignmentAnswer.PENDING, None, ""


def answer(assignment: TrainerAssignment, given: AssignmentAnswer, *, by: Actor, reason: str = "") -> None:
    """A trainer accepts, or declines with a reason what has not begun. Needs its sitting and session loaded.

    Who had declined may have been asked elsewhere meanwhile: accepting after all looks for clashes again.
    """
    sitting = assignment.sitting
    course_session = sitting.course_session
    changeable(course_session)
    if given is AssignmentAnswer.DECLINED and not declinable(sitting, now()):
        raise Refused(
            lazy_gettext("This sitting has begun; it can no longer be declined. Please call the coordinator.")
        )
    reason = reason_given(reason) if given is AssignmentAnswer.DECLINED else ""
    if assignment.answer is AssignmentAnswer.DECLINED and sitting.date is not None:
        planned = Planned(sitting.date, sitting.starts, sitting.ends, None, (assignment.trainer_id,), sitting.id)
        hold([planned])
        for conflict in conflicts.find([planned], setting_of(course_session, calendar())):
            if conflict.kind is ConflictKind.TRAINER_TAKEN:
                raise Refused(conflict.message)
    assignment.answer = assignment.answer.to(given)
    assignment.answered_at = now()
    assignment.reason = reason
    journal.record(AssignmentAnswered(course_session.id, assignment.id, given.value), by=by)
