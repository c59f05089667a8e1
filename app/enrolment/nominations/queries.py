"""What waits for a focal point to decide, and what one can still nominate for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.access.scope import EVERYWHERE, Scope
from app.audit.models import AuditEntry
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Missing
from app.enrolment import queries as enrolments
from app.enrolment.models import CURRENT, Enrolment, EnrolmentStatus
from app.enrolment.obstacles.queries import NOTHING, OFTEN_FROM, Survey, surveys
from app.enrolment.queries import DATED
from app.enrolment.quotas.queries import pools_of
from app.enrolment.rules import TAKING
from app.language import in_language
from app.people.events import EmployeeTransferred
from app.people.models import Employee
from app.settings import queries as settings
from app.training import rules
from app.training.models import CourseSession, Sitting
from app.training.rules import over


@dataclass(frozen=True)
class Waiting:
    """An application or nomination somebody has to decide. `known`: what speaks against a seat, or for a thought."""

    id: int
    name: str
    organisation: str
    status: EnrolmentStatus
    course_session_id: int
    code: str
    course: str
    since: datetime
    employee_id: int
    known: Survey = field(default=NOTHING, repr=False)


def awaiting(scope: Scope, status: EnrolmentStatus, limit: int = 100) -> list[Waiting]:
    """People in this state in sessions that take nominations, as far as the scope sees them, oldest first."""
    # asked as a set: joined, everybody's enrolments of all years are read to find those of the few sessions that go on
    taking = sa.select(CourseSession.id).where(CourseSession.status.in_(TAKING)).correlate(None)
    rows = db.session.scalars(
        scope.trusting(scope.restrict(sa.select(Enrolment), Enrolment), Employee, CourseSession)
        .join(Enrolment.employee)
        .join(Enrolment.course_session)
        .where(Enrolment.status == status, Enrolment.course_session_id.in_(taking))
        .options(
            contains_eager(Enrolment.employee).joinedload(Employee.organisation),
            contains_eager(Enrolment.course_session).joinedload(CourseSession.course),
        )
        .order_by(Enrolment.id)
    ).all()
    closed = enrolments.closing()
    dated = [(row, row.course_session) for row in rows]
    still = [row for row, one in dated if not closed(one.starts_on, one.ends_on, one.nominations_close_at)][:limit]
    asked: dict[CourseSession, list[int]] = {}
    for row in still:
        asked.setdefault(row.course_session, []).append(row.employee_id)
    known = surveys(asked, often=OFTEN_FROM, ticked=())
    return [
        Waiting(
            row.id,
            row.employee.name,
            in_language(row.employee.organisation, "name"),
            row.status,
            row.course_session_id,
            row.course_session.code,
            in_language(row.course_session.course, "name"),
            row.created_at,
            row.employee_id,
            known[row.course_session_id],
        )
        for row in still
    ]


def applications(scope: Scope) -> int:
    """How many of a focal point's staff wait for her support: where nominations have not closed."""
    statement = (
        scope.trusting(scope.restrict(sa.select(sa.func.count(Enrolment.id), *DATED), Enrolment), CourseSession)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .where(Enrolment.status == EnrolmentStatus.APPLIED, CourseSession.status.in_(TAKING))
        .group_by(CourseSession.id)
    )
    closed = enrolments.closing()
    return sum(number for number, *dated in db.session.execute(statement).all() if not closed(*dated))


def takes(course_session: CourseSession, sittings: Iterable[Sitting]) -> bool:
    """Whether there is anything to nominate for: not all of it is over, and nominations have not closed."""
    ended = all(over(each.date, each.ends, now()) for each in sittings)
    return not ended and not enrolments.nominations_closed(course_session)


PAGE_STANDS = timedelta(days=7)
"""So long somebody may have left a page open."""


