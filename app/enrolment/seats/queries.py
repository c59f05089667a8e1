"""Who is on a session's list, an enrolment's history, and which sessions want whoever runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.scope import Scope, within
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import any_row, db
from app.core.paging import ListQuery, directed
from app.core.search import matches
from app.core.tables.written import TODAY, in_days, written_once
from app.enrolment import focal_points
from app.enrolment import queries as enrolments
from app.enrolment.completed import last_day, reading
from app.enrolment.models import (
    CURRENT,
    SEAT_HOLDING,
    WAITING,
    Answer,
    Enrolment,
    EnrolmentChange,
    EnrolmentStatus,
    Quota,
    called,
)
from app.enrolment.obstacles import queries as obstacles
from app.enrolment.queries import DATED, said
from app.enrolment.quotas import queries as quotas
from app.enrolment.quotas.rules import in_front
from app.enrolment.rules import TAKING, begun
from app.enrolment.seats.rules import Listed, Row, asked_for
from app.enrolment.waiting import queries as waiting
from app.language import in_language, language
from app.people.models import Employee, Sex, Title, Unit
from app.post.models import Message, MessageStatus
from app.settings import queries as settings
from app.training.assignments.untold import still_due
from app.training.models import CourseSession, SessionStatus, UntoldTrainer

_NOT_WAITING = sa.case((Enrolment.status == EnrolmentStatus.WAITLISTED, 0), else_=1)


def _then(stands: Any, today: Any) -> sa.ColumnElement[Any]:
    """What stands with the seat; without one (yet), what is so today."""
    return sa.case((sa.or_(Enrolment.organisation_id.is_(None), Enrolment.status.in_(WAITING)), today), else_=stands)


ENROLMENT_SORTS = {
    "name": (Employee.name_sort, Enrolment.id),
    "organisation": (_then(called("organisation_sort"), Organisation.name_sort), Employee.name_sort, Enrolment.id),
    "status": (Enrolment.status, Employee.name_sort, Enrolment.id),
    "queue": (_NOT_WAITING, Enrolment.priority, Enrolment.queued_at, Enrolment.id),
}


def _named(what: str, model: Any, spoken: str) -> sa.ColumnElement[str]:
    """A name in the reader's language, as `in_language` would choose it; a dash for what is not known any more."""
    turkish = _then(called(f"{what}_tr"), model.name_tr)
    chosen = _then(called(f"{what}_en"), model.name_en) if spoken == "en" else turkish
    return sa.func.coalesce(sa.func.nullif(chosen, ""), sa.func.nullif(turkish, ""), "–")


def listed(scope: Scope, course_session: CourseSession, query: ListQuery | None = None) -> Listed:
    """A session's list as far as this scope sees it. Filter `status`: a status, `ended`, or nothing for all current."""
    query = query or ListQuery(sort="name")
    write = _lines if query.q else _kept_lines  # what is typed is seldom typed again
    statement = write(scope, language(), query.sort, query.descending, query.q)
    found = db.session.execute(statement, {"session": course_session.id, "course": course_session.course_id}).all()
    rows = [Row(key, person, f"{given} {family}", *more[:-3]) for key, person, given, family, *more in found]
    asked = [row for row, line in zip(rows, found, strict=True) if line[-3] and asked_for(row, query.filter("status"))]
    taken, kept = found[0][-2:] if found else _nobody(course_session)
    enrolments.know_seats(course_session, taken)
    sa.inspect(course_session).info[scope] = sum(row.status in CURRENT for row in rows)
    return Listed(rows, asked, taken, {} if quotas.released(course_session) else quotas.read(kept))


def _nobody(course_session: CourseSession) -> Any:
    """How many seats are taken and which are kept, where the scope sees nobody."""
    columns = enrolments.seats_expression(sa.literal(course_session.id)), quotas.told(course_session.id)
    return db.session.execute(within(course_session).trusting(sa.select(*columns), enrolments.Seat, Quota)).one()


SESSION: sa.BindParameter[int] = sa.bindparam("session", type_=sa.Integer())
COURSE: sa.BindParameter[int] = sa.bindparam("course", type_=sa.Integer())


def _lines(scope: Scope, spoken: str, sort: str, descending: bool, typed: str) -> Any:
    """The lines of a list; it is told the `session` and its `course` when it is carried out."""
    whole = scope.restrict(sa.select(*_columns(spoken, typed)).select_from(Enrolment), Enrolment)
    statement: sa.Select[Any] = scope.trusting(whole, Employee, EnrolmentChange, Message, Quota, enrolments.Seat)
    return (
        reading(statement)
        .join(Enrolment.employee)
        .join(Employee.organisation)
        .join(Employee.unit)
        .join(Employee.title)
        .where(Enrolment.course_session_id == SESSION)
        .order_by(*directed(ENROLMENT_SORTS[sort], descending))
    )


