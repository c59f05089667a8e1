"""A session's pools, and the institutions it may keep seats for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import within
from app.core.clock import now
from app.core.db import db
from app.enrolment.models import SEAT_HOLDING, Enrolment, EnrolmentStatus, Quota
from app.enrolment.quotas.rules import Pools
from app.language import in_language
from app.people.models import Employee
from app.training.models import CourseSession, SessionAudience


def pools(course_session: CourseSession) -> Pools:
    """As they stand now, whoever asks: numbers reveal nobody. One statement."""
    return pools_of([course_session])[course_session.id]


def pools_of(course_sessions: Collection[CourseSession]) -> dict[int, Pools]:
    """The same of several sessions by their ids, in one statement as well; none where there are none."""
    keys = sorted(one.id for one in course_sessions)
    if not keys:
        return {}
    kept = (
        sa.select(Quota.course_session_id, Quota.organisation_id, Quota.seats, sa.literal(0))
        .select_from(Quota)
        .where(Quota.course_session_id.in_(keys))
    )
    taken = (
        sa.select(Enrolment.course_session_id, Enrolment.organisation_id, sa.literal(0), sa.func.count())
        .where(Enrolment.course_session_id.in_(keys), Enrolment.status.in_(SEAT_HOLDING))
        .group_by(Enrolment.course_session_id, Enrolment.organisation_id)
    )
    both: Any = within(CourseSession).trusting(sa.union_all(kept, taken), Quota, Enrolment)
    quotas: dict[int, dict[int, int]] = {key: {} for key in keys}
    held: dict[int, dict[int, int]] = {key: {} for key in keys}
    for key, home, seats, number in db.session.execute(both):
        if seats:
            quotas[key][home] = seats
        if number:
            held[key][home] = number
    return {
        one.id: Pools(one.capacity, {} if released(one) else quotas[one.id], held[one.id]) for one in course_sessions
    }


def released(course_session: CourseSession) -> bool:
    """Whether no seat is kept for anybody any more."""
    return course_session.quota_release_at is not None and course_session.quota_release_at <= now()


def quotas(course_session: CourseSession) -> Sequence[Quota]:
    return db.session.scalars(
        within(course_session)
        .select(Quota)
        .where(Quota.course_session_id == course_session.id)
        .order_by(Quota.organisation_id)
    ).all()


def told(session_id: Any) -> sa.ScalarSelect[str]:
    """The quotas of a session inside a statement about its list, to be read by `read`; it reads `Quota`, too."""
    institution = sa.select(Organisation.short_name).where(Organisation.id == Quota.organisation_id).scalar_subquery()
    number = sa.cast(Quota.organisation_id, sa.String) + ":" + sa.cast(Quota.seats, sa.String)
    line = number + ":" + institution
    return (
        sa.select(sa.func.aggregate_strings(line, "\n"))
        .where(Quota.course_session_id == session_id)
        .correlate_except(Quota)
        .scalar_subquery()
    )


def read(text: str | None) -> dict[int, Kept]:
    """By the institution's id what `told` found."""
    found = [line.split(":", 2) for line in (text or "").split("\n") if line]
    return {int(home): Kept(name, int(seats)) for home, seats, name in found}


@dataclass(frozen=True)
class Kept:
    """So many seats are kept for the institution of this short name."""

    name: str
    seats: int


@dataclass(frozen=True)
class Share:
    """An institution a session is offered to: its staff, the seats kept for it, those its people hold, who waits."""

    organisation_id: int
    name: str
    staff: int
    seats: int
    taken: int
    waiting: int

    @property
    def left(self) -> int:
        return max(0, self.seats - self.taken)


def shares(course_session: CourseSession) -> list[Share]:
    """Every institution that may send somebody, and others that have seats or a quota nevertheless; by name."""
    home, session = Organisation.id, course_session.id
    staff = sa.select(sa.func.count()).where(Employee.organisation_id == home, Employee.active.is_(True))
    seats = sa.select(Quota.seats).where(Quota.organisation_id == home, Quota.course_session_id == session)
    mine = sa.select(sa.func.count()).select_from(Enrolment).where(Enrolment.course_session_id == session)
    taken = mine.where(Enrolment.organisation_id == home, Enrolment.status.in_(SEAT_HOLDING))
    waiting = mine.join(Employee, Employee.id == Enrolment.employee_id).where(
        Employee.organisation_id == home, Enrolment.status == EnrolmentStatus.WAITLISTED
    )
    every = (staff, seats, taken, waiting)
    counted = [sa.func.coalesce(one.correlate(Organisation).scalar_subquery(), 0) for one in every]
    columns = (home, Organisation.name_tr, Organisation.name_en, *counted)
    rows = db.session.execute(
        within(course_session)
        .trusting(sa.select(*columns), Employee, Quota, Enrolment, SessionAudience)
        .where(sa.or_(_offered(course_session), counted[1] > 0, counted[2] > 0))
        .order_by(Organisation.name_sort, home)
    )
    return [Share(row[0], in_language(row, "name"), *row[3:]) for row in rows]


def _offered(course_session: CourseSession) -> sa.ColumnElement[bool]:
    """Of institutions: the session is offered to them or their province; to its own where it says nothing."""
    here = sa.select(SessionAudience.id).where(SessionAudience.course_session_id == course_session.id)
    to = here.where(
        sa.or_(
            SessionAudience.organisation_id == Organisation.id, SessionAudience.province_id == Organisation.province_id
        )
    )
    own = sa.and_(sa.not_(here.exists()), Organisation.province_id == course_session.province_id)
    return sa.or_(to.exists(), own)
