"""Venues: the list, one of them with its rooms, adding and changing."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.language import gettext, in_language
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.venues import queries, services
from app.venues.forms import VenueForm
from app.venues.models import Venue
from app.venues.pages import filters
from app.venues.queries import VenueRow
from app.web.door import require, traced
from app.web.render import done, form_page, render

bp = Blueprint("venues", __name__)


@bp.get("/venues")
@require(Permission.VENUE_READ)
@traced(Exported)
def show_venues() -> ResponseReturnValue:
    may_write = caller.may(Permission.VENUE_WRITE)
    return lists.answer(VENUES, "venues/venues.html", by=caller, filters=filters(), may_write=may_write)


def _step_free(row: VenueRow) -> str | None:
    """Nothing where there is no room yet."""
    return None if row.step_free is None else gettext("Yes") if row.step_free else gettext("No")


def _columns() -> Columns:
    return [
        (gettext("Venue"), lambda row: in_language(row, "name")),
        (gettext("Province"), lambda row: in_language(row, "province") if row.province_tr else gettext("Online")),
        (gettext("Address"), lambda row: row.address),
        (gettext("Rooms"), lambda row: row.rooms),
        (gettext("Largest room"), lambda row: row.capacity),
        (gettext("Step-free access"), _step_free),
    ]


VENUES = ListOf(
    name="venues",
    access=Permission.VENUE_READ,
    title=lambda: gettext("Venues"),
    columns=_columns,
    rows=lambda _, query: queries.venues(query),
    sorts=queries.VENUE_SORTS,
    filters=("province", "step_free", "active"),
)


@bp.get("/venues/<int:venue_id>")
@require(Permission.VENUE_READ)
def show_venue(venue_id: int) -> ResponseReturnValue:
    venue = queries.venue(venue_id)
    return render(
        "venues/venue.html",
        venue=venue,
        rooms=queries.rooms_of(venue),
        sections=slots.collect("venue.sections", caller, venue),
        may_write=queries.writes(caller.scope_for(Permission.VENUE_WRITE), venue),
    )


@bp.route("/venues/new", methods=["GET", "POST"])
@require(Permission.VENUE_WRITE)
def create_venue() -> ResponseReturnValue:
    scope = caller.scope_for(Permission.VENUE_WRITE)
    form = VenueForm.of(scope)
    if form.sent():
        with form.attempt():
            venue = services.create_venue(form.details(), scope=scope, by=caller)
            flash(gettext("The venue was added. Add its rooms now."))
            return done(url_for("venues.show_venue", venue_id=venue.id))
    return _page(form)


def _page(form: VenueForm, venue: Venue | None = None) -> ResponseReturnValue:
    return form_page("venues/venue_form.html", form, venue=venue)


@bp.route("/venues/<int:venue_id>/edit", methods=["GET", "POST"])
@require(Permission.VENUE_WRITE)
def edit_venue(venue_id: int) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.VENUE_WRITE)
    venue = queries.writable_venue(scope, venue_id)
    form = VenueForm.of(scope, venue)
    if form.sent():
        with form.attempt():
            form.same_version(venue)
            services.change_venue(venue, form.details(), scope=scope, by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("venues.show_venue", venue_id=venue.id))
        venue = queries.writable_venue(scope, venue_id)
    return _page(form, venue)


@bp.post("/venues/<int:venue_id>/activate", defaults={"active": True})
@bp.post("/venues/<int:venue_id>/deactivate", defaults={"active": False})
@require(Permission.VENUE_WRITE)
def set_venue_active(venue_id: int, active: bool) -> ResponseReturnValue:
    venue = queries.writable_venue(caller.scope_for(Permission.VENUE_WRITE), venue_id)
    services.set_venue_active(venue, active, by=caller)
    flash(
        gettext("The venue is in use again.")
        if active
        else gettext("The venue is no longer offered. Sittings planned there stay.")
    )
    return done(url_for("venues.show_venue", venue_id=venue.id))
