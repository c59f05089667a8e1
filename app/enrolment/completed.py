"""Which courses people have completed. Outcomes are kept above this room: who knows them registers here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.core.db import db

_provider: Callable[[], sa.Select[Any]] | None = None
_models: tuple[Any, ...] = ()


def register(provider: Callable[[], sa.Select[Any]], *models: Any) -> None:
    """`provider` gives a select of (employee id, course id), a row for each completion; `models` are the aliases it
    reads, which nobody else uses.
    """
    global _provider, _models
    _provider, _models = provider, models


def completed(employee_id: Any, course_id: Any) -> sa.ColumnElement[bool]:
    """Whether the person has completed the course, in a statement passed through `reading`."""
    if _provider is None:
        return sa.false()
    found = _provider()
    employee, course = found.selected_columns
    return found.where(employee == employee_id, course == course_id).correlate_except(*_models).exists()


def reading(statement: Any) -> Any:
    """The statement, which may now contain `completed`: it reveals what a rule asks and nothing else."""
    return EVERYWHERE.trusting(statement, *_models)


def completed_courses(employee_ids: Collection[int], course_ids: Collection[int]) -> dict[int, set[int]]:
    """What each of these people has completed of these courses; people without any are left out."""
    result: dict[int, set[int]] = {}
    if _provider is None or not employee_ids or not course_ids:
        return result
    found = _provider()
    employee, course = found.selected_columns
    found = found.where(employee.in_(employee_ids), course.in_(course_ids))
    for employee_id, course_id in db.session.execute(reading(found)):
        result.setdefault(employee_id, set()).add(course_id)
    return result
