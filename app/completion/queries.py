from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.models import User
from app.access.scope import Scope, within
from app.attendance import queries as attendance
from app.attendance import rules as arithmetic
from app.attendance.models import Person, SittingRow, Words
from app.attendance.rules import Standing
from app.attendance.signatures import queries as signatures
from app.catalogue.models import Course
from app.completion.models import DocumentKind, Outcome, Result, TestKind, TestScore
from app.completion.rules import Awaits, Requirement, Rules, Verdict, awaited, conclude, sheet_required, tally
from app.core import slots
from app.core.clock import now
from app.core.db import db
from app.core.errors import Missing
from app.core.tables.written import TODAY, WALL, written_once
from app.enrolment import queries as enrolment
from app.enrolment.models import Enrolment, called
from app.paper.typeface import unprintable_names
from app.people.models import Employee
from app.settings import queries as settings
from app.training import queries as training
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState

COMPLETED = (Result.COMPLETED_ATTENDANCE, Result.COMPLETED_SUCCESS)


def session_run(scope: Scope, course_session_id: int) -> CourseSession:
    """A session this scope runs as its coordinator does; else Missing."""
    course_session = training.course_session(scope, course_session_id)
    if not attendance.runs(scope, course_session):
        raise Missing
    return course_session


def rules_of(course_session: CourseSession, values: Mapping[str, Any] | None = None) -> Rules:
    """The session's own conditions; those of its course while it has not opened. `values`: the settings, if read."""
    course = course_session.course
    taken = course_session.test_required is not None
    test_required = bool(course_session.test_required) if taken else course.has_test
    pass_mark = course_session.pass_mark if taken else course.pass_mark
    on_fail = course_session.attendance_document_on_fail
    return Rules(
        test_required,
        int((values or settings.values())["pass_mark"]) if pass_mark is None else pass_mark,
        course.attendance_document_on_fail if on_fail is None else on_fail,
    )


# --- people with their scores --------------------------------------------------------------------------------

_pre, _post = aliased(TestScore), aliased(TestScore)


@dataclass(frozen=True, slots=True)
class Scored:
    """Somebody with a seat: scores (in tenths, or None), marks, when the seat was given, the outcome stored, if any."""

    person: Person
    pre: int | None
    post: int | None
    marks: Words
    given: datetime | None
    stored: Verdict | None = None
    stored_tenths: int | None = None


_SCORED = within(CourseSession).trusting(
    attendance.seated(
        _pre.tenths,
        _post.tenths,
        attendance.all_words(),
        enrolment.seat_given(),
        Outcome.result,
        Outcome.document,
        Outcome.percent_tenths,
    )
    .outerjoin(_pre, sa.and_(_pre.enrolment_id == Enrolment.id, _pre.kind == TestKind.PRE))
    .outerjoin(_post, sa.and_(_post.enrolment_id == Enrolment.id, _post.kind == TestKind.POST))
    .outerjoin(Outcome, Outcome.enrolment_id == Enrolment.id),
    _pre,
    _post,
    Outcome,
)


def scored(course_session: CourseSession) -> list[Scored]:
    """Everybody with a seat in a session loaded through a scope, by name, with all this room knows of them."""
    found = []
    for row in db.session.execute(_SCORED, {"course_session": course_session.id}):
        pre, post, said, given, result, document, tenths = row[4:]
        stored = None if result is None else Verdict(result, document)
        found.append(Scored(attendance.person(row), pre, post, attendance.words(said), given, stored, tenths))
    enrolment.know_seats(course_session, len(found))
    return found