def gone_since(scope: Scope, keys: Collection[int]) -> Sequence[Employee]:
    """Those of these people whom this scope saw until they went to another institution a short while ago; by name."""
    statement = sa.select(AuditEntry.facts).where(
        AuditEntry.event == EmployeeTransferred.name, AuditEntry.at >= now() - PAGE_STANDS
    )
    was = {facts["employee_id"]: facts["from_id"] for facts in db.session.scalars(statement.order_by(AuditEntry.id))}
    seen = [key for key in keys if key in was and scope.covers_organisation(was[key])]
    # their institution knew them by name until then
    people = EVERYWHERE.select(Employee).where(Employee.id.in_(seen)).order_by(Employee.name_sort, Employee.id)
    return db.session.scalars(people).all()


def chosen(scope: Scope, keys: Collection[int]) -> tuple[Sequence[Employee], Sequence[Employee]]:
    """The people ticked in a form, and those of them who have gone to another institution since; Missing if one of them
    is nobody this scope sees or saw.
    """
    theirs = scope.select(Employee).where(Employee.id.in_(keys)).order_by(Employee.name_sort, Employee.id)
    found = db.session.scalars(theirs).all()
    others = set(keys) - {one.id for one in found}
    gone = gone_since(scope, others) if others else []
    if len(gone) != len(others):
        raise Missing
    return found, gone


@dataclass(frozen=True)
class OpenSession:
    """A session people can still be put forward for. `mine`: how many of their people are on its list; `free`: the
    seats these could still have, those kept for others left out; `quota`: the seats kept for them, `left` still free.
    """

    id: int
    code: str
    course_id: int
    course: str
    starts_on: date | None
    ends_on: date | None
    mine: int
    closes: datetime | None
    free: int = 0
    quota: int = 0
    left: int = 0


def open_sessions(scope: Scope, limit: int = 100) -> list[OpenSession]:
    """Sessions a scope sees that still take nominations, soonest first, with the seats there are for its people."""
    found = _taking(scope, _not_begun(scope).limit(limit))
    stand = pools_of([row for row, _ in found])
    homes = sorted(scope.organisations)
    return [
        replace(
            one,
            free=stand[one.id].free if scope.everything else stand[one.id].room(*homes),
            quota=sum(stand[one.id].quotas.get(home, 0) for home in homes),
            left=sum(map(stand[one.id].kept, homes)),
        )
        for _, one in found
    ]


def offered(scope: Scope, courses: Collection[int], limit: int = 100) -> list[OpenSession]:
    """The same of some courses, without a word on seats."""
    statement = _not_begun(scope).where(CourseSession.course_id.in_(sorted(courses)))
    return [one for _, one in _taking(scope, statement.limit(limit))]


def _taking(scope: Scope, statement: sa.Select[Any]) -> list[tuple[CourseSession, OpenSession]]:
    calendar, days = settings.calendar(), int(settings.value("nominations_close_days"))
    found = [
        (
            row,
            OpenSession(
                row.id,
                row.code,
                row.course_id,
                in_language(row.course, "name"),
                row.starts_on,
                row.ends_on,
                own,
                rules.nominations_close(row.starts_on, row.nominations_close_at, calendar, days),
            ),
        )
        for row, own in db.session.execute(statement)
    ]
    return [(row, one) for row, one in found if one.closes is None or one.closes > now()]


def _not_begun(scope: Scope) -> sa.Select[Any]:
    """Sessions with how many of their own people are on the list."""
    hers = Employee.organisation_id.in_(sorted(scope.organisations)) if not scope.everything else sa.true()
    mine = (
        sa.select(sa.func.count())
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(Enrolment.course_session_id == CourseSession.id, Enrolment.status.in_(CURRENT), hers)
        .scalar_subquery()
    )
    statement: sa.Select[Any] = scope.trusting(
        scope.restrict(sa.select(CourseSession, mine), CourseSession), Enrolment, Employee
    )
    return (
        statement.where(
            CourseSession.status.in_(TAKING),
            sa.or_(CourseSession.starts_on.is_(None), CourseSession.starts_on > today()),
        )
        .options(joinedload(CourseSession.course))
        .order_by(CourseSession.starts_on.is_(None), CourseSession.starts_on, CourseSession.id)
    )
