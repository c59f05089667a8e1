"""The whole session at a glance (people × sittings, as rows and words, never as objects), and one person's marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.access.models import User
from app.access.scope import EVERYWHERE, Scope, within
from app.attendance.marks.rules import empty_cell
from app.attendance.models import AttendanceMark, MarkChange, MarkSource, Person, SittingRow
from app.attendance.queries import marked_people, runs, sittings
from app.attendance.rules import Standing, add_up
from app.attendance.sheets.queries import Sheet, sheets
from app.catalogue.models import Course
from app.core.db import db
from app.core.errors import Missing
from app.enrolment.models import Enrolment
from app.people.models import Employee
from app.settings import queries as settings
from app.training.models import CourseSession, Sitting, SittingState


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
    statement = within(Enrolment).restrict(
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


def own(user_id: int) -> Sequence[sa.Row[CourseSession, Course, Sitting, AttendanceMark]]:
    """Every mark of whoever signs in with this account: session, course, sitting, mark; latest first."""
    statement = (
        sa.select(CourseSession, Course, Sitting, AttendanceMark)
        .join(AttendanceMark.sitting)
        .join(AttendanceMark.enrolment)
        .join(CourseSession, CourseSession.id == Sitting.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.user_id == user_id)
        .order_by(Sitting.date.desc(), Sitting.starts.desc(), Sitting.id.desc())
    )
    owned = (AttendanceMark, Sitting, CourseSession, Enrolment, Employee)
    return db.session.execute(within(User).trusting(statement, *owned)).all()


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Who these users are, for "… marked this meanwhile"."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    # who marked a cell is told to whoever marks it too
    statement = EVERYWHERE.restrict(sa.select(User.id, User.given_name, User.family_name), User)
    return {id: f"{given} {family}" for id, given, family in db.session.execute(statement.where(User.id.in_(wanted)))}


def standing_of(course_session: CourseSession, every: Mapping[int, Sheet], enrolment_id: int) -> Standing:
    """What one enrolment's cells add up to; `every` sheet of its session, read with them."""
    values = {"late_grace_minutes": next(sheet.grace for sheet in every.values())}
    if course_session.threshold is None:
        values = settings.values()
    said = {enrolment_id: {sheet.id: sheet.was for sheet in every.values()}}
    given = {enrolment_id: next(sheet.given for sheet in every.values())}
    return add_up(course_session, list(every.values()), said, given, values)[enrolment_id]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person across all sittings. `cells` are marks as `rules.spell` writes them, or none, before, later, off."""

    enrolment_id: int
    name: str
    organisation: str
    cells: list[str]
    standing: Standing | None

    @property
    def person(self) -> Person:
        return Person(self.enrolment_id, self.name, self.organisation)


@dataclass(frozen=True, slots=True)
class Grid:
    """`marked` counts by sitting id; `said` is every word a cell says; `partial`: a trainer sees only their own
    sittings, and so no sums.
    """

    sittings: list[Sheet]
    rows: list[GridRow]
    marked: dict[int, int]
    said: list[str]
    partial: bool

    @property
    def tenths(self) -> set[int | None]:
        """Every percentage the sums say."""
        return {row.standing.so_far_tenths for row in self.rows if row.standing}


def grid(scope: Scope, course_session: CourseSession, moment: datetime) -> Grid:
    """People × sittings of a session loaded through the scope: two queries and the settings."""
    shown = list(sheets(scope, course_session).values())
    whole = runs(scope, course_session)
    every: Sequence[SittingRow] = shown if whole else sittings(course_session)
    if not shown and not whole:
        raise Missing
    found = marked_people(course_session)
    partial = len(shown) < len(every)
    given = {person.enrolment_id: moment for person, _, moment in found}
    marks = {person.enrolment_id: said for person, said, _ in found}
    sums = {} if partial else add_up(course_session, every, marks, given, settings.values())
    empty = {given_at: [empty_cell(row, moment, given_at) for row in shown] for given_at in set(given.values())}
    off = {row.id for row in shown if row.state is SittingState.NOT_HELD}
    rows = [
        GridRow(
            person.enrolment_id,
            person.name,
            person.organisation,
            [
                nothing if row.id in off else said.get(row.id, nothing)
                for row, nothing in zip(shown, empty[given_at], strict=True)
            ],
            sums.get(person.enrolment_id),
        )
        for person, said, given_at in found
    ]
    marked = {row.id: sum(row.id in said for said in marks.values()) for row in shown}
    return Grid(shown, rows, marked, sorted({word for row in rows for word in row.cells}), partial)
