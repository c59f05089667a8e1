from __future__ import annotations

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.core.status import Worded


class HolidayKind(Worded):
    FULL = "full", "Full day"
    HALF = "half", "Half day"


class HolidayBasis(Worded):
    FIXED = "fixed", "Public holiday"
    RELIGIOUS = "religious", "Religious holiday"
    ADMINISTRATIVE = "administrative", "Administrative leave"


class Holiday(Model):
    """A public holiday, or an extra off-day (idari izin): basis administrative. Nobody's in particular."""

    __tablename__ = "holidays"

    id: Mapped[int] = mapped_column(primary_key=True)
    date: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[HolidayKind]
    from_time: Mapped[time | None]
    name_tr: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    basis: Mapped[HolidayBasis]
