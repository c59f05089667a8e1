"""What stands between people and a seat: found for many at once, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.scope import EVERYWHERE
from app.catalogue.models import Course, CoursePrerequisite
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.completed import completed, completions, reading
from app.enrolment.models import CURRENT, SEAT_HOLDING, Enrolment
from app.enrolment.obstacles.rules import Kind, Obstacle, quarter
from app.enrolment.rules import TAKING
from app.language import format_date, format_time, gettext, in_language, lazy_gettext, ngettext
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, Sitting, SittingState, TrainerAssignment

OFTEN, LEFT_BEHIND = "often", "left_behind"
OFTEN_FROM = 2
"""Seats in so many other sessions of a quarter are worth a word."""
AT_ONCE = 50
"""Sessions in one statement: SQLite takes 500 searches put together, and each session has at most eight."""
FEW = 4
"""Statements on so many sessions are kept: on more they are long, and seldom asked."""
LEAST_LEFT = 2
"""So many of a unit are to stay at work while others learn."""
_mine = aliased(Sitting)
"""The session's own sittings, beside those of others."""
_mate, _place = aliased(Employee), aliased(Enrolment)
"""Somebody of the same unit, and the place that takes them away from it."""


@dataclass(frozen=True)
class Survey:
    """What is to be known about people before they get a seat. `often`: those with many seats this quarter already.
    `left`: how many of their unit would be at work, where these are too few.
    """

    obstacles: dict[int, list[Obstacle]] = field(default_factory=dict)
    often: set[int] = field(default_factory=set)
    left: dict[int, int] = field(default_factory=dict)

    @property
    def noted(self) -> set[int]:
        """Of whom there is anything to be known."""
        return {*self.obstacles, *self.often, *self.left}

    def remarks(self, employee_id: int) -> list[str]:
        """What keeps nobody from a seat and yet asks for a thought."""
        said = []
        if employee_id in self.often:
            said.append(gettext("This would be at least the third training this quarter."))
        if (left := self.left.get(employee_id)) is not None:
            some = ngettext(
                "Their unit would be left with %(num)s person on these days.",
                "Their unit would be left with %(num)s people on these days.",
                left,
            )
            said.append(some if left else gettext("Nobody of their unit would be at work on these days."))
        return said


NOTHING = Survey()


def obstacles(course_session: CourseSession, employee_ids: Collection[int]) -> dict[int, list[Obstacle]]:
    """What keeps each of these people from a seat in this session (loaded with its course); nobody's list is empty."""
    return survey(course_session, employee_ids).obstacles


def in_the_way(course_session: CourseSession, employee_id: int) -> list[Obstacle]:
    """The same of one person."""
    return obstacles(course_session, [employee_id]).get(employee_id, [])


def survey(
    course_session: CourseSession,
    employee_ids: Collection[int],
    often: int | None = None,
    ticked: Collection[int] | None = None,
) -> Survey:
    """What keeps whom; who has seats in `often` or more other sessions of the session's quarter; and, with those
    `ticked` away as well, whose unit would be left with too few. One statement.
    """
    return surveys({course_session: employee_ids}, often, ticked)[course_session.id]


def surveys(
    asked: Mapping[CourseSession, Collection[int]], often: int | None = None, ticked: Collection[int] | None = None
) -> dict[int, Survey]:
    """The same of several sessions and whoever wants a seat in each, by the sessions' ids; one statement as well."""
    found = {each.id: Survey() for each in asked}
    wanted = [(each, ids) for each, ids in asked.items() if ids]
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        write = _kept if len(some) <= FEW else _statement
        told = {name: value for turn, (each, ids) in enumerate(some) for name, value in _told(turn, each, ids).items()}
        every = write(len(some), often, ticked is not None)
        rows = sorted(db.session.execute(every, told | {"ticked": sorted(ticked or ())}), key=_by_time)
        for each, _ in some:
            _sort(found[each.id], each, [row for row in rows if row.asked_of == each.id])
    return found


@dataclass(frozen=True)
class _Asked:
    """Of one session and whoever wants a seat in it, in the order they are asked about: what a statement is told of
    them when it is carried out (`_told`). `first` and `after`: the quarter it begins in, if it has a day.
    """

    turn: int

    def _param(self, name: str, kind: Any = sa.Integer, **options: Any) -> sa.BindParameter[Any]:
        return sa.bindparam(f"{name}_{self.turn}", type_=kind(), **options)

    @property
    def id(self) -> sa.BindParameter[int]:
        return self._param("session")

    @property
    def course_id(self) -> sa.BindParameter[int]:
        return self._param("course")

    @property
    def people(self) -> sa.BindParameter[int]:
        return self._param("people", expanding=True)

    @property
    def quarter(self) -> tuple[sa.BindParameter[date], sa.BindParameter[date]]:
        return self._param("first", sa.Date), self._param("after", sa.Date)


