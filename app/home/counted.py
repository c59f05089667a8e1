"""What several parts of one page count: asked in one statement, and counted once where two of them want the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.tables.written import written_once
from app.enrolment.models import SEAT_HOLDING, Enrolment
from app.people.models import Employee, Sex
from app.training.models import CourseSession, SessionStatus
from app.training.sessions import plan_rows

LIVE = (SessionStatus.OPEN, SessionStatus.CONFIRMED)


class Asked(Protocol):
    """A scoped select of one count, and the models it reads: `web.parts.Counted` is one."""

    @property
    def number(self) -> sa.Select[Any]: ...

    @property
    def models(self) -> tuple[type[Any], ...]: ...


def columns(asked: Sequence[Asked]) -> tuple[list[sa.ScalarSelect[Any]], list[type[Any]]]:
    """Scoped counts as columns of a statement about something else, and the models they read."""
    return [each.number.correlate(None).scalar_subquery() for each in asked], [m for each in asked for m in each.models]


def numbers(asked: Sequence[Asked]) -> Sequence[int]:
    """What each of these scoped counts comes to, in one statement."""
    return tuple(db.session.execute(_numbers(tuple(asked))).one()) if asked else ()


@written_once
def _numbers(asked: Sequence[Asked]) -> Any:
    found, models = columns(asked)
    return EVERYWHERE.trusting(sa.select(*found), *models)  # each is restricted by its own scope


def run_by(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Sessions a scope runs."""
    return [] if scope.everything else [CourseSession.province_id.in_(sorted(scope.provinces))]


@written_once
def seated(scope: Scope) -> sa.CTE:
    """People and women with a seat in the open and confirmed sessions a scope runs, by their province (0: none).

    Summed up and told apart on one page, it is one object: the database counts it once.
    """
    # an expression: for the sake of the bare column SQLite walks all sessions there ever were, in its index's order
    province = sa.func.coalesce(CourseSession.province_id, 0).label("province_id")
    women = sa.func.count(sa.case((Employee.sex == Sex.WOMAN, 1)))
    return (
        sa.select(province, sa.func.count().label("n_people"), women.label("n_women"))
        .select_from(Enrolment)
        .join(CourseSession, CourseSession.id == Enrolment.course_session_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(CourseSession.status.in_(LIVE), Enrolment.status.in_(SEAT_HOLDING), *run_by(scope))
        .group_by(province)
        .cte()
    )


@written_once
def planned(scope: Scope, day: date) -> sa.CTE:
    """How far this year's plan is by province, likewise counted once."""
    return plan_rows.progress(scope, day).cte()
