"""Who and what is taken on which days: the facts conflicts are found in, read for all days at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.catalogue.models import Course
from app.core.db import db
from app.trainers.absences import queries as absences
from app.trainers.models import Trainer
from app.training.conflicts.board import Away, Board, covering
from app.training.conflicts.models import Conflict, Occupied, Planned, RoomRow, Setting
from app.training.conflicts.rules import Search, found_in
from app.training.models import (
    AssignmentAnswer,
    ConflictOverride,
    CourseSession,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)
from app.venues.models import Room, Venue


def overridden(course_session: CourseSession) -> frozenset[tuple[str, str]]:
    """Kind and detail of the conflicts that were answered with a reason already."""
    found = db.session.execute(
        within(course_session).restrict(sa.select(ConflictOverride.kind, ConflictOverride.detail), ConflictOverride)
    )
    return frozenset((kind, detail) for kind, detail in found)


GONE = (SessionStatus.CANCELLED, SessionStatus.POSTPONED)


def rooms(province_id: int | None, wanted: Collection[int] = ()) -> dict[int, RoomRow]:
    """The rooms of a province and the online ones, largest last, and those wanted besides (also closed ones)."""
    found: Any = db.session.execute(
        sa.select(
            Room.id,
            Room.name_tr,
            Room.name_en,
            Room.capacity,
            Room.step_free,
            Venue.online,
            Venue.province_id,
            sa.and_(Room.active, Venue.active),
            Venue.name_tr,
            Venue.name_en,
        )
        .join(Room.venue)
        .where(
            sa.or_(
                Room.id.in_(sorted(wanted)),
                sa.and_(
                    Room.active.is_(True),
                    Venue.active.is_(True),
                    sa.or_(Venue.province_id == province_id, Venue.online.is_(True)),
                ),
            )
        )
        .order_by(Venue.online, Venue.name_sort, Room.capacity, Room.id)
    )
    return {row[0]: RoomRow(*row) for row in found}


def _sittings(days: Collection[date], leaving_out: Collection[int], own: int | None, *more: Any) -> sa.Select[Any]:
    """Sittings of these days that hold something; of a session that is postponed only where it is `own`."""
    there = sa.func.coalesce(Venue.province_id, CourseSession.province_id)
    return (
        EVERYWHERE.restrict(  # a room or a trainer is taken, whoever runs the session
            sa.select(
                Sitting.date,
                Sitting.starts,
                Sitting.ends,
                Course.code,
                CourseSession.ordinal,
                CourseSession.status,
                CourseSession.id,
                Sitting.room_id,
                sa.case((Venue.online.is_(True), None), else_=there),
                *more,
            ),
            Sitting,
            CourseSession,
        )
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Room, Room.id == Sitting.room_id)
        .outerjoin(Venue, Venue.id == Room.venue_id)
        .where(
            Sitting.date.in_(sorted(days)),
            Sitting.state != SittingState.NOT_HELD,
            Sitting.id.not_in(sorted(leaving_out)),
            sa.or_(CourseSession.status.not_in(GONE), CourseSession.id == (own or 0)),
        )
        .order_by(Sitting.date, Sitting.starts, Sitting.id)
    )


def of_rooms(
    rooms: Collection[int], days: Collection[date], *, leaving_out: Collection[int], own: int | None = None
) -> list[Occupied]:
    """Every sitting in one of these rooms, or of the session `own`, on one of these days, except those left out."""
    if (known := covering(days, rooms)) is not None:
        return _of_board(known, days, leaving_out, lambda one: one.room_id in rooms or one.course_session_id == own)
    statement = _sittings(days, leaving_out, own)
    found = db.session.execute(
        statement.where(sa.or_(Sitting.room_id.in_(sorted(rooms)), Sitting.course_session_id == (own or 0)))
    )
    return [_occupied(*row) for row in found]


def of_trainers(
    trainers: Collection[int], days: Collection[date], *, leaving_out: Collection[int], own: int | None = None
) -> list[Occupied]:
    """Every sitting one of these trainers gives on one of these days; one they declined is not theirs."""
    if not trainers:
        return []
    if (known := covering(days, (), trainers)) is not None:
        return _of_board(known, days, leaving_out, lambda one: one.trainer_id in trainers, each=True)
    found = db.session.execute(
        _sittings(days, leaving_out, own, TrainerAssignment.trainer_id, TrainerAssignment.answer)
        .join(TrainerAssignment, TrainerAssignment.sitting_id == Sitting.id)
        .where(
            TrainerAssignment.trainer_id.in_(sorted(trainers)),
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    )
    return [_occupied(*row) for row in found]


def board(rooms: Iterable[RoomRow], trainers: Mapping[int, str], days: Collection[date], own: int | None) -> Board:
    """All of it in two statements; see `board.standing`."""
    there = {room.id: room for room in rooms}
    asked = sorted(trainers)
    given = sa.and_(
        TrainerAssignment.sitting_id == Sitting.id,
        TrainerAssignment.trainer_id.in_(asked),
        TrainerAssignment.answer != AssignmentAnswer.DECLINED,
    )
    statement = _sittings(days, (), own, TrainerAssignment.trainer_id, TrainerAssignment.answer, Sitting.id)
    statement = statement.outerjoin(TrainerAssignment, given)
    concerned = (Sitting.room_id.in_(sorted(there)), CourseSession.id == (own or 0), TrainerAssignment.id.is_not(None))
    rows = db.session.execute(statement.where(sa.or_(*concerned))) if days else ()
    held = [(row[11], _occupied(*(*row[:9], row[9] or 0, row[10] or AssignmentAnswer.ACCEPTED))) for row in rows]
    away = absences.away(asked, min(days), max(days)) if days else []
    return Board(there, trainers, frozenset(days), held, away)


def _of_board(
    known: Board,
    days: Collection[date],
    leaving_out: Collection[int],
    fits: Callable[[Occupied], bool],
    *,
    each: bool = False,
) -> list[Occupied]:
    """As it is asked for: `each` trainer's, else every sitting once and without its trainers."""
    on, found = set(days), dict[tuple[int, int], Occupied]()
    for key, one in known.held:
        if one.date in on and key not in leaving_out and fits(one):
            plain = one if each else replace(one, trainer_id=0, pending=False)
            found.setdefault((key, plain.trainer_id), plain)
    return list(found.values())


