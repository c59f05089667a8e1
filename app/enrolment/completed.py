"""Which courses people have completed. Outcomes are kept above this room: who knows them hangs it up here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.hooks import Hook


def _nobody() -> sa.Select[Any]:
    columns: tuple[Any, ...] = (sa.literal(0), sa.literal(0), sa.cast(sa.null(), sa.Date))
    return sa.select(*columns).where(sa.false())


@dataclass(frozen=True)
class Completions:
    """`rows` gives a select of (employee id, course id, last day), a row for each completion; `models` are the aliases
    it reads, which nobody else uses.
    """

    rows: Callable[[], sa.Select[Any]]
    models: tuple[Any, ...] = ()


COMPLETIONS: Hook[Completions] = Hook("completions", lambda: Completions(_nobody))
"""The room that keeps outcomes puts its own here."""


def completed(employee_id: Any, course_id: Any) -> sa.ColumnElement[bool]:
    """Whether the person has completed the course, in a statement passed through `reading`."""
    known = COMPLETIONS.here
    found = known.rows()
    employee, course, _ = found.selected_columns
    return found.where(employee == employee_id, course == course_id).correlate_except(*known.models).exists()


def who_completed(course_id: Any) -> sa.Select[Any]:
    """Ids of everybody who completed the course, in a statement passed through `reading`: quicker than to ask of each
    of the staff, where those few are wanted.
    """
    found = COMPLETIONS.here.rows()
    employee, course, _ = found.selected_columns
    return found.with_only_columns(employee).where(course == course_id).correlate(None)


def completions(employee_ids: Collection[int] | sa.Select[Any], course_id: Any) -> sa.Subquery:
    """`employee_id` and `day`, when each of these people completed the course, inside a statement passed through
    `reading`; a row for each completion.
    """
    found = COMPLETIONS.here.rows()
    employee, course, day = found.selected_columns
    columns = employee.label("employee_id"), day.label("day")
    return found.with_only_columns(*columns).where(employee.in_(employee_ids), course == course_id).subquery()


def days(employee_ids: Collection[int], course_id: int) -> dict[int, date]:
    """When those of these people who completed the course did so, last."""
    if not employee_ids:
        return {}
    found = completions(employee_ids, course_id)
    statement = sa.select(found.c.employee_id, sa.func.max(found.c.day)).group_by(found.c.employee_id)
    return {key: day for key, day in db.session.execute(reading(statement)) if day is not None}


def last_day(employee_id: Any, course_id: Any) -> sa.ScalarSelect[date]:
    """When the person last completed the course, in a statement passed through `reading`."""
    known = COMPLETIONS.here
    found = known.rows()
    employee, course, day = found.selected_columns
    latest = found.with_only_columns(sa.func.max(day)).where(employee == employee_id, course == course_id)
    return latest.correlate_except(*known.models).scalar_subquery()


def reading(statement: Any) -> Any:
    """The statement, which may now contain `completed`: it reveals what a rule asks and nothing else."""
    return EVERYWHERE.trusting(statement, *COMPLETIONS.here.models)  # a rule asks, and nothing else is told
