from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from app.access.scope import Scope
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import sort_key
from app.venues import queries
from app.venues.events import RoomActivated, RoomAdded, RoomChanged, VenueActivated, VenueChanged, VenueCreated
from app.venues.models import Room, Venue


@dataclass(frozen=True)
class VenueDetails:
    """Everything about a venue that its form sets. An online one has neither province nor address."""

    name_tr: str
    name_en: str
    province_id: int | None
    address: str = ""
    online: bool = False


@dataclass(frozen=True)
class RoomDetails:
    name_tr: str
    name_en: str
    capacity: int
    step_free: bool = False
    equipment: list[str] = field(default_factory=list)


def create_venue(details: VenueDetails, *, scope: Scope, by: Actor) -> Venue:
    """`scope` is what the caller may write: a province of theirs, or (the whole programme) none at all."""
    values = _checked(details, scope)
    venue = Venue(active=True, name_sort=sort_key(details.name_tr), **values)
    db.session.add(venue)
    db.session.flush()
    journal.record(VenueCreated(venue.id, venue.province_id), by=by)
    return venue


def change_venue(venue: Venue, details: VenueDetails, *, scope: Scope, by: Actor) -> None:
    changed = set_changed(venue, _checked(details, scope))
    if changed:
        venue.name_sort = sort_key(venue.name_tr)
        journal.record(VenueChanged(venue.id, changed), by=by)


def _checked(details: VenueDetails, scope: Scope) -> dict[str, Any]:
    """The values of the row: a venue stands in a province the scope reaches, or is online."""
    if details.online:
        if not scope.everything:
            raise Refused(
                lazy_gettext("Online venues belong to the whole programme; an administrator adds them."), field="online"
            )
        return asdict(details) | {"province_id": None, "address": ""}
    if details.province_id is None:
        raise Refused(lazy_gettext("Please choose one."), field="province_id")
    if not scope.covers_province(details.province_id):
        raise Refused(lazy_gettext("This choice is not available."), field="province_id")
    return asdict(details)


def set_venue_active(venue: Venue, active: bool, *, by: Actor) -> None:
    """Use a venue again, or no longer. Asking twice does nothing."""
    if venue.active is not active:
        venue.active = active
        journal.record(VenueActivated(venue.id, active), by=by)


def add_room(venue: Venue, details: RoomDetails, *, by: Actor) -> Room:
    _check_name(venue, details.name_tr, None)
    room = Room(venue_id=venue.id, active=True, **asdict(details))
    db.session.add(room)
    db.session.flush()
    journal.record(RoomAdded(room.id, venue.id), by=by)
    return room


def change_room(venue: Venue, room: Room, details: RoomDetails, *, by: Actor) -> None:
    _check_name(venue, details.name_tr, room.id)
    changed = set_changed(room, asdict(details))
    if changed:
        journal.record(RoomChanged(room.id, changed), by=by)


def set_room_active(room: Room, active: bool, *, by: Actor) -> None:
    if room.active is not active:
        room.active = active
        journal.record(RoomActivated(room.id, active), by=by)


def _check_name(venue: Venue, name_tr: str, room_id: int | None) -> None:
    if queries.room_name_taken(venue, name_tr, besides=room_id):
        raise Refused(lazy_gettext("Another room of this venue has this name."), field="name_tr")
