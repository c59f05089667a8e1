"""The rooms of a venue, each reached through it."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.language import gettext
from app.venues import queries, services
from app.venues.models import Room, Venue
from app.venues.rooms.forms import RoomForm
from app.web.door import require
from app.web.render import done, form_page, render

bp = Blueprint("rooms", __name__)


@bp.get("/venues/<int:venue_id>/rooms/<int:room_id>")
@require(Permission.VENUE_READ)
def show_room(venue_id: int, room_id: int) -> ResponseReturnValue:
    venue = queries.venue(venue_id)
    room = queries.room(venue, room_id)
    return render(
        "venues/rooms/room.html",
        venue=venue,
        room=room,
        sections=slots.collect("room.sections", caller, room),
        may_write=queries.writes(caller.scope_for(Permission.VENUE_WRITE), venue),
    )


@bp.route("/venues/<int:venue_id>/rooms/new", methods=["GET", "POST"])
@require(Permission.VENUE_WRITE)
def add_room(venue_id: int) -> ResponseReturnValue:
    venue, form = _venue(venue_id), RoomForm.of()
    if form.sent():
        with form.attempt():
            services.add_room(venue, form.details(), by=caller)
            flash(gettext("The room was added."))
            return done(url_for("venues.show_venue", venue_id=venue.id))
        venue = _venue(venue_id)
    return _page(form, venue)


def _venue(venue_id: int) -> Venue:
    return queries.writable_venue(caller.scope_for(Permission.VENUE_WRITE), venue_id)


def _page(form: RoomForm, venue: Venue, room: Room | None = None) -> ResponseReturnValue:
    return form_page("venues/rooms/form.html", form, venue=venue, room=room)


@bp.route("/venues/<int:venue_id>/rooms/<int:room_id>/edit", methods=["GET", "POST"])
@require(Permission.VENUE_WRITE)
def edit_room(venue_id: int, room_id: int) -> ResponseReturnValue:
    venue = _venue(venue_id)
    room = queries.room(venue, room_id)
    form = RoomForm.of(room)
    if form.sent():
        with form.attempt():
            form.same_version(room)
            services.change_room(venue, room, form.details(), by=caller)
            flash(gettext("Changes saved."))
            return done(url_for("venues.show_venue", venue_id=venue.id))
        venue = _venue(venue_id)
        room = queries.room(venue, room_id)
    return _page(form, venue, room)


@bp.post("/venues/<int:venue_id>/rooms/<int:room_id>/activate", defaults={"active": True})
@bp.post("/venues/<int:venue_id>/rooms/<int:room_id>/deactivate", defaults={"active": False})
@require(Permission.VENUE_WRITE)
def set_room_active(venue_id: int, room_id: int, active: bool) -> ResponseReturnValue:
    services.set_room_active(queries.room(_venue(venue_id), room_id), active, by=caller)
    flash(
        gettext("The room is in use again.")
        if active
        else gettext("The room is no longer offered. Sittings planned there stay.")
    )
    return done(url_for("venues.show_venue", venue_id=venue_id))
