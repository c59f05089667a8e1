from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.models import Province
from app.access.scope import Everyone
from app.core.db import Model, points_to
from app.core.status import Worded


class Venue(Model):
    """Where training takes place. `online` venues belong to no province and never conflict."""

    __tablename__ = "venues"
    __scope__ = Everyone()

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int | None] = points_to("provinces.id")
    name_tr: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    name_sort: Mapped[str] = mapped_column(sa.String(800))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    online: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    province: Mapped[Province | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Equipment(Worded):
    PROJECTOR = "projector", "Projector"
    SOUND_SYSTEM = "sound_system", "Sound system"
    RECORDING = "recording", "Recording"
    FLIPCHART = "flipchart", "Flipchart"
    WIFI = "wifi", "Wi-Fi"
    COMPUTERS = "computers", "Computers"


class Room(Model):
    """`equipment`: values of `Equipment`."""

    __tablename__ = "rooms"
    __scope__ = Everyone()
    __table_args__ = (sa.UniqueConstraint("venue_id", "name_tr"), sa.CheckConstraint("capacity >= 1", name="capacity"))

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = points_to("venues.id")
    name_tr: Mapped[str] = mapped_column(sa.String(160))
    name_en: Mapped[str] = mapped_column(sa.String(160))
    capacity: Mapped[int]
    step_free: Mapped[bool] = mapped_column(default=False)
    equipment: Mapped[list[str]] = mapped_column(sa.JSON)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    venue: Mapped[Venue] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def equipment_words(self) -> list[str]:
        """What stands in the room, in the reader's language; a value nobody knows any more as it is."""
        known = {one.value: one.label for one in Equipment}
        return [known.get(value, value) for value in self.equipment]
