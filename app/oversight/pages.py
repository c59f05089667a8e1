"""Reports and the activity log, in the menu; what a search shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext, language
from app.oversight import queries
from app.oversight.figures import queries as figures
from app.programme.parts import Indicator
from app.web.parts import Hit, Hits, NavItem, Sought

MOST = 5
"""Hits of each kind a search shows."""


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.REPORT_READ):
        yield NavItem(
            gettext("Reports"),
            url_for("oversight.show_reports"),
            "chart-column",
            80,
            place=not caller.may(Permission.SEARCH),
        )
    if caller.may(Permission.AUDIT_READ):
        yield NavItem(gettext("Activity log"), url_for("oversight.show_audit"), "history", 97)


def trained(caller: Caller, _: object) -> Indicator | None:
    """G01 on the picture of the programme: exact or published, as the reports show it to the same reader."""
    if not caller.may(Permission.REPORT_READ):
        return None
    reader = figures.Reader.of(caller)
    there = cache(lambda: figures.offered(reader))  # for both years, and not before one is read
    return Indicator(
        "G01",
        gettext("People trained"),
        5,
        lambda year: figures.trained(there(), year),
        (),
        lambda year, province_id: url_for("oversight.show_reports", year=year, province=province_id),
        Permission.REPORT_READ,
        plain=True,
    )


def found(given: Sequence[Hits | Sought]) -> list[Hits]:
    """What a search shows of what the rooms gave, in its order. One statement for all that is sought."""
    asked = [one for one in given if isinstance(one, Sought)]
    rows = queries.first_of([(one.statement, one.by) for one in asked], MOST + 1)
    answers = iter([_hits(one, rows.get(place, ())) for place, one in enumerate(asked)])
    whole = [next(answers) if isinstance(one, Sought) else one for one in given]
    return [each for each in whole if each.hits]


def _hits(one: Sought, rows: Sequence[Any]) -> Hits:
    def said(turkish: str, english: str) -> str:
        return turkish if language() == "tr" else english or turkish

    hits = (Hit(said(row.name_0, row.name_1), one.url(row.id), said(row.name_2, row.name_3)) for row in rows[:MOST])
    return Hits(one.title, tuple(hits), one.more_url if len(rows) > MOST else None)
