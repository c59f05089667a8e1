"""Participations in SQL: those of finalised sessions, those of sessions that go on, and all of them counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.attendance.models import AttendanceMark, Presence
from app.catalogue.models import Course
from app.certificates.models import Certificate, CertificateStatus
from app.completion.models import Outcome
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.models import Enrolment
from app.needs.suppression import MINIMUM
from app.oversight.figures.models import SIDES, Participation
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus, Sitting, SittingState

YEAR = sa.extract("year", CourseSession.ends_on)
WAY = ("year", "province_id", "organisation_kind", "theme_id", "certified", "sex")
COLUMNS = ("id", "employee_id", *WAY, "credit_minutes", "base_minutes")
READ = (Participation, Enrolment, Employee, CourseSession, Outcome, AttendanceMark, Sitting, Certificate)


def _participations(credit: Any, base: Any) -> sa.Select[Any]:
    """`COLUMNS` of enrolments that were not merged: institution as it was at the time of the training."""
    valid = sa.and_(Certificate.enrolment_id == Enrolment.id, Certificate.status == CertificateStatus.VALID)
    return (
        sa.select(
            Enrolment.id,
            Enrolment.employee_id,
            YEAR.label("year"),
            Enrolment.province_id,
            Enrolment.organisation_kind,
            Course.theme_id,
            Certificate.id.is_not(None).label("certified"),
            Employee.sex,
            credit.label("credit_minutes"),
            base.label("base_minutes"),
        )
        .select_from(Enrolment)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .outerjoin(Certificate, valid)
        .where(Enrolment.merged_into_id.is_(None))
    )


def finalised() -> sa.Select[Any]:
    """Those with credited minutes."""
    return (
        _participations(Outcome.credit_minutes, Outcome.base_minutes)
        .join(Outcome, Outcome.enrolment_id == Enrolment.id)
        .where(CourseSession.status == SessionStatus.FINALISED, Outcome.credit_minutes > 0)
    )


def running() -> sa.Select[Any]:
    """Those with a credited mark: present at a sitting that was held, or away for less than the whole of it."""
    held = sa.func.coalesce(Sitting.effective_minutes, Sitting.minutes)
    credited = (
        sa.select(AttendanceMark.id)
        .join(Sitting, Sitting.id == AttendanceMark.sitting_id)
        .where(
            AttendanceMark.enrolment_id == Enrolment.id,
            Sitting.state != SittingState.NOT_HELD,
            sa.or_(
                AttendanceMark.kind == Presence.PRESENT,
                sa.and_(AttendanceMark.minutes.is_not(None), AttendanceMark.minutes < held),
            ),
        )
        .exists()
    )
    over = (SessionStatus.FINALISED, SessionStatus.CANCELLED)
    return _participations(sa.literal(0), sa.literal(0)).where(CourseSession.status.not_in(over), credited)


def firsts(rows: Any) -> sa.ColumnElement[int]:
    """What `Participation.firsts` says, among `rows` with all that their persons took part in."""

    def bit(number: int, alike: Sequence[str]) -> sa.ColumnElement[int]:
        of_one = [rows.employee_id, *(rows[name] for name in alike)]
        place = sa.func.row_number().over(partition_by=of_one, order_by=rows.id)
        return sa.case((place == 1, 1 << number), else_=0)

    whole, *others = (bit(number, alike) for number, alike in enumerate(SIDES))
    for other in others:
        whole = whole + other
    return whole


def _moving(provinces: frozenset[int] | None) -> tuple[Any, Any, Any]:
    """Persons (a SELECT of ids) whose `firsts` are others than those kept: who takes part in a session that goes on,
    and where only some provinces are asked about, who took part from several. Their participations as they are kept,
    and as they are now.
    """
    here = Participation.__table__.c
    now = running().cte("running")
    apart: Any = sa.select(now.c.employee_id)
    if provinces is not None:
        elsewhere = (here.firsts.bitwise_and(_BY_PROVINCE) != 0, here.firsts.bitwise_and(_BY_NOTHING) == 0)
        apart = apart.union_all(sa.select(here.employee_id).where(*elsewhere))
    before = sa.select(*(here[name] for name in (*COLUMNS, "firsts"))).where(here.employee_id.in_(apart))
    moving = sa.select(*(here[name] for name in COLUMNS)).where(here.employee_id.in_(apart))
    going_on = sa.select(*(now.c[name] for name in COLUMNS))
    if provinces is not None:
        moving = moving.where(here.province_id.in_(provinces))
        going_on = going_on.where(now.c.province_id.in_(provinces))
    together = sa.union_all(moving, going_on).subquery()
    anew = sa.select(*(together.c[name] for name in COLUMNS), firsts(together.c).label("firsts"))
    return apart, before.subquery(), anew.subquery()


def _all(provinces: frozenset[int] | None) -> tuple[Any, Any]:
    """What is kept as it stands, and those of `_moving` as they are now."""
    here = Participation.__table__.c
    apart, _, anew = _moving(provinces)
    kept = sa.select(*(here[name] for name in (*COLUMNS, "firsts"))).where(here.employee_id.not_in(apart))
    return (kept if provinces is None else kept.where(here.province_id.in_(provinces))).subquery(), anew


_BY_NOTHING, _BY_PROVINCE = 1 << SIDES.index(()), 1 << SIDES.index(("province_id",))


def _summed(rows: Any, *mark: Any, sign: int = 1) -> sa.Select[Any]:
    by = [rows.c[name] for name in (*WAY, "firsts")]
    numbers = (sa.func.count(), sa.func.sum(rows.c.credit_minutes), sa.func.sum(rows.c.base_minutes))
    return sa.select(*mark, *_words(by), *(number * sign for number in numbers)).group_by(*by)


def _of_all(*sums: sa.Select[Any]) -> Any:
    # numbers of the whole programme
    return EVERYWHERE.trusting(sa.union_all(*sums), *READ)


def counted(provinces: frozenset[int]) -> Sequence[Any]:
    """(*WAY, firsts, participations, credited and base minutes) of those from these provinces."""
    return db.session.execute(_counted(provinces)).all()


@written_once
def _counted(provinces: frozenset[int]) -> Any:
    return _of_all(*(_summed(rows) for rows in _all(provinces)))


def programme(*, standing: bool) -> tuple[Sequence[Any], Sequence[Any]]:
    """As `counted`, of everybody: all that is kept, as it is kept (only where `standing`); and what sessions that go on
    make of it, to be added to it. What is taken off is below zero.
    """
    rows = db.session.execute(_programme(standing)).all()
    return [row[1:] for row in rows if row[0]], [row[1:] for row in rows if not row[0]]


@written_once
def _programme(standing: bool) -> Any:
    _, before, anew = _moving(None)
    sums = [_summed(before, sa.false(), sign=-1), _summed(anew, sa.false())]
    return _of_all(*sums, *([_summed(Participation.__table__, sa.true())] if standing else ()))


def few() -> Iterator[tuple[Any, ...]]:
    """(*WAY, firsts, ids of their persons) of all that are the first of fewer than five persons each."""

    def listed(rows: Any) -> sa.Select[Any]:
        by = [rows.c[name] for name in (*WAY, "firsts")]
        employees = sa.func.aggregate_strings(sa.cast(rows.c.employee_id, sa.String), ",")
        statement = sa.select(*_words(by), employees).where(rows.c.firsts != 0).group_by(*by)
        return statement.having(sa.func.count() < MINIMUM)

    for *way, employees in db.session.execute(_of_all(*(listed(rows) for rows in _all(None)))):
        yield (*way, [int(key) for key in employees.split(",")])


def _words(columns: Sequence[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """Words as they are stored, not the members they stand for: thousands of look-ups fewer."""
    return [sa.type_coerce(each, sa.String) if isinstance(each.type, sa.Enum) else each for each in columns]
