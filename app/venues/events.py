from __future__ import annotations

from app.audit.journal import Event
from app.language import lazy_pgettext


class VenueCreated(Event):
    name = "venue.created"
    said = lazy_pgettext("event", "Venue added")
    words = {"venue_id": lazy_pgettext("fact", "Venue")}
    venue_id: int
    province_id: int | None


class VenueChanged(Event):
    name = "venue.changed"
    said = lazy_pgettext("event", "Venue changed")
    words = {"address": lazy_pgettext("fact", "Address"), "online": lazy_pgettext("fact", "Online")}
    venue_id: int
    fields: tuple[str, ...]


class VenueActivated(Event):
    """`active` False: no longer offered for sittings; those it has stay."""

    name = "venue.activated"
    said = lazy_pgettext("event", "Venue put in or out of use")
    venue_id: int
    active: bool


class RoomAdded(Event):
    name = "room.added"
    said = lazy_pgettext("event", "Room added")
    words = {"room_id": lazy_pgettext("fact", "Room")}
    room_id: int
    venue_id: int


class RoomChanged(Event):
    name = "room.changed"
    said = lazy_pgettext("event", "Room changed")
    words = {
        "capacity": lazy_pgettext("fact", "Capacity"),
        "step_free": lazy_pgettext("fact", "Step-free access"),
        "equipment": lazy_pgettext("fact", "Equipment"),
    }
    room_id: int
    fields: tuple[str, ...]


class RoomActivated(Event):
    name = "room.activated"
    said = lazy_pgettext("event", "Room put in or out of use")
    room_id: int
    active: bool
