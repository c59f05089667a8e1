from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from app.audit import journal
from app.audit.journal import Actor
from app.calendar.days import HALF_DAY_STARTS
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.core.db import db
from app.core.errors import Refused
from app.files.bad_file import BadFile, BadFileReason
from app.files.images import check_image
from app.files.models import Document
from app.language import lazy_gettext
from app.paper.logos import UnusableLogo
from app.paper.logos import logo as drawable
from app.settings import queries
from app.settings.events import (
    HolidayAdded,
    HolidayChanged,
    HolidayRemoved,
    LogoRemoved,
    LogoSet,
    SettingsChanged,
    SignatoryActivated,
    SignatoryAdded,
    SignatoryChanged,
)
from app.settings.models import Logo, Setting, Signatory


def change_settings(values: Mapping[str, Any], *, by: Actor) -> tuple[str, ...]:
    """Set some settings, each within its bounds: the keys of those that changed."""
    for key, value in values.items():
        known = queries.SETTINGS[key]
        if not known.fits(value):
            raise Refused(
                lazy_gettext("Enter a number between %(least)s and %(most)s.", least=known.least, most=known.most),
                field=key,
            )
    now = queries.values()
    changed = tuple(key for key, value in values.items() if now[key] != value)
    for key in changed:
        row = queries.setting(key)
        if row is None:
            db.session.add(Setting(key=key, value={"value": values[key]}))
        else:
            row.value = {"value": values[key]}
    if changed:
        journal.record(SettingsChanged(changed), by=by)
    return changed


# --- signatories -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignatoryDetails:
    """`province_id` None: signs where a province has nobody of its own."""

    name: str
    title_tr: str
    title_en: str
    province_id: int | None


def add_signatory(details: SignatoryDetails, *, by: Actor) -> Signatory:
    last = len(queries.signatories_beside(details.province_id))
    signatory = Signatory(active=True, position=last + 1, **asdict(details))
    db.session.add(signatory)
    db.session.flush()
    journal.record(SignatoryAdded(signatory.id, signatory.province_id), by=by)
    return signatory


def change_signatory(signatory: Signatory, details: SignatoryDetails, *, by: Actor) -> None:
    changed = _set(signatory, asdict(details))
    if changed:
        if "province_id" in changed:
            signatory.position = len(queries.signatories_beside(details.province_id)) + 1
        journal.record(SignatoryChanged(signatory.id, changed), by=by)


def set_signatory_active(signatory: Signatory, active: bool, *, by: Actor) -> None:
    """Signs again (as the last), or no longer. Asking twice does nothing."""
    if signatory.active is active:
        return
    if active:
        signatory.position = len(queries.signatories_beside(signatory.province_id)) + 1
    signatory.active = active
    journal.record(SignatoryActivated(signatory.id, active), by=by)


def move_signatory_up(signatory: Signatory, *, by: Actor) -> None:
    """One place to the left on the certificate; the first stays where it is."""
    beside = list(queries.signatories_beside(signatory.province_id))
    place = next((number for number, one in enumerate(beside) if one.id == signatory.id), 0)
    if place == 0:
        return
    beside[place - 1], beside[place] = beside[place], beside[place - 1]
    for number, one in enumerate(beside, 1):
        one.position = number
    journal.record(SignatoryChanged(signatory.id, ("position",)), by=by)


# --- logos -----------------------------------------------------------------------------------------------

WHY_NOT = {
    BadFileReason.EMPTY: lazy_gettext("Choose a picture."),
    BadFileReason.TOO_LARGE: lazy_gettext("The picture is too large: at most 1 MB and 4,000 pixels a side."),
    BadFileReason.UNSUPPORTED_TYPE: lazy_gettext("Only PNG and JPEG pictures can be used."),
    BadFileReason.DAMAGED: lazy_gettext("The picture is damaged. Save it again and try once more."),
}


@dataclass(frozen=True)
class ReadLogo:
    """A picture that was looked at: whole, small enough, and really drawn."""

    data: bytes
    media_type: str


def read_logo(data: bytes) -> ReadLogo:
    """Judge an upload by its bytes, whatever it is called; draws it once, so call it outside the write lock."""
    try:
        media_type, _, _ = check_image(data)
        drawable(data)
    except BadFile as bad:
        raise Refused(WHY_NOT[bad.reason], field="file") from bad
    except UnusableLogo as bad:
        raise Refused(WHY_NOT[BadFileReason.DAMAGED], field="file") from bad
    return ReadLogo(data, media_type)


def set_logo(slot: int, read: ReadLogo, alt: str, *, by: Actor) -> None:
    """Put a picture into a slot. The one before stays among the documents: issued certificates name it."""
    document = Document(
        sha256=sha256(read.data).hexdigest(),
        media_type=read.media_type,
        filename=f"logo-{slot}.{'png' if read.media_type == 'image/png' else 'jpg'}",
        size=len(read.data),
        content=read.data,
        created_by=by.id,
    )
    db.session.add(document)
    db.session.flush()
    logo = queries.logo(slot)
    if logo is None:
        db.session.add(Logo(slot=slot, alt=alt, document_id=document.id))
    else:
        logo.alt, logo.document_id = alt, document.id
    journal.record(LogoSet(slot, document.id), by=by)


def remove_logo(slot: int, *, by: Actor) -> None:
    logo = queries.logo(slot)
    if logo is not None:
        db.session.delete(logo)
        journal.record(LogoRemoved(slot), by=by)


# --- holidays and off-days -------------------------------------------------------------------------------


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
    changed = _set(holiday, details.columns())
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


def _set(thing: Any, values: dict[str, Any]) -> tuple[str, ...]:
    """Set what differs: the names of what changed."""
    changed = tuple(name for name, value in values.items() if getattr(thing, name) != value)
    for name in changed:
        setattr(thing, name, values[name])
    return changed