# --- the checklist and what would come of it ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What the session would come to for one person; scores in tenths or None. `awaits`: what has to be entered before
    that is known. `stored` and `stored_tenths`: what it came to when it was finalised.
    """

    person: Person
    standing: Standing
    pre: int | None
    post: int | None
    verdict: Verdict
    stored: Verdict | None = None
    stored_tenths: int | None = None
    awaits: Awaits | None = None


@dataclass(frozen=True)
class Review:
    """A session before it is finalised: what still stands in the way, and what it would come to.

    `ahead` are sittings that are not over or have no date; `unmarked` (sitting, how many) of those that are over;
    `later` who joined later, each with the unmarked sittings that were over by then, which are not in `unmarked`;
    `untested` how many lack a post-test that is required; `unsigned` days without their signed sheet; `unprintable`
    names (of participants and trainers) with the letters no certificate can show, which stop nothing but that;
    `required` by upper rooms.
    """

    sittings: list[SittingRow]
    ahead: list[SittingRow]
    unmarked: list[tuple[SittingRow, int]]
    later: list[tuple[Person, list[SittingRow]]]
    untested: int
    unsigned: list[date]
    unprintable: list[tuple[str, str]]
    rules: Rules
    sheet_required: bool
    previews: list[Preview]
    required: list[Requirement]

    @property
    def over(self) -> bool:
        return bool(self.sittings) and not self.ahead

    @property
    def ready(self) -> bool:
        met = all(each.met for each in self.required)
        return self.over and met and not (self.unmarked or self.later or self.untested or self.unsigned)

    @property
    def awaits_marks(self) -> bool:
        return any(preview.awaits is Awaits.MARKS for preview in self.previews)

    @property
    def counts(self) -> list[tuple[Result | Awaits, int]]:
        """What it would come to now, and for how many that is not known yet."""
        known = [preview for preview in self.previews if not preview.awaits]
        waiting = Counter(preview.awaits for preview in self.previews if preview.awaits)
        return [*tally(preview.verdict.result for preview in known), *waiting.items()]

    @property
    def stored_counts(self) -> list[tuple[Result, int]]:
        """The same of what was finalised."""
        return tally(preview.stored.result for preview in self.previews if preview.stored)


def review(course_session: CourseSession, moment: datetime | None = None) -> Review:
    """The checklist and the outcomes of a session loaded through a scope; a handful of queries, none per person."""
    moment, values = moment or now(), settings.values()
    rows, people = attendance.sittings(course_session), scored(course_session)
    rules = rules_of(course_session, values)
    marked = {each.person.enrolment_id: each.marks for each in people}
    given = {each.person.enrolment_id: each.given for each in people}
    standings = arithmetic.add_up(course_session, rows, marked, given, values)
    previews = [_preview(each, standings[each.person.enrolment_id], rules) for each in people]
    counted = [row for row in rows if row.state is not SittingState.NOT_HELD]
    ahead = [row for row in counted if row.ends_at is None or row.ends_at > moment]
    later = arithmetic.joined_later(rows, [(each.person, each.marks, each.given) for each in people])
    missing = [
        (row, sum(row.id not in said and row not in later.get(key, ()) for key, said in marked.items()))
        for row in counted
        if row not in ahead
    ]
    required = sheet_required(course_session)
    return Review(
        rows,
        ahead,
        [(row, count) for row, count in missing if count],
        [(each.person, later[each.person.enrolment_id]) for each in people if each.person.enrolment_id in later],
        sum(preview.awaits is Awaits.SCORE for preview in previews),
        signatures.days_without_sheet(course_session, rows) if required else [],
        unprintable_names([*(p.person.name for p in people), *(t.name for t in training.trainers_of(course_session))]),
        rules,
        required,
        previews,
        slots.collect("completion.requirements", None, course_session),
    )


def _preview(each: Scored, standing: Standing, rules: Rules) -> Preview:
    verdict = conclude(standing, each.post, rules)
    awaits = awaited(standing, each.post, rules)
    return Preview(each.person, standing, each.pre, each.post, verdict, each.stored, each.stored_tenths, awaits)


# --- what it came to -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    enrolment_id: int
    employee_id: int
    name: str
    organisation: str
    result: Result
    document: DocumentKind | None
    credit_minutes: int
    base_minutes: int
    percent_tenths: int | None


def outcomes(scope: Scope, course_session: CourseSession) -> Sequence[OutcomeRow]:
    """What a finalised session came to, for those people this scope may see, by name."""
    statement = scope.restrict(
        sa.select(
            Outcome.enrolment_id,
            Enrolment.employee_id,
            Employee.given_name,
            Employee.family_name,
            called("short_name"),
            Outcome.result,
            Outcome.document,
            Outcome.credit_minutes,
            Outcome.base_minutes,
            Outcome.percent_tenths,
        ),
        Outcome,
    )
    rows = db.session.execute(
        scope.trusting(statement, Employee)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.course_session_id == course_session.id)
        .order_by(Employee.name_sort, Enrolment.id)
    )
    return [OutcomeRow(row[0], row[1], f"{row[2]} {row[3]}", *row[4:]) for row in rows]


COMPLETION = (aliased(Outcome), aliased(Enrolment), aliased(CourseSession))
"""What `completions` reads; aliases, for it stands inside statements of other rooms."""


def completions() -> sa.Select[Any]:
    """(employee id, course id, last day) of everything anybody completed in a session that is finalised."""
    outcome, enrolled, session = COMPLETION
    columns: tuple[Any, ...] = (enrolled.employee_id, session.course_id, session.ends_on)
    return (
        sa.select(*columns)
        .select_from(outcome)
        .join(enrolled, enrolled.id == outcome.enrolment_id)
        .join(session, session.id == enrolled.course_session_id)
        .where(session.status == SessionStatus.FINALISED, outcome.result.in_(COMPLETED))
    )


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One finalised training of a person; `minutes` are those of its held sittings, 0 where it was not completed."""

    course_session_id: int
    course_code: str
    ordinal: int
    name_tr: str
    name_en: str
    starts_on: date | None
    ends_on: date | None
    result: Result
    document: DocumentKind | None
    percent_tenths: int | None
    held_minutes: int

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"

    @property
    def minutes(self) -> int:
        return self.held_minutes if self.result in COMPLETED else 0