def _columns(spoken: str, typed: str) -> tuple[Any, ...]:
    """What a `Row` is made of; then whether it holds what was typed, and how many seats are taken and kept."""
    return (
        Enrolment.id,
        Enrolment.employee_id,
        Employee.given_name,
        Employee.family_name,
        _then(Enrolment.organisation_id, Employee.organisation_id),
        _named("organisation", Organisation, spoken),
        _named("unit", Unit, spoken),
        _named("title", Title, spoken),
        _then(Enrolment.registry_no, Employee.registry_no),
        Employee.email,
        Employee.phone,
        Employee.sex,
        Enrolment.status,
        Enrolment.answer,
        Enrolment.answered_at,
        Enrolment.priority,
        Enrolment.queued_at,
        Enrolment.offered_until,
        _last_step(),
        _invitation(),
        Employee.active,
        last_day(Enrolment.employee_id, COURSE),
        sa.case((matches(Employee, typed), 1), else_=0),
        enrolments.seats_expression(SESSION),
        quotas.told(SESSION),
    )


_kept_lines = written_once(_lines)


def _last_step() -> sa.ScalarSelect[datetime]:
    steps = sa.select(sa.func.max(EnrolmentChange.at)).where(EnrolmentChange.enrolment_id == Enrolment.id)
    return steps.correlate(Enrolment).scalar_subquery()


def _invitation() -> sa.ScalarSelect[MessageStatus]:
    number, version = (sa.cast(one, sa.String) for one in (Enrolment.id, Enrolment.invited_version))
    written = Message.occasion == "invite:enrolment:" + number + ":v" + version
    return sa.select(Message.status).where(written).correlate(Enrolment).scalar_subquery()


def next_up(course_session: CourseSession, found: Listed) -> frozenset[int]:
    """Ids of the enrolments that wait and may be given a seat now: the first who could come of each pool."""
    hindered = obstacles.obstacles(course_session, [row.employee_id for row in found.line])
    line = [(row.id, row.home_id) for row in found.line if row.employee_id not in hindered]
    pools = found.pools(course_session.capacity)
    return frozenset(
        key for at, (key, home) in enumerate(line) if pools.room(home) and in_front(pools, line[:at], home) is None
    )


@dataclass(frozen=True)
class Attention:
    """A session that wants whoever runs it: `low`: it begins soon below its minimum; `nominated`: to be decided;
    `stuck`: applications no focal point can decide on (any more); `untold`: participants and trainers no letter could
    tell what became of their place or that their document is ready.
    """

    id: int
    code: str
    course: str
    starts_on: date | None
    taken: int
    minimum: int
    low: bool
    nominated: int
    stuck: int
    untold: int


def wanting_attention(scope: Scope, within: timedelta = timedelta(days=14)) -> list[Attention]:
    """Of the provinces somebody runs, soonest first: open sessions that begin within two weeks below their minimum,
    open or confirmed ones with nominations to decide, or applications nobody else can, and any with participants or
    trainers who are still to be told.
    """
    closed = enrolments.closing()
    found = [
        Attention(
            row.id,
            f"{row.code}/{row.ordinal}",
            in_language(row, "name"),
            row.starts_on,
            row.taken,
            row.minimum,
            bool(row.low),
            row.nominated,
            row.applied if row.applied and closed(row.starts_on, row.ends_on, row.nominations_close_at) else row.stuck,
            row.untold,
        )
        for row in db.session.execute(_wanting(scope, within)).all()
    ]
    return [each for each in found if each.low or each.nominated or each.stuck or each.untold]


@written_once
def _wanting(scope: Scope, within: timedelta) -> sa.Select[Any]:
    counts = _counts(within)
    named = (Course.code, Course.name_tr, Course.name_en, *(one.label(name) for name, one in counts.items()))
    columns = (CourseSession.id, CourseSession.ordinal, CourseSession.minimum, *DATED, *named)
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(*columns), CourseSession),
        enrolments.Seat,
        Enrolment,
        UntoldTrainer,
        *focal_points.DECIDED,
    )
    wanting = sa.or_(counts["low"], *(counts[name] > 0 for name in ("nominated", "applied", "untold")))
    statement = (
        statement.join(Course, Course.id == CourseSession.course_id)
        .where(_looked_at(), wanting)
        .order_by(CourseSession.starts_on.nulls_first(), CourseSession.id)
    )
    if not scope.everything:
        statement = statement.where(CourseSession.province_id.in_(sorted(scope.provinces)))
    return statement


def _counts(within: timedelta) -> dict[str, sa.ColumnElement[Any]]:
    """What is counted of each session, by name; `low` says whether it begins so soon below its minimum."""
    live = CourseSession.status.in_(TAKING)
    taken = enrolments.seats_expression(CourseSession.id)
    of_session = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.course_session_id == CourseSession.id)
    nominated = of_session.where(Enrolment.status == EnrolmentStatus.NOMINATED).scalar_subquery()
    applied = of_session.where(Enrolment.status == EnrolmentStatus.APPLIED).scalar_subquery()
    people = of_session.where(still_due(Enrolment.untold_since), Enrolment.merged_into_id.is_(None))
    trainers = sa.select(sa.func.count(UntoldTrainer.id)).where(
        UntoldTrainer.course_session_id == CourseSession.id, still_due(UntoldTrainer.since)
    )
    soon = CourseSession.starts_on.between(TODAY, in_days(within.days))
    return {
        "taken": taken,
        "low": sa.and_(CourseSession.status == SessionStatus.OPEN, soon, taken < CourseSession.minimum),
        "nominated": sa.case((live, nominated), else_=0),
        "stuck": sa.case((live, focal_points.undecided()), else_=0),
        "applied": sa.case((live, applied), else_=0),
        "untold": people.scalar_subquery() + trainers.scalar_subquery(),
    }


