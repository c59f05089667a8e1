from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access.models import Province
from app.calendar import days
from app.calendar.days import Calendar
from app.calendar.models import Holiday, HolidayBasis
from app.core import clock
from app.core.db import db
from app.core.tables.functions import as_object
from app.core.tables.written import read_late
from app.language import language
from app.settings.models import Logo, Setting, Signatory

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """A setting: what it is unless somebody changes it, and within which bounds (a number) or length (a text)."""

    default: bool | int | str
    least: int = 0
    most: int = 0

    def fits(self, value: Any) -> bool:
        if type(value) is not type(self.default):
            return False
        if isinstance(value, str):
            return len(value) <= self.most
        return isinstance(value, bool) or self.least <= value <= self.most


#: What certificates of a kind say in a language, beside the title; empty stands for the usual words.
WORDING = {
    f"{kind}_{part}_{spoken}": Known("", most=most)
    for kind in ("attendance", "success", "thanks")
    for part, most in (("opening", 60), ("sentence", 240))
    for spoken in ("tr", "en")
}
SETTINGS: dict[str, Known] = {
    "sample_data": Known(False),
    "institution_tr": Known("Eğitim Programı Koordinasyon Birimi", most=160),
    "institution_en": Known("Training Programme Coordination Unit", most=160),
    "funding_tr": Known("", most=400),
    "funding_en": Known("", most=400),
    **WORDING,
    "threshold": Known(80, 1, 100),
    "pass_mark": Known(70, 1, 100),
    "mask_names": Known(False),
    "suppress_under": Known(5, 5, 20),
    "nominations_close_days": Known(5, 0, 30),
    "lock_days": Known(3, 1, 30),
    "late_grace_minutes": Known(15, 0, 60),
    "least_women": Known(30, 0, 100),
    "letters_kept_days": Known(365, 30, 3650),
    "invitations_kept_days": Known(365, 30, 3650),
    "imports_kept_days": Known(30, 1, 365),
    "answers_kept_days": Known(730, 365, 3650),
    "notice_due": Known(0, 0, 1_000_000_000),
    "visibility_required": Known(False),
    "remind_week": Known(True),
    "remind_day": Known(True),
    "remind_asked": Known(True),
    "remind_marks": Known(True),
    "remind_risk": Known(True),
}
NOTED: dict[str, int | str] = {
    "worker_at": 0,
    "backup_at": 0,
    "backup_seconds": 0,
    "backup_failed": "",
    "backup_failed_at": 0,
    "backup_asked_at": 0,
}
"""What the programme remembers of itself where each page reads it anyway; moments in seconds since 1970."""
DEFAULTS: dict[str, Any] = {key: known.default for key, known in SETTINGS.items()} | NOTED

LOGO_SLOTS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Group:
    """Some settings that are changed together. `version` grows with each change of one of them."""

    values: dict[str, Any]
    version: str


def group(keys: Sequence[str]) -> Group:
    rows = {row.key: row for row in db.session.scalars(sa.select(Setting).where(Setting.key.in_(keys)))}
    found = {key: rows[key].value["value"] if key in rows else DEFAULTS[key] for key in keys}
    return Group(found, str(sum(row.version for row in rows.values())))


def setting(key: str) -> Setting | None:
    return db.session.scalar(sa.select(Setting).where(Setting.key == key))


KEPT = "settings"


def values() -> dict[str, Any]:
    """Every setting with its value, defaults filled in."""
    return dict(_once("settings", _values))


def _values() -> dict[str, Any]:
    return _known(dict(db.session.execute(sa.select(Setting.key, Setting.value)).all()))


def _known(stored: Mapping[str, Any]) -> dict[str, Any]:
    return DEFAULTS | {key: found["value"] for key, found in stored.items() if key in DEFAULTS}


def together() -> Any:
    """All of them as one value, for the statement of the sign-in."""
    return sa.select(as_object(Setting.key, Setting.value)).scalar_subquery()


def brought(text: str | None) -> None:
    """That value: what this transaction goes by."""
    _kept()["settings"] = _known(json.loads(text or "{}"))


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = db.session.info.setdefault(KEPT, {})
    return kept


def _once(name: str, read: Callable[[], T]) -> T:
    """What many parts of a page ask for, read once a transaction."""
    if clock.stands_still():
        raise RuntimeError("What is kept cannot hold a setting: `stored` reads it late.")
    kept: dict[str, T] = _kept()
    if name not in kept:
        kept[name] = read()
    return kept[name]


@event.listens_for(Session, "after_flush")
def _forget_changed(session: Session, _: Any) -> None:
    if any(isinstance(row, (Setting, Holiday)) for row in (*session.new, *session.dirty, *session.deleted)):
        session.info.pop(KEPT, None)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, _: Any) -> None:
    session.info.pop(KEPT, None)


def wording(values: Mapping[str, Any]) -> dict[str, str]:
    """The programme's own words among the settings."""
    return {key: values[key] for key in WORDING if values[key]}


def value(key: str) -> Any:
    return values()[key]


def stored(key: str) -> sa.BindParameter[int]:
    """A number among the settings, as it is when a statement is carried out."""
    return read_late(key, partial(value, key), sa.Integer())


def institution() -> str:
    """The name the programme goes by, in the reader's language."""
    return str(value(f"institution_{language()}"))


def shell() -> tuple[bool, str]:
    """What every page shows, in one statement: whether the data is a sample, and the programme's own name."""
    found = values()
    return bool(found["sample_data"]), str(found[f"institution_{language()}"])


def calendar() -> Calendar:
    """Holidays and off-days as the rules read them."""
    return _once("calendar", _calendar)


_DAYS = sa.select(
    Holiday.date, Holiday.kind, Holiday.from_time, Holiday.name_tr, Holiday.name_en, Holiday.basis
).order_by(Holiday.date)


def _calendar() -> Calendar:
    return _made_of(tuple(map(tuple, db.session.execute(_DAYS))))


@lru_cache(maxsize=4)
def _made_of(rows: tuple[Any, ...]) -> Calendar:
    """The calendar of these rows, which are nearly always the same."""
    off_days = [days.OffDay(row[0], row[3]) for row in rows if row[-1] is HolidayBasis.ADMINISTRATIVE]
    return Calendar.of(
        [
            days.Holiday(day, days.HolidayKind(kind.value), begins, name_tr, name_en, days.HolidayBasis(basis.value))
            for day, kind, begins, name_tr, name_en, basis in rows
            if basis is not HolidayBasis.ADMINISTRATIVE
        ],
        off_days,
    )


def signatories(province_id: int | None) -> Sequence[Signatory]:
    """Who signs for a province, in order; the programme's own where the province has none."""
    found = db.session.scalars(
        sa.select(Signatory)
        .where(
            Signatory.active.is_(True), sa.or_(Signatory.province_id == province_id, Signatory.province_id.is_(None))
        )
        .order_by(Signatory.province_id.nulls_first(), Signatory.position, Signatory.id)
    ).all()
    own = [s for s in found if s.province_id == province_id and province_id is not None]
    return own or [s for s in found if s.province_id is None]


def logos() -> Sequence[Logo]:
    return db.session.scalars(sa.select(Logo).order_by(Logo.slot)).all()


def province(province_id: int) -> Province | None:
    return db.session.get(Province, province_id)


# --- what the pages of the settings show -----------------------------------------------------------------


def holiday_on(day: date) -> Holiday | None:
    return db.session.scalar(sa.select(Holiday).where(Holiday.date == day))
