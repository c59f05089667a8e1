"""Public holidays: added, changed, removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from app.audit import journal
from app.audit.journal import Actor
from app.calendar.days import HALF_DAY_STARTS
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.settings import queries
from app.settings.events import HolidayAdded, HolidayChanged, HolidayRemoved


@dataclass(frozen=True)
class HolidayDetails:
    """`from_time` (wall time) counts for half days only; left out it is 13:00."""

    date: dt.date
    kind: HolidayKind
    from_time: dt.time | None
    name_tr: str
    name_en: str
    basis: HolidayBasis

    def columns(self) -> dict[str, Any]:
        begins = (self.from_time or HALF_DAY_STARTS) if self.kind is HolidayKind.HALF else None
        return asdict(self) | {"from_time": begins}


def add_holiday(details: HolidayDetails, *, by: Actor) -> Holiday:
    _check(details, None)
    holiday = Holiday(**details.columns())
    db.session.add(holiday)
    db.session.flush()
    journal.record(HolidayAdded(holiday.id, holiday.date.isoformat(), holiday.basis.value), by=by)
    return holiday


def change_holiday(holiday: Holiday, details: HolidayDetails, *, by: Actor) -> None:
    _check(details, holiday.id)
    changed = set_changed(holiday, details.columns())
    if changed:
        journal.record(HolidayChanged(holiday.id, holiday.date.isoformat(), changed), by=by)


def remove_holiday(holiday: Holiday, *, by: Actor) -> None:
    db.session.delete(holiday)
    journal.record(HolidayRemoved(holiday.id, holiday.date.isoformat()), by=by)


def _check(details: HolidayDetails, holiday_id: int | None) -> None:
    other = queries.holiday_on(details.date)
    if other is not None and other.id != holiday_id:
        raise Refused(lazy_gettext("This day is entered already: %(name)s.", name=other.name_tr), field="date")
    if details.basis is HolidayBasis.ADMINISTRATIVE and details.kind is HolidayKind.HALF:
        raise Refused(lazy_gettext("Administrative leave counts for the whole day."), field="kind")