def few_women() -> sa.ColumnElement[bool]:
    """Whether the surrounding statement's session has its minimum, and fewer women among them than the programme wants;
    one that has begun is past mending. Reads `Enrolment`, `Employee`.
    """
    women = sa.func.count(sa.case((Employee.sex == Sex.WOMAN, 1)))
    known = sa.func.count(sa.case((Employee.sex.in_((Sex.WOMAN, Sex.MAN)), 1)))
    few = (
        sa.select(sa.literal(1))
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.course_session_id == CourseSession.id, Enrolment.status.in_(SEAT_HOLDING))
        .group_by(Enrolment.course_session_id)
        .having(
            sa.func.count() >= CourseSession.minimum, known > 0, 100 * women < settings.stored("least_women") * known
        )
        .correlate(CourseSession)
    )
    ahead = sa.or_(CourseSession.starts_on.is_(None), CourseSession.starts_on > TODAY)
    return sa.and_(CourseSession.status.in_(TAKING), ahead, few.exists())


def unanswered() -> sa.ColumnElement[bool]:
    """Whether somebody invited to the surrounding statement's session, which is still to begin, has not answered."""
    asked = sa.select(Enrolment.id).where(
        Enrolment.course_session_id == CourseSession.id,
        Enrolment.status == EnrolmentStatus.ENROLLED,
        Enrolment.answer == Answer.NONE,
    )
    return sa.and_(CourseSession.status == SessionStatus.CONFIRMED, CourseSession.starts_on > TODAY, any_row(asked))


def _looked_at() -> sa.ColumnElement[bool]:
    """Of what is finalised, thousands after some years, only where there is something to tell."""
    untold = sa.union_all(
        sa.select(Enrolment.course_session_id).where(Enrolment.untold_since.is_not(None)),
        sa.select(UntoldTrainer.course_session_id),
    )
    return sa.or_(CourseSession.status != SessionStatus.FINALISED, CourseSession.id.in_(untold))


@dataclass(frozen=True)
class Step:
    """One line of an enrolment's history. `by`: whoever did it; empty for the programme itself."""

    at: datetime
    was: EnrolmentStatus | None
    now: EnrolmentStatus
    by: str
    reason: str


def own_steps(user_id: int) -> Sequence[sa.Row[CourseSession, Course, EnrolmentChange]]:
    """Every step of every place whoever signs in with this account has or had: session, course, step; latest first."""
    statement = (
        sa.select(CourseSession, Course, EnrolmentChange)
        .join(EnrolmentChange.enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Employee.user_id == user_id)
        .order_by(EnrolmentChange.id.desc())
    )
    return db.session.execute(
        within(User).trusting(statement, EnrolmentChange, Enrolment, CourseSession, Employee)
    ).all()


def history(enrolment: Enrolment) -> Sequence[Step]:
    """The steps of an enrolment loaded through a scope, latest first."""
    rows = db.session.execute(
        within(enrolment)
        .restrict(sa.select(EnrolmentChange, User.given_name, User.family_name), EnrolmentChange, User)
        .outerjoin(User, User.id == EnrolmentChange.by_id)
        .order_by(EnrolmentChange.id.desc())
    )
    return [
        Step(
            change.at,
            EnrolmentStatus(change.old) if change.old else None,
            EnrolmentStatus(change.new),
            f"{given} {family}" if given else "",
            said(change.reason),
        )
        for change, given, family in rows
    ]


def answered_by(enrolment: Enrolment) -> str:
    """Who recorded the answer of an enrolment (loaded with its person); empty where they gave it themselves."""
    if enrolment.answered_by_id is None or enrolment.answered_by_id == enrolment.employee.user_id:
        return ""
    return within(enrolment).get(User, enrolment.answered_by_id).name


def may_take_back(enrolment: Enrolment) -> bool:
    """Whether a seat that was given up is still there to be taken back."""
    course_session = enrolment.course_session
    waits = (
        enrolment.status is EnrolmentStatus.DECLINED
        and course_session.status in TAKING
        and not begun(course_session, today())
    )
    return waits and waiting.may_sit(course_session, enrolment.employee.organisation_id)


def trainings(people: Sequence[int]) -> dict[int, int]:
    """How many trainings people (seen through a scope) have or had a seat in, by their id."""
    seated = (
        sa.select(Enrolment.employee_id, sa.func.count())
        .where(Enrolment.employee_id.in_(people), Enrolment.status.in_(SEAT_HOLDING))
        .group_by(Enrolment.employee_id)
    )
    return {row[0]: row[1] for row in db.session.execute(within(Employee).trusting(seated, Enrolment))}
