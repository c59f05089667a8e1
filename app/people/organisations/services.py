"""Institutions themselves: adding one, saying what it is called, what kind it is and in which province."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from app import refdata
from app.access.models import Organisation, OrganisationKind, Province
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db, set_changed
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key, sort_key
from app.people.events import OrganisationAdded, OrganisationChanged, UnitAdded, UnitChanged
from app.people.models import Employee, Unit

MUNICIPALITIES = frozenset({OrganisationKind.METROPOLITAN, OrganisationKind.DISTRICT})


@dataclass(frozen=True)
class OrganisationDetails:
    """`short_name` stands where there is little room (Nizip for Nizip Belediyesi); a central body has no province."""

    name_tr: str
    name_en: str
    short_name: str
    kind: OrganisationKind
    province_id: int | None


def add_organisation(details: OrganisationDetails, *, by: Actor) -> Organisation:
    _check(details, None)
    organisation = Organisation(slug=_slug(details))
    _set(organisation, details)
    db.session.add(organisation)
    db.session.flush()
    journal.record(OrganisationAdded(organisation.id, details.kind.value, details.province_id), by=by)
    return organisation


def change_organisation(organisation: Organisation, details: OrganisationDetails, *, by: Actor) -> None:
    """With its province it comes under that province's coordinator, staff and all."""
    _check(details, organisation.id)
    if changed := _set(organisation, details):
        journal.record(OrganisationChanged(organisation.id, changed), by=by)


def _check(details: OrganisationDetails, organisation_id: int | None) -> None:
    if details.kind in MUNICIPALITIES and details.province_id is None:
        raise Refused(lazy_gettext("A municipality lies in a province. Choose one."), field="province_id")
    named = sa.select(Organisation.id).where(
        Organisation.name_sort == sort_key(details.name_tr)[:400],
        sa.func.coalesce(Organisation.province_id, 0) == (details.province_id or 0),
    )
    if db.session.scalar(named.where(Organisation.id != (organisation_id or 0))) is not None:
        raise Refused(lazy_gettext("There is an institution of this name already."), field="name_tr")


def _set(organisation: Organisation, details: OrganisationDetails) -> tuple[str, ...]:
    changed = set_changed(organisation, asdict(details))
    organisation.name_sort = sort_key(details.name_tr)[:400]
    organisation.search_text = search_key(f"{details.name_tr} {details.name_en}")[:400]
    return changed


def _slug(details: OrganisationDetails) -> str:
    """A data key no other institution has: province and short name."""
    province = db.session.get(Province, details.province_id) if details.province_id else None
    words = "".join(sign if sign.isalnum() else " " for sign in search_key(details.short_name)).split()
    base = "-".join([province.slug, *words] if province else words)[:58] or "kurum"
    like = sa.select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))
    taken = set(db.session.scalars(like))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)


def add_unit(organisation: Organisation, *, function: str, name_tr: str, name_en: str, by: Actor) -> Unit:
    """A unit with one of the known functions, or ("") with one of its own, made of its name.

    The function carries the thematic areas, which the needs questionnaire is made of.
    """
    key = function or "-".join(search_key(name_tr).split())[:64]
    taken = sa.select(Unit.id).where(Unit.organisation_id == organisation.id, Unit.function == key)
    if db.session.scalar(taken) is not None:
        raise Refused(lazy_gettext("The institution has this unit already."), field="name_tr")
    unit = Unit(organisation_id=organisation.id, function=key, themes=_themes(key))
    _name(unit, name_tr, name_en)
    db.session.add(unit)
    db.session.flush()
    journal.record(UnitAdded(unit.id, organisation.id), by=by)
    return unit


def change_unit(unit: Unit, *, name_tr: str, name_en: str, head: Employee | None, by: Actor) -> None:
    """Another name, another head (somebody active of the same institution, or nobody)."""
    if head is not None and (head.organisation_id != unit.organisation_id or not head.active):
        raise Refused(lazy_gettext("The head of a unit must work at the same institution."), field="head")
    head_id = head.id if head else None
    wanted = (("name_tr", name_tr), ("name_en", name_en), ("head_id", head_id))
    changed = tuple(name for name, value in wanted if getattr(unit, name) != value)
    if changed:
        _name(unit, name_tr, name_en)
        unit.head_id = head_id
        journal.record(UnitChanged(unit.id, changed), by=by)


def _name(unit: Unit, name_tr: str, name_en: str) -> None:
    unit.name_tr, unit.name_en, unit.name_sort = name_tr, name_en, sort_key(name_tr)[:800]


def _themes(function: str) -> list[str]:
    return next((list(row["themes"]) for row in refdata.load("units") if row["slug"] == function), [])
