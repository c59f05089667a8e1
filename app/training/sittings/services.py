"""Changes of sittings and of who gives them. Whatever takes a room or a trainer passes `settle`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings.queries import calendar
from app.training import queries, services
from app.training.assignments.services import ask_anew, assign
from app.training.conflicts.models import Conflict, Planned
from app.training.conflicts.services import settle
from app.training.events import (
    SittingRemoved,
    SittingsChanged,
    SittingStateSet,
    TrainersChanged,
)
from app.training.models import (
    AssignmentAnswer,
    ChangeKind,
    CourseSession,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.training.services import changeable, reason_given
from app.training.sittings import rules


def add(
    course_session: CourseSession,
    planned: Sequence[Planned],
    *,
    by: Actor,
    reason: str = "",
    also: Sequence[Conflict] = (),
) -> list[Sitting]:
    """New sittings, with their trainers (who are asked)."""
    changeable(course_session)
    if not planned:
        raise Refused(lazy_gettext("There is no day to add."), field="start")
    settle(course_session, planned, by=by, reason=reason, also=also)
    made = [
        Sitting(
            course_session_id=course_session.id,
            date=each.date,
            starts=each.starts,
            ends=each.ends,
            minutes=each.minutes,
            room_id=each.room_id,
        )
        for each in planned
    ]
    db.session.add_all(made)
    db.session.flush()
    pairs = [(sitting.id, key) for sitting, each in zip(made, planned, strict=True) for key in each.trainer_ids]
    db.session.add_all(TrainerAssignment(sitting_id=sitting, trainer_id=trainer) for sitting, trainer in pairs)
    _keep_dates(course_session)
    journal.record(SittingsChanged(course_session.id, tuple(each.id for each in made)), by=by)
    if pairs:
        journal.record(TrainersChanged(course_session.id, tuple(sorted({trainer for _, trainer in pairs}))), by=by)
    return made


def change(
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    planned: Sequence[Planned],
    *,
    by: Actor,
    reason: str = "",
    also: Sequence[Conflict] = (),
    why: str = "",
) -> None:
    """Give sittings of one session another date, time, room or other trainers; `planned` pairs up with them. `why`: a
    trainer is replaced.
    """
    changeable(course_session)
    if not sittings:
        raise Refused(lazy_gettext("There is no sitting this could change."))
    planned = [replace(wish, sitting_id=each.id) for each, wish in zip(sittings, planned, strict=True)]
    settle(course_session, planned, by=by, reason=reason, also=also, standing=sittings)
    moved = [each for each, wish in zip(sittings, planned, strict=True) if _place(each, wish)]
    wanted = {wish.sitting_id or 0: wish.trainer_ids for wish in planned}
    others = assign(course_session, wanted, moved, by=by, why=why)
    if moved:
        _keep_dates(course_session)
        services.keep_sittings(course_session, ChangeKind.MOVED, len(moved), by=by, reason=reason.strip())
        journal.record(SittingsChanged(course_session.id, tuple(each.id for each in moved)), by=by)
    if others:
        journal.record(TrainersChanged(course_session.id, tuple(sorted(others))), by=by)


def _place(sitting: Sitting, wish: Planned) -> bool:
    """Put a sitting where it shall be; whether that is somewhere else than before."""
    new = (wish.date, wish.starts, wish.ends, wish.room_id)
    if (sitting.date, sitting.starts, sitting.ends, sitting.room_id) == new:
        return False
    sitting.date, sitting.starts, sitting.ends, sitting.room_id = new
    if sitting.minutes != wish.minutes and sitting.state is SittingState.SHORTENED:
        sitting.state, sitting.effective_minutes, sitting.state_reason = SittingState.HELD, None, ""
    sitting.minutes = wish.minutes
    sitting.sequence += 1
    return True


def redate(
    course_session: CourseSession,
    start: date,
    weekdays: Collection[int],
    *,
    by: Actor,
    reason: str = "",
    also: Sequence[Conflict] = (),
) -> None:
    """New dates for the sittings that lost theirs, in their old order, from `start` on."""
    waiting = {each.id: each for each in queries.sittings(course_session) if each.date is None}
    given = queries.assignments(course_session)
    planned = rules.redated(list(waiting.values()), given, start, weekdays, calendar())
    change(
        course_session,
        [waiting[each.sitting_id or 0] for each in planned],
        planned,
        by=by,
        reason=reason,
        also=also,
    )


def undate(course_session: CourseSession, sittings: Sequence[Sitting]) -> None:
    """Take the date from these sittings of a session; whoever gives them is asked anew, whoever declined is not."""
    losing = {each.id for each in sittings}
    for each in sittings:
        if each.date is not None:
            each.date = None
            each.sequence += 1
    for assignment in queries.assignments(course_session):
        if assignment.sitting_id in losing and assignment.answer is not AssignmentAnswer.DECLINED:
            ask_anew(assignment)
    _keep_dates(course_session)


def remove(course_session: CourseSession, sitting: Sitting, *, by: Actor) -> None:
    """Take a sitting away. Rooms that know of marks listen to `SittingRemoved` and refuse."""
    changeable(course_session)
    journal.record(SittingRemoved(course_session.id, sitting.id), by=by)
    given = [each for each in queries.assignments(course_session) if each.sitting_id == sitting.id]
    for assignment in given:
        db.session.delete(assignment)
    db.session.flush()
    db.session.delete(sitting)
    _keep_dates(course_session)
    journal.record(SittingsChanged(course_session.id), by=by)
    if given:
        gone = sorted(each.trainer_id for each in given if each.answer is not AssignmentAnswer.DECLINED)
        journal.record(TrainersChanged(course_session.id, tuple(gone)), by=by)


def set_state(sitting: Sitting, state: SittingState, effective_minutes: int | None, reason: str, *, by: Actor) -> None:
    """Held, shortened to so many minutes, or not held; the last two with a reason. Needs its session loaded."""
    changeable(sitting.course_session)
    reason = "" if state is SittingState.HELD else reason_given(reason)
    if state is SittingState.SHORTENED and not (
        effective_minutes is not None and 1 <= effective_minutes < sitting.minutes
    ):
        raise Refused(
            lazy_gettext("Enter fewer minutes than the planned %(minutes)s.", minutes=sitting.minutes),
            field="effective_minutes",
        )
    was = sitting.state
    sitting.state = state
    sitting.effective_minutes = effective_minutes if state is SittingState.SHORTENED else None
    sitting.state_reason = reason
    journal.record(SittingStateSet(sitting.course_session_id, sitting.id, was.value, state.value), by=by)


def _keep_dates(course_session: CourseSession) -> None:
    """The one place that sets the first and last date of a session."""
    db.session.flush()
    statement = sa.select(sa.func.min(Sitting.date), sa.func.max(Sitting.date))
    course_session.starts_on, course_session.ends_on = db.session.execute(
        within(course_session).restrict(statement, Sitting)
    ).one()
