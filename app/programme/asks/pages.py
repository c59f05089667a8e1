"""What asks stand behind on the pages of plans, and what the search finds of those that ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.core.errors import Missing, Text
from app.language import in_language
from app.needs.results.queries import competency_with_courses
from app.plans.drafting.models import Wish
from app.plans.queries import OriginLink
from app.programme.asks import queries
from app.programme.asks.models import ASKERS
from app.web.parts import Sought

MOST = 300
"""Letters of what a row of a plan says of its origin."""


def wish(caller: Caller, key: str) -> Wish | None:
    """What asks under this key for a row of a plan, for whoever writes the programme there."""
    if not caller.may(Permission.PROGRAMME_WRITE):
        return None
    try:
        line = queries.line(caller.scope_for(Permission.PROGRAMME_WRITE), key)
        courses = competency_with_courses(line.competency_id)[1]
    except Missing:
        return None
    if line.withdrawn:
        return None
    return Wish(
        line.key,
        in_language(line, "title"),
        line.url,
        tuple(course.id for course in courses),
        line.province_id,
        line.asker.origin,
        _cut(line.title_tr),
        line.reason,
    )


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1].rstrip() + "…"


def origins(caller: Caller, item_ids: Sequence[int]) -> Iterator[OriginLink]:
    """What asked for these rows, for whoever reads the programme."""
    if ASKERS.here and caller.may(Permission.PROGRAMME_READ):
        for line in queries.of_rows(caller.scope_for(Permission.PROGRAMME_READ), item_ids):
            yield OriginLink(
                line.plan_item_id or 0, in_language(line, "title"), line.url, _cut(line.title_tr), line.withdrawn
            )


def hits_of(
    title: Text,
    sought: Callable[[Scope, str], sa.Select[Any]],
    by: tuple[Any, ...],
    url: Callable[[int], str],
    things: str,
    order: int,
) -> Callable[[Caller, str], Sought | None]:
    """What the search of every page finds of those that ask; `things` is their list."""

    def hits(caller: Caller, typed: str) -> Sought | None:
        if not (caller.may(Permission.PROGRAMME_READ) and typed.strip()):
            return None
        found = sought(caller.scope_for(Permission.PROGRAMME_READ), typed)
        return Sought(str(title), found, by, url, url_for(things, q=typed), order)

    return hits