def training_record(scope: Scope, employee: Employee) -> Sequence[RecordLine]:
    """What a person (loaded through the scope) came to in every finalised session, the latest first."""
    held = sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes)
    minutes = (
        sa.select(sa.func.coalesce(sa.func.sum(held), 0))
        .where(Sitting.course_session_id == CourseSession.id, Sitting.state != SittingState.NOT_HELD)
        .correlate(CourseSession)
        .scalar_subquery()
    )
    statement = scope.restrict(
        sa.select(
            CourseSession.id,
            Course.code,
            CourseSession.ordinal,
            Course.name_tr,
            Course.name_en,
            CourseSession.starts_on,
            CourseSession.ends_on,
            Outcome.result,
            Outcome.document,
            Outcome.percent_tenths,
            minutes,
        ),
        Outcome,
    )
    rows = db.session.execute(
        scope.trusting(statement, CourseSession, Sitting)
        .join(Enrolment, Enrolment.id == Outcome.enrolment_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(Enrolment.employee_id == employee.id, CourseSession.status == SessionStatus.FINALISED)
        .order_by(CourseSession.ends_on.desc(), CourseSession.id.desc())
    )
    return [RecordLine(*row) for row in rows]


# --- what waits ------------------------------------------------------------------------------------------------


def own_scores(user_id: int) -> Sequence[sa.Row[CourseSession, Course, TestScore]]:
    """The tests of whoever signs in with this account: session, course, score; latest first."""
    statement = (
        sa.select(CourseSession, Course, TestScore)
        .join(TestScore.enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.user_id == user_id)
        .order_by(CourseSession.starts_on.desc().nulls_last(), CourseSession.id, TestScore.kind.desc())
    )
    return db.session.execute(within(User).trusting(statement, TestScore, CourseSession, Enrolment, Employee)).all()


@dataclass(frozen=True, slots=True)
class EndedSession:
    id: int
    course_code: str
    ordinal: int
    name_tr: str
    name_en: str
    ends_on: date

    @property
    def code(self) -> str:
        return f"{self.course_code}/{self.ordinal}"


def ended_sessions(scope: Scope, limit: int = 20) -> Sequence[EndedSession]:
    """Confirmed sessions whose last sitting is over and that nobody finalised yet, the oldest first."""
    return [EndedSession(*row) for row in db.session.execute(_ended(scope, limit))]


@written_once
def _ended(scope: Scope, limit: int) -> sa.Select[Any]:
    over = sa.or_(Sitting.date < TODAY, sa.and_(Sitting.date == TODAY, Sitting.ends <= WALL))
    ahead = (
        sa.select(Sitting.id)
        .where(
            Sitting.course_session_id == CourseSession.id,
            Sitting.state != SittingState.NOT_HELD,
            sa.or_(Sitting.date.is_(None), sa.not_(over)),
        )
        .correlate(CourseSession)
    )
    statement = scope.restrict(
        sa.select(
            CourseSession.id, Course.code, CourseSession.ordinal, Course.name_tr, Course.name_en, CourseSession.ends_on
        ),
        CourseSession,
    ).join(Course, Course.id == CourseSession.course_id)
    if not scope.everything:
        statement = statement.where(CourseSession.province_id.in_(sorted(scope.provinces)))
    over_and_done = (CourseSession.status == SessionStatus.CONFIRMED, CourseSession.ends_on <= TODAY)
    ended: sa.Select[Any] = scope.trusting(statement, Sitting).where(*over_and_done, sa.not_(ahead.exists()))
    return ended.order_by(CourseSession.ends_on, CourseSession.id).limit(limit)
