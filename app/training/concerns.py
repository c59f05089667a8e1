"""What is at risk in a session: each a filter of the list of sessions, and a number on the overview leading there.

A room says of each what it is by an SQL expression; both places use the same one, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, Scope
from app.core.hooks import Hook
from app.training.models import CourseSession


@dataclass(frozen=True)
class Concern:
    """`said()` names it; `holds()` is about the `CourseSession` of the surrounding statement; `models` are the owned
    tables it reads. `people`: where it is about people, the number of them that a scope runs, its name and their list.
    `leads`: what of a session (by its id) is to be looked at; its first page if nothing is said.
    """

    said: Callable[[], str]
    holds: Callable[[], sa.ColumnElement[bool]]
    models: tuple[Any, ...]
    people: Callable[[Scope], tuple[sa.Select[Any], str, str]] | None = None
    leads: Callable[[int], str] | None = None


ANY = "any"
CONCERNS: Hook[dict[str, Concern]] = Hook("concerns", dict)
"""By the word of the filter, in the order in which they are shown. A room puts its own here."""


def narrow(statement: sa.Select[Any], name: str, scope: Scope) -> sa.Select[Any]:
    """A statement about sessions, reduced to those the scope runs with this concern (or `ANY`); else to none."""
    found = [each for key, each in CONCERNS.here.items() if name in (key, ANY)]
    theirs = sa.true() if scope.everything else CourseSession.province_id.in_(sorted(scope.provinces))
    narrowed: sa.Select[Any] = EVERYWHERE.trusting(statement.where(theirs, _any(found)), *models())  # they run these
    return narrowed


def _any(found: Sequence[Concern]) -> sa.ColumnElement[bool]:
    """Whether one of them holds. Several are found each by itself: one condition of them all would be asked of every
    session there ever was, while each is of few that its index leads to.
    """
    if len(found) < 2:
        return sa.or_(sa.false(), *(each.holds() for each in found))
    return CourseSession.id.in_(sa.union(*(sa.select(CourseSession.id).where(each.holds()) for each in found)))


def models() -> tuple[Any, ...]:
    """What all of them read."""
    return tuple({model for each in CONCERNS.here.values() for model in each.models})
