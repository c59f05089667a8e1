"""How many seats of a session are held. An upper room knows; the lists here count with its expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.core.db import db
from app.core.hooks import Hook
from app.training.models import CourseSession

Count = Callable[[Any], sa.ColumnElement[int]]


@dataclass(frozen=True)
class Counted:
    """`count(column)` is a scalar select of the held seats of the session whose id stands in `column`; `models`
    are the owned tables it reads.
    """

    count: Count
    models: tuple[Any, ...] = ()


COUNTED: Hook[Counted] = Hook("seats", lambda: Counted(lambda _: sa.literal(0)))
"""The upper room puts its own here."""


def taken() -> sa.ColumnElement[int]:
    """The held seats of the `CourseSession` of the surrounding statement; 0 while nobody counts."""
    return COUNTED.here.count(CourseSession.id)


def counting(statement: sa.Select[Any]) -> sa.Select[Any]:
    """The statement, which may now contain `taken()`: a number reveals nobody."""
    trusted: sa.Select[Any] = EVERYWHERE.trusting(statement, *COUNTED.here.models)  # a number reveals nobody
    return trusted


def taken_in(course_session: CourseSession) -> int:
    """The held seats of a session already loaded through a scope."""
    statement = sa.select(taken()).where(CourseSession.id == course_session.id)
    return db.session.scalar(counting(within(course_session).trusting(statement, CourseSession))) or 0
