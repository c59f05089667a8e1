"""What asks stand behind on the pages of plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.language import in_language
from app.needs.results.queries import competency_with_courses
from app.plans.drafting.models import Wish
from app.plans.queries import OriginLink
from app.programme.asks import queries
from app.programme.asks.models import ASKERS

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
