"""Figures, the log, the search box."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.language import gettext
from app.language.turkish import sort_key
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.oversight import pages, queries, things
from app.oversight.figures import queries as figures
from app.oversight.words import event_choices, event_name
from app.people.models import Sex
from app.web.door import require, traced
from app.web.listing import Listing
from app.web.render import render

bp = Blueprint("oversight", __name__)
MOST_TYPED = 100


@bp.get("/search")
@require(Permission.SEARCH)
def search() -> ResponseReturnValue:
    typed = request.args.get("q", "").strip()[:MOST_TYPED]
    found = pages.found(slots.collect("search.results", caller, typed)) if typed else []
    return render("oversight/search.html", fragment="results", typed=typed, found=found)


# --- figures ----------------------------------------------------------------------------------------------


@bp.get("/reports")
@require(Permission.REPORT_READ)
@traced(Exported)
def show_reports() -> ResponseReturnValue:
    listing = Listing.read(filters=("year", "province"))
    reader = figures.Reader.of(caller)
    offered = figures.offered(reader)
    found = figures.figures(offered, year=_year(listing.filter("year")), province_id=offered.chosen(listing.query))
    if listing.format:
        return lists.file_of("figures", listing, gettext("Figures"), _columns(), found.rows, by=caller)
    shown: dict[str, Any] = {"figures": found, "offered": offered, "sexes": figures.SEXES, "hides": reader.hides}
    return render("oversight/reports.html", fragment="list", listing=listing, **shown)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and text > "1999" else None


def _columns() -> Columns:
    """Headings and values of the exported figures; a hidden cell is exported as hidden."""

    def cell(what: str, key: str) -> Any:
        return lambda row: gettext("hidden") if getattr(row[1], what)[key] is None else getattr(row[1], what)[key]

    columns: list[tuple[str, Any]] = [
        (gettext("Table"), lambda row: row[0]),
        (gettext("Row"), lambda row: row[1].label),
    ]
    for what, label in (("persons", gettext("Unique people")), ("participations", gettext("Participations"))):
        columns += [(f"{label}: {Sex(s).many}", cell(what, s.value)) for s in figures.SEXES]
        total = gettext("Total")
        columns.append((f"{label}: {total}", cell(what, "total")))
    return columns


# --- the log --------------------------------------------------------------------------------------------------


@bp.get("/audit")
@require(Permission.AUDIT_READ)
@traced(Exported)
def show_audit() -> ResponseReturnValue:
    listing = lists.read(LOG, by=caller)
    if listing.format:
        return lists.file(LOG, listing, by=caller)
    return render(
        "oversight/audit.html",
        fragment="list",
        listing=listing,
        event_choices=event_choices(queries.events(listing.query)),
        event_name=event_name,
        who=queries.name_of(listing.query.filter_id("who")),
        about_choices=_about_choices(listing.filter("about")),
    )


def _about_choices(about: str) -> list[tuple[str, Any]]:
    """Kinds of things, and the one thing the log is narrowed to."""
    chosen = things.chosen(about)
    kinds = sorted(((name, str(kind.label)) for name, kind in things.KINDS.items()), key=lambda pair: sort_key(pair[1]))
    if chosen is None or chosen[1] is None:
        return [("", gettext("All")), *kinds]
    return [("", gettext("All")), (about, things.thing(chosen[0], chosen[1]).name), *kinds]


def _log_columns() -> Columns:
    return [
        (gettext("Date and time"), lambda row: row.at),
        (gettext("Event"), lambda row: event_name(row.event)),
        (gettext("Code"), lambda row: row.event),
        (gettext("Who"), lambda row: row.who),
        (gettext("Details"), lambda row: " · ".join(detail.text for detail in row.details)),
    ]


LOG = ListOf(
    name="audit",
    access=Permission.AUDIT_READ,
    title=lambda: gettext("Activity log"),
    columns=_log_columns,
    rows=lambda _, query: queries.log(query),
    sorts=queries.SORTS,
    descending=True,
    filters=("kind", "event", "who", "about", "first", "last"),
)