def _told(turn: int, course_session: CourseSession, employee_ids: Collection[int]) -> dict[str, Any]:
    start = course_session.starts_on
    first, after = (None, None) if start is None else quarter(start)
    of = {"session": course_session.id, "course": course_session.course_id, "first": first, "after": after}
    return {f"{name}_{turn}": value for name, value in (of | {"people": list(employee_ids)}).items()}


def _statement(sessions: int, often: int | None, watched: bool) -> Any:
    """The survey of so many sessions; `watched`: with a look at who stays at work."""
    searches = [
        search.add_columns(one.id.label("asked_of"))
        for one in map(_Asked, range(sessions))
        for search in _searches(one, often, watched)
    ]
    models = (Employee, Trainer, TrainerAssignment, Enrolment, CourseSession, Sitting, _mine, _mate, _place)
    return reading(EVERYWHERE.trusting(sa.union_all(*searches), *models))  # what keeps them may be anywhere


_kept = written_once(_statement)


def _sort(into: Survey, course_session: CourseSession, rows: Sequence[Any]) -> None:
    """What was found of one session, each thing to whom it concerns; what does not pass comes first."""
    told: set[tuple[int, str, int | None]] = set()
    for row in rows:
        same = row.employee_id, row.kind, row.key
        if row.kind == OFTEN:
            into.often.add(row.employee_id)
        elif row.kind == LEFT_BEHIND:
            into.left[row.employee_id] = row.ordinal
        elif same not in told:
            told.add(same)
            into.obstacles.setdefault(row.employee_id, []).append(_obstacle(course_session, row))
    order = list(Kind)
    for listed in into.obstacles.values():
        listed.sort(key=lambda one: order.index(one.kind))


def _searches(one: _Asked, often: int | None, watched: bool) -> list[sa.Select[Any]]:
    # who is asked about is told the database once, not in each search
    asked = sa.select(Employee.id).where(Employee.id.in_(one.people)).cte()
    ids = sa.select(asked.c.id)
    searches = [
        _clashes(one, ids),
        _inactive(ids),
        _trainers(one, ids),
        _same_course(one, ids),
        _prerequisites(one, ids),
        _completed(one, ids),
    ]
    if often is not None:
        searches.append(_often(one, ids, often))
    if watched:
        searches.append(_left_behind(one, ids))
    return searches


def _by_time(row: Any) -> tuple[date, time]:
    """Of several clashes with one session the first is told."""
    return (row.date or date.min, row.starts or time.min)


def _obstacle(course_session: CourseSession, row: Any) -> Obstacle:
    kind = Kind(row.kind)
    if kind is Kind.INACTIVE:
        return Obstacle(kind, lazy_gettext("No longer on the staff."))
    if kind is Kind.TRAINER:
        return Obstacle(kind, lazy_gettext("Is a trainer of this course session and cannot take part in it."))
    if kind is Kind.SAME_COURSE:
        code = f"{course_session.course.code}/{row.ordinal}"
        return Obstacle(kind, lazy_gettext("Already has a seat in this course: %(code)s.", code=code))
    if kind is Kind.PREREQUISITE:
        course = f"{row.code} {in_language(row, 'name')}"
        return Obstacle(kind, lazy_gettext("Has not completed the required course: %(course)s.", course=course))
    if kind is Kind.COMPLETED:
        return Obstacle(kind, lazy_gettext("Completed this course already, %(date)s.", date=format_date(row.date)))
    when = f"{format_date(row.date)} {format_time(row.starts)}–{format_time(row.ends)}"
    code = f"{row.code}/{row.ordinal}"
    return Obstacle(
        kind, lazy_gettext("Has another training at the same time: %(code)s, %(when)s.", code=code, when=when)
    )


def _line(kind: str, employee_id: Any, *more: Any) -> sa.Select[Any]:
    """A line of the survey: which obstacle, whose, then (as far as it has them) the id of what is in the way,
    its ordinal, code and names, date and times.
    """
    names = ("key", "ordinal", "code", "name_tr", "name_en", "date", "starts", "ends")
    given = [*more, *(sa.null() for _ in names[len(more) :])]
    columns = [column.label(name) for column, name in zip(given, names, strict=True)]
    return sa.select(sa.literal(kind).label("kind"), employee_id.label("employee_id"), *columns)


def _inactive(ids: sa.Select[Any]) -> sa.Select[Any]:
    return _line(Kind.INACTIVE, Employee.id).where(Employee.id.in_(ids), Employee.active.is_(False))


