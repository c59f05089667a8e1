"""Changes of sittings and of who gives them. Whatever takes a room or a trainer passes `settle`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.calendar.days import Calendar
from app.core.clock import at, now
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings.queries import calendar
from app.trainers.models import Trainer
from app.training import conflicts, history, pattern, queries, remarks
from app.training.conflicts import Conflict, ConflictKind, Planned, Setting
from app.training.events import (
    AssignmentAnswered,
    ConflictsOverridden,
    SittingRemoved,
    SittingsChanged,
    SittingStateSet,
    TrainersChanged,
)
from app.training.models import (
    AssignmentAnswer,
    ChangeKind,
    ConflictOverride,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.venues.models import Room

ROOM_MISFITS = (ConflictKind.ROOM_SMALL, ConflictKind.ROOM_STEPS)
FIXED = (SessionStatus.FINALISED, SessionStatus.CANCELLED)


def changeable(course_session: CourseSession) -> None:
    """Refuse for a session that is finalised or cancelled: nothing of it changes any more."""
    if course_session.status in FIXED:
        raise Refused(
            lazy_gettext(
                "This course session can no longer be changed: %(status)s.", status=course_session.status.label
            )
        )


def setting_of(course_session: CourseSession, days: Calendar) -> Setting:
    return Setting(
        days,
        course_session.capacity,
        course_session.step_free_needed,
        course_session.province_id,
        course_session.id,
    )


def planned_of(sittings: Sequence[Sitting], assignments: Sequence[TrainerAssignment]) -> list[Planned]:
    """Saved sittings that have a date as conflicts read them; a declined trainer does not count.

    `assignments` may be those of the whole session, where `sittings` are some of its own.
    """
    giving: dict[int, list[int]] = {each.id: [] for each in sittings}
    for assignment in assignments:
        if assignment.answer is not AssignmentAnswer.DECLINED and assignment.sitting_id in giving:
            giving[assignment.sitting_id].append(assignment.trainer_id)
    return [
        Planned(each.date, each.starts, each.ends, each.room_id, tuple(giving[each.id]), each.id)
        for each in sittings
        if each.date is not None
    ]


def hold(planned: Sequence[Planned]) -> None:
    """Take turns with whoever wants the same rooms or trainers (SQLite: the whole transaction takes turns)."""
    rooms = sorted({each.room_id for each in planned if each.room_id is not None})
    trainers = sorted({trainer for each in planned for trainer in each.trainer_ids})
    if rooms:
        db.session.execute(sa.select(Room.id).where(Room.id.in_(rooms)).order_by(Room.id).with_for_update())
    if trainers:
        statement = sa.select(Trainer.id).where(Trainer.id.in_(trainers)).order_by(Trainer.id).with_for_update()
        db.session.execute(EVERYWHERE.restrict(statement, Trainer))


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
) -> None:
    """Give sittings of one session another date, time, room or other trainers; `planned` pairs up with them."""
    changeable(course_session)
    if not sittings:
        raise Refused(lazy_gettext("There is no sitting this could change."))
    planned = [replace(wish, sitting_id=each.id) for each, wish in zip(sittings, planned, strict=True)]
    settle(course_session, planned, by=by, reason=reason, also=also, standing=sittings)
    moved = [each for each, wish in zip(sittings, planned, strict=True) if _place(each, wish)]
    others = _assign(course_session, {wish.sitting_id or 0: wish.trainer_ids for wish in planned}, moved)
    if moved:
        _keep_dates(course_session)
        history.keep_sittings(course_session, ChangeKind.MOVED, len(moved), by=by, reason=reason.strip())
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


def _assign(course_session: CourseSession, wanted: dict[int, tuple[int, ...]], moved: Sequence[Sitting]) -> set[int]:
    """Make the trainers of some sittings those wanted: the ids of whom that concerns. Whoever declined stays on
    record, and is asked anew if wanted again; whose sitting moved is asked anew.
    """
    elsewhere = {each.id for each in moved}
    standing = {
        (each.sitting_id, each.trainer_id): each
        for each in queries.assignments(course_session)
        if each.sitting_id in wanted
    }
    pairs = {(sitting, trainer) for sitting, trainers in wanted.items() for trainer in trainers}
    others: set[int] = set()
    for pair, assignment in standing.items():
        declined = assignment.answer is AssignmentAnswer.DECLINED
        if pair not in pairs and not declined:
            db.session.delete(assignment)
            others.add(assignment.trainer_id)
        elif pair in pairs and (declined or pair[0] in elsewhere):
            _ask_anew(assignment)
            if declined:
                others.add(assignment.trainer_id)
    fresh = sorted(pairs - standing.keys())
    db.session.add_all(TrainerAssignment(sitting_id=sitting, trainer_id=trainer) for sitting, trainer in fresh)
    return others | {trainer for _, trainer in fresh}


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
    planned = pattern.redated(list(waiting.values()), given, start, weekdays, calendar())
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
            _ask_anew(assignment)
    _keep_dates(course_session)


def _ask_anew(assignment: TrainerAssignment) -> None:
    assignment.answer, assignment.answered_at, assignment.reason = AssignmentAnswer.PENDING, None, ""


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


def set_sitting_state(
    sitting: Sitting, state: SittingState, effective_minutes: int | None, reason: str, *, by: Actor
) -> None:
    """Held, shortened to so many minutes, or not held; the last two with a reason. Needs its session loaded."""
    changeable(sitting.course_session)
    if state is not SittingState.HELD and not reason.strip():
        raise Refused(lazy_gettext("Please give a reason."), field="reason")
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
    sitting.state_reason = reason.strip() if state is not SittingState.HELD else ""
    journal.record(SittingStateSet(sitting.course_session_id, sitting.id, was.value, state.value), by=by)


def declinable(sitting: Sitting) -> bool:
    """Whether it has not begun: whoever gave it keeps its sheet."""
    return sitting.date is None or at(sitting.date, sitting.starts) > now()


def answer(assignment: TrainerAssignment, given: AssignmentAnswer, *, by: Actor, reason: str = "") -> None:
    """A trainer accepts, or declines with a reason what has not begun. Needs its sitting and session loaded.

    Who had declined may have been asked elsewhere meanwhile: accepting after all looks for clashes again.
    """
    sitting = assignment.sitting
    course_session = sitting.course_session
    changeable(course_session)
    if given is AssignmentAnswer.DECLINED and not declinable(sitting):
        raise Refused(
            lazy_gettext("This sitting has begun; it can no longer be declined. Please call the coordinator.")
        )
    if given is AssignmentAnswer.DECLINED and not reason.strip():
        raise Refused(lazy_gettext("Please give a reason."), field="reason")
    if assignment.answer is AssignmentAnswer.DECLINED and sitting.date is not None:
        planned = Planned(sitting.date, sitting.starts, sitting.ends, None, (assignment.trainer_id,), sitting.id)
        hold([planned])
        for conflict in conflicts.find([planned], setting_of(course_session, calendar())):
            if conflict.kind is ConflictKind.TRAINER_TAKEN:
                raise Refused(conflict.message)
    assignment.answer = assignment.answer.to(given)
    assignment.answered_at = now()
    assignment.reason = reason.strip() if given is AssignmentAnswer.DECLINED else ""
    journal.record(AssignmentAnswered(course_session.id, assignment.id, given.value), by=by)


def settle(
    course_session: CourseSession,
    planned: Sequence[Planned],
    *,
    by: Actor,
    reason: str,
    also: Sequence[Conflict],
    standing: Sequence[Sitting] = (),
    opening: bool = False,
) -> None:
    """Refuse what blocks; keep who went ahead in spite of what warns, and why."""
    hold(planned)
    found = [*look(course_session, planned, calendar(), standing=standing, opening=opening), *also]
    for conflict in conflicts.blocking(found):
        raise Refused(conflict.sentence, field=conflict.field)
    _overrule(course_session, found, by=by, reason=reason)


def look(
    course_session: CourseSession,
    planned: Sequence[Planned],
    days: Calendar,
    *,
    standing: Sequence[Sitting] = (),
    opening: bool = False,
) -> list[Conflict]:
    """All this room knows of a plan. `standing`: the sittings as they are; `opening`: for the first time."""
    found = [*conflicts.find(planned, setting_of(course_session, days)), *remarks.past(planned, standing)]
    return [*found, *remarks.untaught(planned)] if opening else found


def check_rooms(course_session: CourseSession, *, by: Actor, reason: str) -> None:
    """Whether the rooms its sittings have still suit a session whose numbers change; a misfit asks for a reason."""
    planned = planned_of(queries.sittings(course_session), ())
    found = conflicts.find(planned, setting_of(course_session, calendar()))
    _overrule(course_session, [each for each in found if each.kind in ROOM_MISFITS], by=by, reason=reason, said=True)


def _overrule(
    course_session: CourseSession, found: Sequence[Conflict], *, by: Actor, reason: str, said: bool = False
) -> None:
    """Keep why somebody goes ahead in spite of warnings nobody has answered yet. `said`: name them in the refusal,
    for a page that does not show them beside the form.
    """
    known = queries.overridden(course_session)
    fresh = [each for each in found if (each.kind.value, each.detail) not in known]
    if not fresh:
        return
    if not reason.strip() or by.id is None:
        words = lazy_gettext("There are warnings. Change the plan, or say why you go ahead.")
        sentences = [each.sentence for each in fresh] if said else []
        raise Refused(" ".join([*sentences, str(words)]), field="override_reason")
    for conflict in fresh:
        db.session.add(
            ConflictOverride(
                course_session_id=course_session.id,
                kind=conflict.kind.value,
                detail=conflict.detail,
                reason=reason.strip(),
                by_id=by.id,
            )
        )
    kinds = tuple(sorted({conflict.kind.value for conflict in fresh}))
    journal.record(ConflictsOverridden(course_session.id, kinds), by=by)


def _keep_dates(course_session: CourseSession) -> None:
    """The one place that sets the first and last date of a session."""
    db.session.flush()
    statement = sa.select(sa.func.min(Sitting.date), sa.func.max(Sitting.date))
    course_session.starts_on, course_session.ends_on = db.session.execute(
        EVERYWHERE.restrict(statement, Sitting).where(Sitting.course_session_id == course_session.id)
    ).one()
