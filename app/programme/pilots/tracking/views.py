"""Users of a pilot by month: the grid, its file, closed months and their corrections; users of all pilots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Missing
from app.files.workbook import TABLE_REQUEST
from app.language import format_date, format_month, format_number, gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.programme.parts import province_filter
from app.programme.pilots import pages
from app.programme.pilots import queries as pilots
from app.programme.pilots.models import FIGURES, Pilot, PilotService
from app.programme.pilots.rules import before, month_of, months
from app.programme.pilots.tracking import queries, services
from app.programme.pilots.tracking.forms import (
    BringForm,
    CloseMonthsForm,
    GridForm,
    ServiceForm,
    read_cells,
)
from app.programme.pilots.tracking.rules import AGES, LABELS, Typed
from app.web.door import require, takes, traced
from app.web.listing import Listing
from app.web.render import done, render

bp = Blueprint("tracking", __name__)
READ, WRITE = Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE


def _pilot(pilot_id: int, permission: Permission = WRITE) -> Pilot:
    return pilots.pilot(caller.scope_for(permission), pilot_id)


# --- the grid -----------------------------------------------------------------------------------------------


def _given(pilot: Pilot, service: PilotService) -> list[date]:
    """The months it is given in, as far as they began; after its pilot was closed: none."""
    end = month_of(pilot.closed_on or today())
    return list(months(service.first_month, min(service.last_month or end, end)))


def _shown(pilot: Pilot, service: PilotService) -> list[date]:
    """Those of the year the address names, else of the latest; `month`: only that one."""
    given, only = _given(pilot, service), request.args.get("month", "")
    year = typed_id(request.values.get("year", "")) or max(given, default=today()).year
    return [one for one in given if one.year == year and (not only or f"{one:%Y-%m}" == only)]


@bp.get("/programme/pilots/<int:pilot_id>/users")
@require(READ)
@traced(Exported)
def show_users(pilot_id: int) -> ResponseReturnValue:
    """Of the service the address names, else of the first."""
    pilot, listing = _pilot(pilot_id, READ), Listing.read()
    offered, wanted = queries.services(pilot), typed_id(request.values.get("service", ""))
    service = next((one for one in offered if wanted in (None, one.id)), None)
    if service is None and wanted is not None:
        raise Missing
    if listing.format and service:
        return _file(pilot, service, listing)
    return _page(pilot, offered, service, _shown(pilot, service) if service else [])


def _page(
    pilot: Pilot,
    offered: Sequence[PilotService],
    service: PilotService | None,
    shown: Sequence[date],
    typed: Sequence[Typed] = (),
    *,
    form: GridForm | None = None,
    bring: BringForm | None = None,
    status: int = 200,
    problems: Sequence[str] = (),
) -> ResponseReturnValue:
    """`typed`: what stands in the cells in place of what was saved."""
    year = pilots.users_by_month([pilot.id], before(month_of(today()), 11))
    context: dict[str, Any] = {
        "services": offered,
        "years": sorted({one.year for one in _given(pilot, service)}) if service else (),
        "service": service,
        "months": shown,
        "kept": queries.kept(service, min(shown), max(shown)) if service and shown else {},
        "typed": {one.month: one for one in typed},
        "problems": problems,
        "closed": pilot.closed_through,
        "last": min(before(month_of(today())), pilot.ends_on or date.max),
        "corrections": queries.corrections(pilot),
        "picture": pages.year_of(year[pilot.id]),
        "form": form or GridForm(formdata=None),
        "bring": bring or BringForm(formdata=None),
        "closing": CloseMonthsForm.of(_closable(pilot)),
        "figures": FIGURES,
        "labels": LABELS,
        "ages": AGES,
        "listing": Listing.read(),
    }
    return render("programme/pilots/users.html", status=status, **context, **pages.layout(caller, pilot, "users"))


def _closable(pilot: Pilot) -> list[date]:
    """Months that are over and open, of the last two years where none was closed yet."""
    last, through = before(month_of(today())), pilot.closed_through
    since = before(through, -1) if through else max(month_of(pilot.starts_on), before(last, 23))
    return list(months(since, last))


def _file(pilot: Pilot, service: PilotService, listing: Listing) -> ResponseReturnValue:
    """The grid to be filled in: all its months, empty ones too."""
    shown = _given(pilot, service)
    there = queries.kept(service, min(shown, default=today()), max(shown, default=today()))
    counts = {month: {**one.counts, "source": one.source} for month, one in there.items()}

    def column(name: str, label: Any) -> Any:
        return str(label), lambda month: counts.get(month, {}).get(name)

    named = [column(name, label) for name, label in (*LABELS.items(), ("source", gettext("Source")))]
    columns: Columns = [(gettext("Month"), lambda month: f"{month:%Y-%m}"), *named]
    title = f"{pilot.code} {in_language(service, 'name')}"
    return lists.file_of("pilot_users", listing, title, columns, shown, by=caller)


@bp.post("/programme/pilots/<int:pilot_id>/services/<int:service_id>/users")
@require(WRITE)
def save_users(pilot_id: int, service_id: int) -> ResponseReturnValue:
    """All months that were changed, or none: what is wrong is told at its month, and what was typed stays."""
    pilot, form = _pilot(pilot_id), GridForm()
    service, typed = pilots.below(pilot, PilotService, service_id), read_cells(request.form)
    if form.sent() and services.enter(pilot, service, typed, (form.reason.data or "").strip(), by=caller):
        flash(gettext("Users saved."))
        year = max((one.month.year for one in typed), default=today().year)
        return done(url_for("tracking.show_users", pilot_id=pilot_id, service=service_id, year=year))
    stale = any(problem.stale for one in typed for problem in one.problems)
    shown, status = [one.month for one in typed], 409 if stale else 422
    return _page(pilot, queries.services(pilot), service, shown, typed, form=form, status=status)


@bp.post("/programme/pilots/<int:pilot_id>/services/<int:service_id>/bring")
@require(WRITE)
@takes(TABLE_REQUEST)
def bring_users(pilot_id: int, service_id: int) -> ResponseReturnValue:
    """What was pasted or brought in a file stands in the grid, judged, to be looked through and saved."""
    pilot, form = _pilot(pilot_id), BringForm()
    service = pilots.below(pilot, PilotService, service_id)
    typed: list[Typed] = []
    problems: list[str] = []
    if form.sent():
        with form.attempt():
            typed, problems = form.brought()
            services.look(pilot, service, typed)
        if form.outcome != 200:
            pilot = _pilot(pilot_id)
            service = pilots.below(pilot, PilotService, service_id)
    shown, status = [one.month for one in typed] or _shown(pilot, service), 200 if typed else form.status
    offered = queries.services(pilot)
    return _page(pilot, offered, service, shown, typed, bring=form, status=status, problems=problems)


@bp.post("/programme/pilots/<int:pilot_id>/users/close")
@require(WRITE)
def close_months(pilot_id: int) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    form = CloseMonthsForm.of(_closable(pilot))
    if form.sent():
        lacking = pilots.lacking_months(pilot, form.month)
        services.close_months(pilot, form.month, by=caller)
        flash(gettext("Closed up to and including %(month)s.", month=format_month(form.month)))
        if lacking:
            flash(
                gettext(
                    "Months closed without an entry: %(number)s. They can be entered as corrections, with a reason.",
                    number=format_number(lacking),
                ),
                "warn",
            )
    else:
        flash(gettext("This choice is not available."), "error")
    return done(url_for("tracking.show_users", pilot_id=pilot_id))


# --- services -----------------------------------------------------------------------------------------------


@bp.route("/programme/pilots/<int:pilot_id>/services/new", methods=["GET", "POST"])
@bp.route("/programme/pilots/<int:pilot_id>/services/<int:service_id>/edit", methods=["GET", "POST"])
@require(WRITE)
def edit_service(pilot_id: int, service_id: int | None = None) -> ResponseReturnValue:
    pilot = _pilot(pilot_id)
    service = pilots.below(pilot, PilotService, service_id) if service_id is not None else None
    form = ServiceForm(obj=service)
    if form.sent():
        with form.attempt():
            if service is not None:
                form.same_version(service)
            service = services.save_service(pilot, service, form.values(), by=caller)
            flash(gettext("Service saved: %(name)s", name=in_language(service, "name")))
            return done(url_for("tracking.show_users", pilot_id=pilot_id, service=service.id))
        pilot = _pilot(pilot_id)
    return render("programme/pilots/service.html", status=form.status, form=form, pilot=pilot, service=service_id)


# --- users of all pilots --------------------------------------------------------------------------------------


def _columns() -> Columns:
    return [
        (gettext("Month"), lambda row: f"{row.month:%Y-%m}"),
        (gettext("Pilot project"), lambda row: f"{row.service.pilot.code} {in_language(row.service.pilot, 'name')}"),
        (gettext("Service"), lambda row: in_language(row.service, "name")),
        (gettext("Province"), lambda row: in_language(row.service.pilot.province, "name")),
        *((str(label), attrgetter(name)) for name, label in LABELS.items()),
        (gettext("New women"), lambda row: row.women),
        (gettext("New men"), lambda row: row.men),
        (gettext("Source"), lambda row: row.source),
        (gettext("State"), lambda row: gettext("provisional") if row.provisional else gettext("closed")),
        (gettext("Entered on"), lambda row: format_date(row.entered_at)),
    ]


USERS = ListOf(
    name="pilot_users",
    access=READ,
    title=lambda: gettext("Users of pilot projects"),
    columns=_columns,
    rows=queries.users,
    sorts=queries.SORTS,
    descending=True,
    filters=("province", "since", "until"),
)


@bp.get("/programme/pilots/users")
@require(READ)
@traced(Exported)
def list_users() -> ResponseReturnValue:
    """G13: new users of a period by sex."""
    listing, scope = lists.asked(USERS), caller.scope_for(READ)
    if listing.format:
        return lists.file(USERS, listing, by=caller)
    lines, women, men, provisional = queries.sums(scope, listing.query)
    listing.page = queries.users(scope, listing.query, lines).page()
    period = [("since", gettext("From"), "date"), ("until", gettext("Until"), "date")]
    shown: dict[str, Any] = {"women": women, "men": men, "provisional": provisional}
    shown["filters"] = [province_filter(caller), *period]
    return render("programme/pilots/all_users.html", fragment="list", listing=listing, **shown)
