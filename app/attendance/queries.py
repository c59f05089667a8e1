from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope
from app.attendance.models import AttendanceMark, ClosedSheet, MarkChange, MarkSource, Presence, SignedSheet
from app.core.clock import at
from app.core.db import db
from app.core.errors import Missing
from app.enrolment import queries as enrolment
from app.enrolment.models import SEAT_HOLDING, Enrolment, called
from app.files.models import Document
from app.people.models import Employee
from app.trainers.models import Trainer
from app.training.models import AssignmentAnswer, CourseSession, Sitting, SittingState, TrainerAssignment


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One sitting as attendance counts it: times are wall times, minutes planned; no date while postponed."""

    id: int
    date: date | None
    starts: time
    ends: time
    minutes: int
    state: SittingState
    effective_minutes: int | None

    @property
    def starts_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.starts)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.date is None else at(self.date, self.ends)

    def before(self, given: datetime | None) -> bool:
        """Whether it was over when somebody's seat was given."""
        return given is not None and self.ends_at is not None and self.ends_at <= given


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat: what a roll-call shows of them and no more."""

    enrolment_id: int
    name: str
    organisation: str


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


Key = tuple[int, int]
"""(sitting id, enrolment id)"""
Words = dict[int, str]
"""One person's marks by sitting id, as `spell` writes them"""


def spell(kind: Presence | None, minutes: int | None = None) -> str:
    """A mark as one word: `present`, `late:20`, "" for unmarked."""
    if kind is None:
        return ""
    return f"{kind.value}:{minutes}" if minutes is not None else kind.value


def unspell(word: str) -> tuple[Presence | None, int | None]:
    """The mark a word of `spell` stands for; anything else raises ValueError."""
    if not word:
        return None, None
    kind, _, minutes = word.partition(":")
    return Presence(kind), int(minutes) if minutes else None


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
    return scope.everything or course_session.province_id in scope.provinces


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


def sittings(course_session: CourseSession, scope: Scope = EVERYWHERE) -> list[SittingRow]:
    """The sittings of a session already loaded through a scope, in time; of a trainer's scope only their own."""
    own = EVERYWHERE if runs(scope, course_session) else scope
    statement = own.restrict(sa.select(*SITTING), Sitting).where(
        Sitting.course_session_id == course_session.id, own_sittings(own)
    )
    return [SittingRow(*row) for row in db.session.execute(statement.order_by(*IN_TIME))]


def seated(*more: Any) -> sa.Select[Any]:
    """Everybody with a seat in a session already loaded through a scope, by name: columns for `person`, then `more`
    (of the enrolment, or of what is joined to it). Built once, carried out with the parameter `course_session`.
    """
    statement = EVERYWHERE.restrict(
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
    statement = EVERYWHERE.restrict(
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
    ).where(AttendanceMark.sitting_id.in_(list(sitting_ids)))
    if enrolment_ids is not None:
        statement = statement.where(AttendanceMark.enrolment_id.in_(list(enrolment_ids)))
    return {(row[0], row[1]): Mark(*row[2:]) for row in db.session.execute(statement)}


# --- one sheet -----------------------------------------------------------------------------------------


def closed(sitting_ids: Iterable[int]) -> set[int]:
    """Which of these sittings' sheets were closed by hand."""
    statement = EVERYWHERE.restrict(sa.select(ClosedSheet.sitting_id), ClosedSheet)
    return set(db.session.scalars(statement.where(ClosedSheet.sitting_id.in_(list(sitting_ids)))))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a cell's history; `old` and `new` as `spell` writes them, `by` a name or "" for the system."""

    old: str
    new: str
    at: datetime
    by: str
    source: MarkSource
    reason: str


def changes(enrolment_id: int, sitting_ids: Iterable[int]) -> dict[int, list[Change]]:
    """What happened to one person's cells, by sitting, newest first; loaded through the enrolment's scope."""
    statement = EVERYWHERE.restrict(
        sa.select(
            MarkChange.sitting_id,
            MarkChange.old,
            MarkChange.new,
            MarkChange.at,
            User.given_name,
            User.family_name,
            MarkChange.source,
            MarkChange.reason,
        ),
        MarkChange,
        User,
    )
    rows = db.session.execute(
        statement.outerjoin(User, User.id == MarkChange.by_id)
        .where(MarkChange.enrolment_id == enrolment_id, MarkChange.sitting_id.in_(list(sitting_ids)))
        .order_by(MarkChange.id.desc())
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for sitting_id, old, new, moment, given, family, source, reason in rows:
        by = f"{given} {family}" if given else ""
        found[sitting_id].append(Change(old, new, moment, by, source, reason))
    return found


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Who these users are, for "… marked this meanwhile"."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    statement = EVERYWHERE.restrict(sa.select(User.id, User.given_name, User.family_name), User)
    return {id: f"{given} {family}" for id, given, family in db.session.execute(statement.where(User.id.in_(wanted)))}


# --- days and scans --------------------------------------------------------------------------------------


def signed_sheets(course_session: CourseSession) -> Sequence[SignedSheet]:
    """The scans of a session loaded through a scope, by day, the latest of a day first."""
    return db.session.scalars(
        EVERYWHERE.select(SignedSheet)
        .where(SignedSheet.course_session_id == course_session.id)
        .order_by(SignedSheet.day, SignedSheet.id.desc())
    ).all()


def scan(course_session: CourseSession, sheet_id: int) -> Document:
    """The file of one scan of a session loaded through a scope, or Missing."""
    found = db.session.execute(
        EVERYWHERE.restrict(sa.select(Document), SignedSheet)
        .join(SignedSheet, SignedSheet.document_id == Document.id)
        .where(SignedSheet.id == sheet_id, SignedSheet.course_session_id == course_session.id)
        .options(undefer(Document.content))
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def days_without_sheet(course_session: CourseSession, rows: Iterable[SittingRow]) -> list[date]:
    """Days on which one of these sittings (all of the session's) was held and whose signed sheet is not attached."""
    signed = {sheet.day for sheet in signed_sheets(course_session)}
    return sorted(held_days(rows) - signed)


def held_days(rows: Iterable[SittingRow]) -> set[date]:
    return {row.date for row in rows if row.date is not None and row.state is not SittingState.NOT_HELD}
