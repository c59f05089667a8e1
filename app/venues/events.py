from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class VenueCreated(Event):
    name = "venue.created"
    venue_id: int
    province_id: int | None


@dataclass(frozen=True)
class VenueChanged(Event):
    name = "venue.changed"
    venue_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class VenueActivated(Event):
    """`active` False: no longer offered for sittings; those it has stay."""

    name = "venue.activated"
    venue_id: int
    active: bool


@dataclass(frozen=True)
class RoomAdded(Event):
    name = "room.added"
    room_id: int
    venue_id: int


@dataclass(frozen=True)
class RoomChanged(Event):
    name = "room.changed"
    room_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class RoomActivated(Event):
    name = "room.activated"
    room_id: int
    active: bool
