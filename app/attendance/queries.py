from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import Scope, within
from app.attendance.models import (
    NEEDS_MINUTES,
    AttendanceMark,
    Key,
    MarkSource,
    Person,
    Presence,
    SittingRow,
    Words,
)
from app.attendance.rules import MARKABLE, Standing, add_up, spell, threshold_of
from app.catalogue.models import Course
from app.core.clock import at, local
from app.core.db import db
from app.core.errors import Missing
from app.core.tables.functions import over_by
from app.core.tables.written import TODAY, written_once
from app.enrolment import queries as enrolment
from app.enrolment.models import SEAT_HOLDING, Enrolment, EnrolmentStatus, called
from app.people.models import Employee
from app.settings import queries as settings
from app.trainers.models import Trainer
from app.training import queries as training
from app.training.models import (
    AssignmentAnswer,
    CourseSession,
    ExcusedPolicy,
    SessionStatus,
    Sitting,
    SittingState,
    TrainerAssignment,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it stands. `by_id`: whose hand it was."""

    kind: Presence
    minutes: int | None
    source: MarkSource
    by_id: int | None
    at: datetime

    @property
    def spelled(self) -> str:
        return spell(self.kind, self.minutes)


# --- whose sittings ------------------------------------------------------------------------------------


class InProvince(Protocol):
    """A session, or a sheet of one."""

    @property
    def province_id(self) -> Any: ...


class InSession(Protocol):
    """A sitting, or its sheet."""

    @property
    def id(self) -> int: ...
    @property
    def course_session_id(self) -> Any: ...
    @property
    def date(self) -> Any: ...
    @property
    def ends(self) -> Any: ...


def runs(scope: Scope, course_session: InProvince) -> bool:
    """Whether this scope reaches the session as its coordinator does, not only as a trainer of some sittings."""
    return scope.covers_province(course_session.province_id)


def own_sittings(scope: Scope) -> sa.ColumnElement[bool]:
    """Sittings this scope may call the roll of: all of the provinces it runs, else those they give themselves."""
    ways: list[sa.ColumnElement[bool]] = []
    if scope.provinces:
        ways.append(Sitting.course_session.has(CourseSession.province_id.in_(sorted(scope.provinces))))
    if scope.own_trainer is not None:
        mine = (
            sa.select(TrainerAssignment.sitting_id)
            .join(Trainer, Trainer.id == TrainerAssignment.trainer_id)
            .where(Trainer.user_id == scope.own_trainer, TrainerAssignment.answer != AssignmentAnswer.DECLINED)
        )
        ways.append(Sitting.id.in_(mine))
    return sa.true() if scope.everything else sa.or_(sa.false(), *ways)


# --- what every count needs ------------------------------------------------------------------------------

SITTING = (
    Sitting.id,
    Sitting.date,
    Sitting.starts,
    Sitting.ends,
    Sitting.minutes,
    Sitting.state,
    Sitting.effective_minutes,
)


IN_TIME = (Sitting.date.is_(None), Sitting.date, Sitting.starts, Sitting.id)


def sittings(course_session: CourseSession, scope: Scope | None = None) -> list[SittingRow]:
    """The sittings of a session already loaded through a scope, in time; of a trainer's scope only their own."""
    statement = within(course_session).restrict(sa.select(*SITTING), Sitting)
    if scope is not None and not runs(scope, course_session):
        statement = scope.restrict(statement, Sitting).where(own_sittings(scope))
    return [SittingRow(*row) for row in db.session.execute(statement.order_by(*IN_TIME))]


def session_of_own(scope: Scope, course_session_id: int) -> CourseSession:
    """A session this scope runs or gives a sitting of; Missing for one that is only offered to it."""
    course_session = training.course_session(scope, course_session_id)
    if runs(scope, course_session) or sittings(course_session, scope):
        return course_session
    raise Missing


def seated(*more: Any) -> sa.Select[Any]:
    """Everybody with a seat in a session already loaded through a scope, by name: columns for `person`, then `more`
    (of the enrolment, or of what is joined to it). Built once, carried out with the parameter `course_session`.
    """
    statement = within(CourseSession).restrict(
        sa.select(Enrolment.id, Employee.given_name, Employee.family_name, called("short_name"), *more),
        Enrolment,
        Employee,
        AttendanceMark,
        *enrolment.SEAT_GIVEN,
    )
    return (
        statement.select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.course_session_id == sa.bindparam("course_session"), Enrolment.status.in_(SEAT_HOLDING))
        .order_by(Employee.name_sort, Enrolment.id)
    )


def person(row: Sequence[Any]) -> Person:
    return Person(row[0], f"{row[1]} {row[2]}", row[3])


_SEATED = seated()


def people(course_session: CourseSession) -> list[Person]:
    """Everybody with a seat in a session already loaded through a scope, by name."""
    found = [person(row) for row in db.session.execute(_SEATED, {"course_session": course_session.id})]
    enrolment.know_seats(course_session, len(found))
    return found


