from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.access.models import Province
from app.calendar import days
from app.calendar.days import Calendar
from app.calendar.models import Holiday, HolidayBasis
from app.core.db import db
from app.language import language
from app.settings.models import Logo, Setting, Signatory

DEFAULTS: dict[str, Any] = {
    "sample_data": False,
    "institution_tr": "Eğitim Programı Koordinasyon Birimi",
    "institution_en": "Training Programme Coordination Unit",
    "funding_tr": "",
    "funding_en": "",
    "threshold": 80,
    "pass_mark": 70,
    "mask_names": False,
    "suppress_under": 5,
    "nominations_close_days": 5,
    "lock_days": 3,
    "late_grace_minutes": 15,
}


def values() -> dict[str, Any]:
    """Every setting with its value, defaults filled in."""
    stored = {row.key: row.value["value"] for row in db.session.scalars(sa.select(Setting))}
    return DEFAULTS | {key: value for key, value in stored.items() if key in DEFAULTS}


def value(key: str) -> Any:
    return values()[key]


def institution() -> str:
    """The name the programme goes by, in the reader's language."""
    return str(value(f"institution_{language()}"))


def shell() -> tuple[bool, str]:
    """What every page shows, in one statement: whether the data is a sample, and the programme's own name."""
    found = values()
    return bool(found["sample_data"]), str(found[f"institution_{language()}"])


def holidays() -> Sequence[Holiday]:
    return db.session.scalars(sa.select(Holiday).order_by(Holiday.date)).all()


def calendar() -> Calendar:
    """Holidays and off-days as the rules read them."""
    rows = holidays()
    return Calendar.of(
        [
            days.Holiday(
                h.date, days.HolidayKind(h.kind.value), h.from_time, h.name_tr, h.name_en, days.HolidayBasis(h.basis.value)
            )
            for h in rows
            if h.basis is not HolidayBasis.ADMINISTRATIVE
        ],
        [days.OffDay(h.date, h.name_tr) for h in rows if h.basis is HolidayBasis.ADMINISTRATIVE],
    )


def signatories(province_id: int | None) -> Sequence[Signatory]:
    """Who signs for a province, in order; the programme's own where the province has none."""
    found = db.session.scalars(
        sa.select(Signatory)
        .where(Signatory.active.is_(True), sa.or_(Signatory.province_id == province_id, Signatory.province_id.is_(None)))
        .order_by(Signatory.province_id, Signatory.position, Signatory.id)
    ).all()
    own = [s for s in found if s.province_id == province_id and province_id is not None]
    return own or [s for s in found if s.province_id is None]


def logos() -> Sequence[Logo]:
    return db.session.scalars(sa.select(Logo).order_by(Logo.slot)).all()


def province(province_id: int) -> Province | None:
    return db.session.get(Province, province_id)
