from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, with_expression

from app.access.models import Organisation, Province, User
from app.access.scope import EVERYWHERE, Scope
from app.calendar.days import Calendar
from app.catalogue.models import Competency, Course, CourseCompetency
from app.core.db import db
from app.core.errors import Missing
from app.plans.models import PlanItem
from app.settings.queries import value
from app.trainers.models import Trainer, TrainerExpertise
from app.training import circumstances, seats
from app.training.models import (
    AssignmentAnswer,
    ConflictOverride,
    CourseSession,
    SessionAudience,
    SessionStatus,
    Sitting,
    TrainerAssignment,
)
from app.venues.models import Room, Venue


def running(scope: Scope) -> Scope:
    """The same scope without what is merely offered to it: for whoever changes a session or its sittings."""
    return replace(scope, audience=frozenset(), audience_provinces=frozenset())


def runs(scope: Scope, course_session: CourseSession) -> bool:
    """Whether a session is changed by this scope (of a permission to write), not only seen."""
    return scope.everything or course_session.province_id in scope.provinces


def seen(scope: Scope, ids: Collection[int]) -> set[int]:
    """Which of these sessions a scope sees."""
    statement = scope.restrict(sa.select(CourseSession.id), CourseSession)
    return set(db.session.scalars(statement.where(CourseSession.id.in_(ids)))) if ids else set()


def course_session(scope: Scope, course_session_id: int) -> CourseSession:
    """One course session with its course, its province, its plan's row and what is derived of it, or Missing."""
    return scope.get(CourseSession, course_session_id, *_whole())


def course_session_of(scope: Scope, sitting_id: int) -> CourseSession:
    """The same for the session a sitting belongs to."""
    of = EVERYWHERE.restrict(sa.select(Sitting.course_session_id), Sitting).where(Sitting.id == sitting_id)
    statement = scope.trusting(scope.select(CourseSession), Sitting)
    found: CourseSession | None = db.session.scalar(
        statement.where(CourseSession.id == of.scalar_subquery()).options(*_whole())
    )
    if found is None:
        raise Missing
    return found


def _whole() -> tuple[Any, ...]:
    row = joinedload(CourseSession.plan_item)
    return (
        joinedload(CourseSession.course),
        joinedload(CourseSession.province),
        row.joinedload(PlanItem.plan),
        row.joinedload(PlanItem.province),
        row.joinedload(PlanItem.organisation),
        with_expression(CourseSession.taken, seats.taken()),
        with_expression(CourseSession.first_start, circumstances.first_start()),
        with_expression(CourseSession.last_end, circumstances.last_end()),
    )


def sitting(scope: Scope, sitting_id: int) -> Sitting:
    """One sitting with its room and venue, and its session with course and province; or Missing."""
    session = joinedload(Sitting.course_session)
    return scope.get(
        Sitting,
        sitting_id,
        joinedload(Sitting.room).joinedload(Room.venue),
        session.joinedload(CourseSession.course),
        session.joinedload(CourseSession.province),
    )


def sittings(course_session: CourseSession) -> Sequence[Sitting]:
    """The sittings of a session already loaded through a scope, in time; those without a date last."""
    return db.session.scalars(
        EVERYWHERE.select(Sitting)
        .where(Sitting.course_session_id == course_session.id)
        .options(joinedload(Sitting.room).joinedload(Room.venue))
        .order_by(Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def assignments(course_session: CourseSession) -> Sequence[TrainerAssignment]:
    """Who gives which sitting, with trainer, account and answer (also a declined one), by trainer's name."""
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(TrainerAssignment), TrainerAssignment, Sitting, Trainer, User)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
        .where(Sitting.course_session_id == course_session.id)
        .options(joinedload(TrainerAssignment.trainer).joinedload(Trainer.user))
        .order_by(Trainer.name_sort, Trainer.id, Sitting.date, Sitting.starts, Sitting.id)
    ).all()


def trainer_of(assignment_id: int) -> Trainer:
    """Whose assignment it is, with their account."""
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, TrainerAssignment, User)
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .where(TrainerAssignment.id == assignment_id)
        .options(joinedload(Trainer.user))
    ).one()


def trainers_of(course_session: CourseSession) -> Sequence[Trainer]:
    """Whoever gives one of its sittings and has not declined, by name."""
    giving = (
        sa.select(TrainerAssignment.trainer_id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Sitting.course_session_id == course_session.id,
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    )
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Trainer), Trainer, Sitting, TrainerAssignment)
        .where(Trainer.id.in_(giving))
        .order_by(Trainer.name_sort, Trainer.id)
    ).all()


def places(course_session: CourseSession) -> Sequence[Venue]:
    """Where its sittings take place, the most used first."""
    return db.session.scalars(
        EVERYWHERE.restrict(sa.select(Venue), Sitting)
        .join(Room, Room.venue_id == Venue.id)
        .join(Sitting, Sitting.room_id == Room.id)
        .where(Sitting.course_session_id == course_session.id)
        .group_by(Venue.id)
        .order_by(sa.func.count().desc(), Venue.id)
    ).all()


def audience(course_session: CourseSession) -> Sequence[SessionAudience]:
    """To whom a session is offered, provinces first."""
    return db.session.scalars(
        EVERYWHERE.select(SessionAudience)
        .where(SessionAudience.course_session_id == course_session.id)
        .options(joinedload(SessionAudience.province), joinedload(SessionAudience.organisation))
        .order_by(SessionAudience.province_id.is_(None), SessionAudience.id)
    ).all()