def spelled() -> sa.ColumnElement[str]:
    """The mark of a row as one word, as `spell` writes it; "" where there is none."""
    kind, minutes = sa.cast(AttendanceMark.kind, sa.String), sa.cast(AttendanceMark.minutes, sa.String)
    return sa.func.coalesce(kind + sa.func.coalesce(":" + minutes, ""), "")


def all_words() -> sa.ScalarSelect[str]:
    """All marks of the surrounding statement's enrolment in one text; see `words`."""
    one = sa.cast(AttendanceMark.sitting_id, sa.String) + "=" + spelled()
    return (
        sa.select(sa.func.aggregate_strings(one, " "))
        .where(AttendanceMark.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def words(text: str | None) -> Words:
    """What a text of `all_words` says, by sitting."""
    found: Words = {}
    for pair in (text or "").split():
        sitting_id, _, word = pair.partition("=")
        found[int(sitting_id)] = word
    return found


_MARKED = seated(all_words(), enrolment.seat_given())


def marked_people(course_session: CourseSession) -> list[tuple[Person, Words, datetime | None]]:
    """Everybody with a seat, all their marks, and when the seat was given, in one statement; a session already loaded
    through a scope.
    """
    rows = db.session.execute(_MARKED, {"course_session": course_session.id})
    found = [(person(row), words(row[4]), row[5]) for row in rows]
    enrolment.know_seats(course_session, len(found))
    return found


_ROLL_CALL = seated(spelled(), AttendanceMark.by_id, enrolment.seat_given()).outerjoin(
    AttendanceMark,
    sa.and_(AttendanceMark.enrolment_id == Enrolment.id, AttendanceMark.sitting_id == sa.bindparam("sitting")),
)


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody with a seat, what their cell of one sitting says, whose hand that was, and whether the sitting was over
    when the seat was given.
    """

    person: Person
    word: str
    by_id: int | None
    before: bool


def roll_call(sitting: InSession) -> list[Called]:
    """Everybody with a seat at a sitting that was loaded, with its session, through a scope."""
    asked = {"course_session": sitting.course_session_id, "sitting": sitting.id}
    ends = None if sitting.date is None else at(sitting.date, sitting.ends)
    return [
        Called(person(row), row[4], row[5], bool(ends and row[6] and ends <= row[6]))
        for row in db.session.execute(_ROLL_CALL, asked)
    ]


def marks(sitting_ids: Iterable[int], enrolment_ids: Iterable[int] | None = None) -> dict[Key, Mark]:
    """The marks at these sittings (loaded through a scope); unmarked cells have none."""
    statement = (
        within(Sitting)
        .restrict(
            sa.select(
                AttendanceMark.sitting_id,
                AttendanceMark.enrolment_id,
                AttendanceMark.kind,
                AttendanceMark.minutes,
                AttendanceMark.source,
                AttendanceMark.by_id,
                AttendanceMark.at,
            ),
            AttendanceMark,
        )
        .where(AttendanceMark.sitting_id.in_(list(sitting_ids)))
    )
    if enrolment_ids is not None:
        statement = statement.where(AttendanceMark.enrolment_id.in_(list(enrolment_ids)))
    return {(row[0], row[1]): Mark(*row[2:]) for row in db.session.execute(statement)}


# --- what they add up to ---------------------------------------------------------------------------------


def own_standings(user_id: int) -> list[tuple[CourseSession, Course, Standing]]:
    """Where whoever signs in with this account stands in each session that goes on and in which they have a seat."""
    columns = (CourseSession, Course, Enrolment.id, spelled(), enrolment.seat_given(), *SITTING)
    mark = sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == Enrolment.id)
    statement = (
        sa.select(*columns)
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Sitting, Sitting.course_session_id == CourseSession.id)
        .outerjoin(AttendanceMark, mark)
        .where(Employee.user_id == user_id, Enrolment.status.in_(SEAT_HOLDING), CourseSession.status.in_(MARKABLE))
        .order_by(CourseSession.starts_on, Enrolment.id, *IN_TIME)
    )
    owned = (CourseSession, Enrolment, Employee, AttendanceMark, Sitting, *enrolment.SEAT_GIVEN)
    rows = db.session.execute(within(User).trusting(statement, *owned)).all()
    found = []
    for key, some in groupby(rows, key=lambda row: row[2]):
        cells = list(some)
        sittings = [SittingRow(*list(row)[5:]) for row in cells]
        said = {sitting.id: row[3] for sitting, row in zip(sittings, cells, strict=True) if row[3]}
        sums = add_up(cells[0][0], sittings, {key: said}, {key: cells[0][4]}, settings.values())
        found.append((cells[0][0], cells[0][1], sums[key]))
    return found


def standings(course_session: CourseSession, enrolment_ids: Iterable[int]) -> dict[int, Standing]:
    """Where these enrolments of a session (loaded through a scope) stand, in minutes; three queries, the settings."""
    marked: dict[int, Words] = {key: {} for key in enrolment_ids}
    rows = sittings(course_session)
    for (sitting_id, enrolment_id), mark in marks([row.id for row in rows], marked).items():
        marked[enrolment_id][sitting_id] = mark.spelled
    seats = sa.select(Enrolment.id, enrolment.seat_given())
    statement = within(course_session).trusting(seats, Enrolment, *enrolment.SEAT_GIVEN)
    given = {row[0]: row[1] for row in db.session.execute(statement.where(Enrolment.id.in_(list(marked))))}
    return add_up(course_session, rows, marked, given, settings.values())


def out_of_reach() -> sa.ColumnElement[bool]:
    """Whether somebody in the surrounding statement's confirmed session can no longer pass. Reads `OUT_OF_REACH`."""
    # All at once: for each session by itself PostgreSQL walks through every enrolment there is.
    return CourseSession.id.in_(sa.select(_all_lost().c.course_session_id))


@written_once
def _all_lost() -> sa.CTE:
    """Those of every session. An overview asks for the sessions and for the people: it is counted once for both."""
    return _lost().cte()


def _lost() -> sa.Select[Any]:
    """The seats of whoever can no longer pass a confirmed session, as `rules.total` adds up. Reads `OUT_OF_REACH`."""
    kind, minutes = AttendanceMark.kind, AttendanceMark.minutes
    lasts = sa.case((Sitting.state == SittingState.SHORTENED, Sitting.effective_minutes), else_=Sitting.minutes)
    # Nobody has got a seat after today: when, is not asked for days to come.
    earlier = over_by(Sitting.date, Sitting.ends, enrolment.seat_given())
    left_out = sa.and_(kind == Presence.EXCUSED, CourseSession.excused_policy == ExcusedPolicy.EXCLUDE)
    apart = sa.or_(kind == Presence.EXEMPT, left_out)
    lost = sa.case(
        (sa.and_(kind.is_(None), Sitting.date > TODAY), 0),
        (kind.is_(None), sa.case((earlier, lasts), else_=0)),
        (kind == Presence.PRESENT, 0),
        (sa.and_(kind == Presence.LATE, minutes <= settings.stored("late_grace_minutes")), 0),
        (sa.and_(kind.in_(NEEDS_MINUTES), minutes < lasts), minutes),
        else_=lasts,
    )
    base, threshold = sa.func.sum(lasts), sa.func.coalesce(CourseSession.threshold, settings.stored("threshold"))
    columns: tuple[Any, ...] = (Enrolment.id, CourseSession.id.label("course_session_id"))
    return (
        sa.select(*columns)
        .select_from(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Sitting, Sitting.course_session_id == Enrolment.course_session_id)
        .outerjoin(
            AttendanceMark,
            sa.and_(AttendanceMark.sitting_id == Sitting.id, AttendanceMark.enrolment_id == Enrolment.id),
        )
        .where(CourseSession.status == SessionStatus.CONFIRMED, Enrolment.status == EnrolmentStatus.ENROLLED)
        .where(Sitting.state != SittingState.NOT_HELD, ~sa.func.coalesce(apart, sa.false()))
        .group_by(Enrolment.id, CourseSession.id)
        .having(100 * (base - sa.func.sum(lost)) < threshold * base)
    )


def lost_people(scope: Scope, *columns: Any) -> sa.Select[Any]:
    """Of `Enrolment`s, `CourseSession`s and `Employee`s: those who can no longer pass one that a scope runs."""
    theirs = CourseSession.province_id.in_(sorted(scope.provinces))
    seats: Any = _all_lost() if scope.everything else _lost().where(theirs).subquery()
    found: sa.Select[Any] = (
        scope.trusting(scope.restrict(sa.select(*columns), Enrolment), *OUT_OF_REACH, CourseSession, Employee)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.id.in_(sa.select(seats.c.id)), Enrolment.merged_into_id.is_(None))
    )
    return found


@written_once
def number_lost(scope: Scope) -> sa.Select[Any]:
    """How many they are."""
    return lost_people(scope, sa.func.count(Enrolment.id))


OUT_OF_REACH = (Enrolment, Sitting, AttendanceMark, *enrolment.SEAT_GIVEN)


def newcomer(course_session: CourseSession, moment: datetime, said: Words | None = None) -> tuple[Standing, int] | None:
    """Where somebody would stand who got a seat at this moment (and was marked as `said`), and the threshold; None
    before the first day. The session was loaded through a scope.
    """
    if course_session.starts_on is None or course_session.starts_on > local(moment).date():
        return None
    values = settings.values()
    rows = sittings(course_session)
    found = add_up(course_session, rows, {0: said or {}}, {0: moment}, values)[0]
    return found, threshold_of(course_session, values)