def _trainers(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    """People who give a sitting of the session themselves, linked as staff or by their sign-in."""
    return (
        _line(Kind.TRAINER, Employee.id)
        .select_from(Employee)
        .join(
            Trainer,
            sa.or_(
                Trainer.employee_id == Employee.id,
                sa.and_(Trainer.user_id.is_not(None), Trainer.user_id == Employee.user_id),
            ),
        )
        .join(TrainerAssignment, TrainerAssignment.trainer_id == Trainer.id)
        .join(Sitting, Sitting.id == TrainerAssignment.sitting_id)
        .where(
            Employee.id.in_(ids),
            Sitting.course_session_id == one.id,
            TrainerAssignment.answer != AssignmentAnswer.DECLINED,
        )
    )


def _same_course(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    return (
        _line(Kind.SAME_COURSE, Enrolment.employee_id, CourseSession.id, CourseSession.ordinal)
        .select_from(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.employee_id.in_(ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.course_id == one.course_id,
            CourseSession.id != one.id,
            CourseSession.status.in_([*TAKING, SessionStatus.POSTPONED]),
        )
    )


def _prerequisites(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    return (
        _line(Kind.PREREQUISITE, Employee.id, Course.id, sa.null(), Course.code, Course.name_tr, Course.name_en)
        .select_from(Employee)
        .join(CoursePrerequisite, CoursePrerequisite.course_id == one.course_id)
        .join(Course, Course.id == CoursePrerequisite.required_id)
        .where(Employee.id.in_(ids), sa.not_(completed(Employee.id, Course.id)))
    )


def _completed(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    done = completions(ids, one.course_id)
    return _line(Kind.COMPLETED, done.c.employee_id, *[sa.null()] * 5, done.c.day)


def _clashes(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    """Sittings of other sessions a person holds a seat in, at the time of one of this session's."""
    what = CourseSession.id, CourseSession.ordinal, Course.code, Course.name_tr, Course.name_en
    return (
        _line(Kind.CLASH, Enrolment.employee_id, *what, Sitting.date, Sitting.starts, Sitting.ends)
        .select_from(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Sitting, Sitting.course_session_id == CourseSession.id)
        .join(
            _mine,
            sa.and_(
                _mine.course_session_id == one.id,
                _mine.date == Sitting.date,
                _mine.starts < Sitting.ends,
                Sitting.starts < _mine.ends,
                _mine.state != SittingState.NOT_HELD,
            ),
        )
        .where(
            Enrolment.employee_id.in_(ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.id != one.id,
            CourseSession.status.not_in([SessionStatus.CANCELLED, SessionStatus.POSTPONED]),
            Sitting.state != SittingState.NOT_HELD,
        )
    )


def _often(one: _Asked, ids: sa.Select[Any], least: int) -> sa.Select[Any]:
    """People who hold seats in so many other sessions that begin in the quarter the session begins in."""
    first, after = one.quarter
    return (
        _line(OFTEN, Enrolment.employee_id)
        .select_from(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(
            Enrolment.employee_id.in_(ids),
            Enrolment.status.in_(SEAT_HOLDING),
            CourseSession.id != one.id,
            CourseSession.starts_on >= first,
            CourseSession.starts_on < after,
            CourseSession.status.not_in([SessionStatus.CANCELLED, SessionStatus.POSTPONED]),
        )
        .group_by(Enrolment.employee_id)
        .having(sa.func.count() >= least)
    )


def _left_behind(one: _Asked, ids: sa.Select[Any]) -> sa.Select[Any]:
    """People whose unit would have too few at work on the session's days: without them, those on its list, those
    ticked, and whoever has a seat elsewhere on one of these days.
    """
    days = sa.select(_mine.date).where(
        _mine.course_session_id == one.id, _mine.date.is_not(None), _mine.state != SittingState.NOT_HELD
    )
    elsewhere = sa.select(Sitting.course_session_id).where(
        Sitting.date.in_(days), Sitting.state != SittingState.NOT_HELD
    )
    gone = CourseSession.status.in_([SessionStatus.CANCELLED, SessionStatus.POSTPONED])
    seated = sa.and_(_place.status.in_(SEAT_HOLDING), _place.course_session_id.in_(elsewhere), sa.not_(gone))
    here = sa.and_(_place.course_session_id == one.id, _place.status.in_(CURRENT))
    gone_then = (
        sa.select(_place.employee_id)
        .join(CourseSession, CourseSession.id == _place.course_session_id)
        .where(sa.or_(here, seated))
        .cte()
    )
    away = sa.select(gone_then.c.employee_id)
    taken = sa.bindparam("ticked", type_=sa.Integer(), expanding=True)
    units = sa.select(Employee.unit_id).where(Employee.id.in_(ids)).distinct().subquery()
    # looked for unit by unit, and no further than there are enough: an office of hundreds is not counted
    there = (
        sa.select(_mate.id)
        .where(_mate.unit_id == units.c.unit_id, _mate.active.is_(True), _mate.id.not_in(away), _mate.id.not_in(taken))
        .limit(LEAST_LEFT + 1)
        .correlate(units)
        .subquery()
    )
    number = sa.select(sa.func.count()).select_from(there).correlate(units).scalar_subquery()
    counted = sa.select(units.c.unit_id, number.label("number")).subquery()
    among_them = sa.and_(Employee.active.is_(True), Employee.id.not_in(away), Employee.id.not_in(taken))
    left = counted.c.number - sa.case((among_them, 1), else_=0)
    return (
        _line(LEFT_BEHIND, Employee.id, sa.null(), left)
        .select_from(Employee)
        .join(counted, counted.c.unit_id == Employee.unit_id)
        .where(Employee.id.in_(ids), counted.c.number <= LEAST_LEFT, left < LEAST_LEFT)
    )
