from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Province
from app.access.scope import Scope
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.language.turkish import search_key, search_words
from app.venues.models import Room, Venue

VENUE_SORTS: dict[str, tuple[Any, ...]] = {
    "province": (sa.nulls_first(Province.name_sort), Venue.name_sort, Venue.id),
    "name": (Venue.name_sort, Venue.id),
}


@dataclass(frozen=True)
class VenueRow:
    """A line of the list. `rooms` counts those in use; without one `capacity` (the largest), `step_free` are None."""

    id: int
    name_tr: str
    name_en: str
    province_tr: str | None
    province_en: str | None
    address: str
    online: bool
    active: bool
    rooms: int
    capacity: int | None
    step_free: bool | None


def venues(query: ListQuery) -> Rows[VenueRow]:
    """Venues of all provinces. Filters: province, step_free ("yes"), active ("no": no longer used)."""
    return Rows(_ids(query), VENUE_SORTS[query.sort], query, _rows)


def _ids(query: ListQuery) -> sa.Select[Any]:
    active = sa.false() if query.filter("active") == "no" else sa.true()
    ids = narrowed(sa.select(Venue.id).where(Venue.active == active), query, {"province": Venue.province_id})
    if query.filter("step_free") == "yes":
        ids = ids.where(Venue.id.in_(sa.select(Room.venue_id).where(Room.step_free.is_(True), Room.active.is_(True))))
    if query.q:
        ids = ids.where(Venue.id.in_(_named(query.q)))
    if query.sort == "province":
        ids = ids.outerjoin(Province, Province.id == Venue.province_id)
    return ids


def _named(typed: str) -> list[int]:
    """Venues whose name or address holds every typed word, folded: there are dozens, not thousands."""
    words = search_words(typed)
    texts = db.session.execute(sa.select(Venue.id, Venue.name_tr + " " + Venue.name_en + " " + Venue.address)).all()
    return [key for key, text in texts if words and all(word in search_key(text) for word in words)]


def _rows(keys: Sequence[int]) -> Sequence[VenueRow]:
    used = sa.and_(Room.venue_id == Venue.id, Room.active.is_(True))
    statement = (
        sa.select(
            Venue.id,
            Venue.name_tr,
            Venue.name_en,
            Province.name_tr,
            Province.name_en,
            Venue.address,
            Venue.online,
            Venue.active,
            sa.func.count(Room.id),
            sa.func.max(Room.capacity),
            sa.func.max(sa.cast(Room.step_free, sa.Integer)) > 0,
        )
        .outerjoin(Province, Province.id == Venue.province_id)
        .outerjoin(Room, used)
        .where(Venue.id.in_(keys))
        .group_by(Venue.id, Province.id)
    )
    found: Sequence[Any] = db.session.execute(statement).all()
    return in_order(keys, [VenueRow(*row) for row in found], lambda row: row.id)


def venue(venue_id: int) -> Venue:
    """One venue with its province; Missing where there is none."""
    found = db.session.scalar(sa.select(Venue).where(Venue.id == venue_id).options(joinedload(Venue.province)))
    if found is None:
        raise Missing
    return found


def writes(scope: Scope, venue: Venue) -> bool:
    """Whether a scope reaches a venue: of its provinces; online ones belong to the whole programme."""
    return scope.covers_province(venue.province_id)


def writable_venue(scope: Scope, venue_id: int) -> Venue:
    """The venue, or Missing where it is another province's."""
    found = venue(venue_id)
    if not writes(scope, found):
        raise Missing
    return found


def rooms_of(venue: Venue) -> Sequence[Room]:
    """The rooms of a venue, those in use first, by name."""
    return db.session.scalars(
        sa.select(Room).where(Room.venue_id == venue.id).order_by(Room.active.desc(), Room.name_tr, Room.id)
    ).all()


def room(venue: Venue, room_id: int) -> Room:
    """A room of this venue; Missing where it is another one's."""
    found = db.session.scalar(
        sa.select(Room).where(Room.id == room_id, Room.venue_id == venue.id).options(joinedload(Room.venue))
    )
    if found is None:
        raise Missing
    return found


def room_name_taken(venue: Venue, name_tr: str, *, besides: int | None = None) -> bool:
    statement = sa.select(Room.id).where(Room.venue_id == venue.id, Room.name_tr == name_tr)
    if besides is not None:
        statement = statement.where(Room.id != besides)
    return db.session.scalar(statement.limit(1)) is not None
