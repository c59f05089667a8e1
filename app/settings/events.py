from __future__ import annotations

from dataclasses import dataclass

from app.audit.journal import Event


@dataclass(frozen=True)
class SettingsChanged(Event):
    name = "settings.changed"
    keys: tuple[str, ...]


@dataclass(frozen=True)
class SignatoryAdded(Event):
    name = "signatory.added"
    signatory_id: int
    province_id: int | None


@dataclass(frozen=True)
class SignatoryChanged(Event):
    name = "signatory.changed"
    signatory_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class SignatoryActivated(Event):
    """`active` False: signs no more; certificates that were signed keep the name."""

    name = "signatory.activated"
    signatory_id: int
    active: bool


@dataclass(frozen=True)
class LogoSet(Event):
    name = "logo.set"
    slot: int
    document_id: int


@dataclass(frozen=True)
class LogoRemoved(Event):
    name = "logo.removed"
    slot: int


@dataclass(frozen=True)
class HolidayAdded(Event):
    """`date` in ISO form, `basis` a value of HolidayBasis."""

    name = "holiday.added"
    holiday_id: int
    date: str
    basis: str


@dataclass(frozen=True)
class HolidayChanged(Event):
    name = "holiday.changed"
    holiday_id: int
    date: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class HolidayRemoved(Event):
    name = "holiday.removed"
    holiday_id: int
    date: str
