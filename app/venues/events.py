from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event
from app.language import lazy_pgettext


@dataclass(frozen=True)
class VenueCreated(Event):
    name = "venue.created"
    said = lazy_pgettext("event", "Venue added")
    words = {"venue_id": lazy_pgettext("fact", "Venue")}
    venue_id: int
    province_id: int | None


@dataclass(frozen=True)
class VenueChanged(Event):
    name = "venue.changed"
    said = lazy_pgettext("event", "Venue changed")
    words = {"address": lazy_pgettext("fact", "Address"), "online": lazy_pgettext("fact", "Online")}
    venue_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class VenueActivated(Event):
    """`active` False: no longer offered for sittings; those it has stay."""

    name = "venue.activated"
    said = lazy_pgettext("event", "Venue put in or out of use")
    venue_id: int
    active: bool


@dataclass(frozen=True)
class RoomAdded(Event):
    name = "room.added"
    said = lazy_pgettext("event", "Room added")
    words = {"room_id": lazy_pgettext("fact", "Room")}
    room_id: int
    venue_id: int


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class RoomActivated(Event):
    name = "room.activated"
    said = lazy_pgettext("event", "Room put in or out of use")
    room_id: int
    active: bool
