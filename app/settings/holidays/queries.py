"""Public holidays, as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.calendar.models import Holiday, HolidayBasis
from app.core.db import db
from app.core.errors import Missing


def holidays_of(year: int) -> Sequence[Holiday]:
    return db.session.scalars(
        sa.select(Holiday)
        .where(Holiday.date >= date(year, 1, 1), Holiday.date <= date(year, 12, 31))
        .order_by(Holiday.date)
    ).all()


def holiday(holiday_id: int) -> Holiday:
    found = db.session.get(Holiday, holiday_id)
    if found is None:
        raise Missing
    return found


def years_without_religious_holidays(day: date) -> list[int]:
    """This year and the next, as far as nobody has entered their religious holidays."""
    known = {
        found.year
        for found in db.session.scalars(sa.select(Holiday.date).where(Holiday.basis == HolidayBasis.RELIGIOUS))
    }
    return [year for year in (day.year, day.year + 1) if year not in known]
