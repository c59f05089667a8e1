"""One line of each chain on the pages it passes; the list's filters and columns."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.catalogue.models import Competency
from app.language import gettext, in_language, ngettext
from app.lists.models import Columns
from app.plans.models import PlanItem
from app.programme.asks.models import ASKERS
from app.programme.parts import Filter, Part, filter_of, kind_filter, province_filter, theme_filter
from app.programme.thread import queries
from app.programme.thread.models import Chain, Reach
from app.training.models import CourseSession
from app.web.parts import Section

TEMPLATE = "programme/thread/lines.html"


class Lines(NamedTuple):
    """Chains as a page draws them. `here`: what the page itself is, which is no link there."""

    chains: list[Chain]
    here: str
    whole: bool = False


def _chains(caller: Caller, holds: Callable[[Any], Any], *, whole: bool = False) -> list[Chain]:
    """Those for which a condition on their columns holds, for whoever reads the programme."""
    if not (ASKERS.here and caller.may(Permission.PROGRAMME_READ)):
        return []
    scope = caller.scope_for(Permission.PROGRAMME_READ)
    found = queries.of(scope, holds)
    return queries.with_sessions(scope, found) if whole else found


def _section(found: list[Chain], here: str, title: str, *, whole: bool = False) -> Section | None:
    return Section(title, TEMPLATE, Lines(found, here, whole), order=50) if found else None


def of_thing(caller: Caller, asked: tuple[str, int]) -> Section | None:
    """On the page of a finding, an action or a pilot: what became of all it asked for that is planned."""

    def planned(columns: Any) -> Any:
        return sa.and_(columns.kind == asked[0], columns.thing_id == asked[1], columns.plan_item_id.is_not(None))

    return _section(_chains(caller, planned, whole=True), "thing", gettext("What became of it"), whole=True)


def of_competency(caller: Caller, competency: Competency) -> Section | None:
    found = _chains(caller, lambda columns: columns.competency_id == competency.id)
    number = sum(chain.line.kind == "finding" and not chain.line.withdrawn for chain in found)
    supported = ngettext(
        "%(num)s field finding supports this competency", "%(num)s field findings support this competency", number
    )
    return _section(found, "competency", supported if number else gettext("What asks for it"))


def of_row(caller: Caller, item: PlanItem) -> Section | None:
    found = _chains(caller, lambda columns: columns.plan_item_id == item.id)
    return _section(found, "item", gettext("What asks for it"))


def of_session(caller: Caller, course_session: CourseSession) -> Section | None:
    if course_session.plan_item_id is None:
        return None
    found = _chains(caller, lambda columns: columns.plan_item_id == course_session.plan_item_id)
    return _section(found, "session", gettext("What asked for it"))


def part(_: Caller, __: object) -> Part:
    return Part(gettext("The thread"), url_for("thread.show_chains"), "link", 60)


def filters(caller: Caller) -> list[Filter]:
    return [
        filter_of("kind", gettext("What asks"), [(key, str(asker.label)) for key, asker in ASKERS.here.items()]),
        province_filter(caller),
        theme_filter(),
        kind_filter("reach", gettext("How far it has come"), Reach),
    ]


def row_of(chain: Chain) -> str | None:
    """The row of a plan in few words."""
    if chain.course is None or chain.plan is None:
        return None
    return f"{chain.course.code} · {chain.plan.year}"


def columns() -> Columns:
    return [
        (gettext("What asks"), lambda chain: str(chain.line.asker.label)),
        (gettext("In its words"), lambda chain: in_language(chain.line, "title")),
        (gettext("Retracted"), lambda chain: gettext("Yes") if chain.line.withdrawn else None),
        (gettext("Province"), lambda chain: in_language(chain.province, "name") if chain.province else None),
        (gettext("Competency"), lambda chain: in_language(chain.competency, "name")),
        (gettext("Reason"), lambda chain: chain.line.reason),
        (gettext("Plan row"), row_of),
        (gettext("Course"), lambda chain: in_language(chain.course, "name") if chain.course else None),
        (gettext("Planned groups"), lambda chain: chain.item.groups if chain.item else None),
        (gettext("Sessions"), lambda chain: ", ".join(f"{one.code} ({one.status.label})" for one in chain.sessions)),
        (gettext("Certificates"), lambda chain: chain.certificates if chain.sessions else None),
        (
            gettext("Gap closed in percent"),
            lambda chain: None if chain.closed_tenths is None else Decimal(chain.closed_tenths) / 10,
        ),
    ]