def away(trainers: Sequence[int], first: date, last: date) -> Away:
    known = covering((first, last), (), trainers)
    if known is None:
        return absences.away(trainers, first, last)
    return [(key, begins, ends) for key, begins, ends in known.away if key in trainers]


def _occupied(
    day: date,
    starts: time,
    ends: time,
    course: str,
    ordinal: int,
    status: SessionStatus,
    course_session_id: int,
    room_id: int | None,
    province_id: int | None,
    trainer_id: int = 0,
    answer: AssignmentAnswer = AssignmentAnswer.ACCEPTED,
) -> Occupied:
    return Occupied(
        day,
        starts,
        ends,
        f"{course}/{ordinal}",
        course_session_id,
        status is SessionStatus.DRAFT,
        room_id,
        province_id,
        trainer_id,
        answer is AssignmentAnswer.PENDING,
    )


def trainer_names(trainers: Collection[int]) -> dict[int, str]:
    if not trainers:
        return {}
    if (known := covering((), (), trainers)) is not None:
        return {key: known.names[key] for key in trainers}
    found = db.session.execute(
        EVERYWHERE.restrict(  # trainers cross provinces
            sa.select(Trainer.id, Trainer.academic_title, Trainer.given_name, Trainer.family_name), Trainer
        ).where(Trainer.id.in_(sorted(trainers)))
    )
    return {key: " ".join(part for part in parts if part) for key, *parts in found}


def find(planned: Sequence[Planned], setting: Setting) -> list[Conflict]:
    """Every conflict of a plan with what is taken already. Eight tables, five queries."""
    if not planned:
        return []
    days = {each.date for each in planned}
    trainers = {trainer for each in planned for trainer in each.trainer_ids}
    own = {each.sitting_id for each in planned if each.sitting_id is not None}
    wanted = {each.room_id for each in planned if each.room_id is not None}
    known = covering(days, wanted)
    there = known.rooms if known is not None else rooms(setting.province_id, wanted)
    return found_in(
        Search(
            planned,
            setting,
            there,
            of_rooms(there, days, leaving_out=own, own=setting.course_session_id),
            of_trainers(trainers, days, leaving_out=own, own=setting.course_session_id),
            trainer_names(trainers),
            away(sorted(trainers), min(days), max(days)),
        )
    )