def overridden(course_session: CourseSession) -> frozenset[tuple[str, str]]:
    """Kind and detail of the conflicts that were answered with a reason already."""
    found = db.session.execute(
        EVERYWHERE.restrict(sa.select(ConflictOverride.kind, ConflictOverride.detail), ConflictOverride).where(
            ConflictOverride.course_session_id == course_session.id
        )
    )
    return frozenset((kind, detail) for kind, detail in found)


def nominations_close(course_session: CourseSession, calendar: Calendar) -> datetime | None:
    """When nominations close: the moment chosen, else some working days before the first sitting; None without one."""
    days = int(value("nominations_close_days"))
    return circumstances.nominations_close(
        course_session.starts_on, course_session.nominations_close_at, calendar, days
    )


def course(course_id: int) -> Course | None:
    return db.session.scalar(sa.select(Course).where(Course.id == course_id, Course.active.is_(True)))


def wanted(
    course_id: int | None, plan_item_id: int | None, competency_id: int | None
) -> tuple[Course | None, PlanItem | None, int | None]:
    """The course (the plan item's own where none is named), the plan item and the competency that were named: those
    that exist, and of courses those that can be given. One statement where there is a course.
    """
    plans = aliased(PlanItem)
    named = sa.select(plans.course_id).where(plans.id == (plan_item_id or 0)).scalar_subquery()
    row = db.session.execute(
        sa.select(Course, PlanItem, Competency.id)
        .select_from(Course)
        .outerjoin(PlanItem, PlanItem.id == (plan_item_id or 0))
        .outerjoin(Competency, Competency.id == (competency_id or 0))
        .where(Course.active.is_(True), Course.id == (course_id or named))
    ).one_or_none()
    if row is not None:
        return row[0], row[1], row[2]
    item = db.session.get(PlanItem, plan_item_id) if plan_item_id else None
    known = db.session.scalar(sa.select(Competency.id).where(Competency.id == competency_id)) if competency_id else None
    return None, item, known


def courses() -> Sequence[Course]:
    """Courses that can be given, by code."""
    return db.session.scalars(sa.select(Course).where(Course.active.is_(True)).order_by(Course.code)).all()


def audiences(scope: Scope) -> tuple[Sequence[Province], Sequence[Organisation]]:
    """To whom a session may be offered: the programme's provinces, by name, and their institutions, own ones first;
    one statement.
    """
    own = [] if scope.everything else [Organisation.province_id.in_(sorted(scope.provinces)).desc()]
    rows = db.session.execute(
        sa.select(Province, Organisation)
        .outerjoin(Organisation, Organisation.province_id == Province.id)
        .order_by(*own, Organisation.name_sort, Organisation.id)
    ).all()
    provinces = sorted({province for province, _ in rows}, key=lambda province: province.name_sort)
    return provinces, [institution for _, institution in rows if institution is not None]


def trainer_choices(course_id: int) -> Sequence[tuple[int, str, bool]]:
    """(id, name, whether they are an expert in one of the course's competencies), experts first, then by name.

    Trainers cross provinces: whoever may change a session may ask any of them.
    """
    expert = (
        sa.select(TrainerExpertise.id)
        .join(CourseCompetency, CourseCompetency.competency_id == TrainerExpertise.competency_id)
        .where(TrainerExpertise.trainer_id == Trainer.id, CourseCompetency.course_id == course_id)
        .exists()
    )
    found = db.session.execute(
        EVERYWHERE.restrict(
            sa.select(Trainer.id, Trainer.academic_title, Trainer.given_name, Trainer.family_name, expert), Trainer
        )
        .where(Trainer.active.is_(True))
        .order_by(expert.desc(), Trainer.name_sort, Trainer.id)
    )
    return [(key, " ".join(filter(None, names)), bool(fits)) for key, *names, fits in found]


def assignment(user_id: int, assignment_id: int) -> TrainerAssignment | None:
    """One of a trainer's own assignments, with its sitting and session; drafts ask nobody yet."""
    found: TrainerAssignment | None = db.session.scalar(
        _own_assignments(user_id).where(TrainerAssignment.id == assignment_id)
    )
    return found


def own_assignments(user_id: int) -> Sequence[TrainerAssignment]:
    """A trainer's own assignments with sitting, room, venue, session and course: by session, then in time."""
    return db.session.scalars(
        _own_assignments(user_id).order_by(
            CourseSession.starts_on.desc(), CourseSession.id, Sitting.date, Sitting.starts, Sitting.id
        )
    ).all()


def _own_assignments(user_id: int) -> sa.Select[Any]:
    sitting = contains_eager(TrainerAssignment.sitting)
    session = sitting.contains_eager(Sitting.course_session)
    # a postponed one that has new dates asks, too: it opens again once they suit
    shown = (SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.POSTPONED, SessionStatus.FINALISED)
    return (
        EVERYWHERE.restrict(sa.select(TrainerAssignment), TrainerAssignment, Sitting, CourseSession, Trainer)
        .join(TrainerAssignment.trainer)
        .join(TrainerAssignment.sitting)
        .join(Sitting.course_session)
        .where(Trainer.user_id == user_id, CourseSession.status.in_(shown), Sitting.date.is_not(None))
        .options(
            session.joinedload(CourseSession.course),
            session.joinedload(CourseSession.province),
            sitting.joinedload(Sitting.room).joinedload(Room.venue),
        )
    )


def writable_provinces(scope: Scope) -> Sequence[Province]:
    """Provinces in which this scope (of a permission to write) may make sessions."""
    statement = sa.select(Province).order_by(Province.name_sort)
    if not scope.everything:
        statement = statement.where(Province.id.in_(sorted(scope.provinces)))
    return db.session.scalars(statement).all()
