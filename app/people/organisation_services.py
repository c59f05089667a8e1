"""Institutions themselves: adding one, saying what it is called, what kind it is and in which province."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from app.access.models import Organisation, OrganisationKind, Province
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.language import lazy_gettext
from app.language.turkish import search_key, sort_key
from app.people.events import OrganisationAdded, OrganisationChanged

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
    changed = tuple(name for name, value in asdict(details).items() if getattr(organisation, name) != value)
    if changed:
        _set(organisation, details)
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


def _set(organisation: Organisation, details: OrganisationDetails) -> None:
    for name, value in asdict(details).items():
        setattr(organisation, name, value)
    organisation.name_sort = sort_key(details.name_tr)[:400]
    organisation.search_text = search_key(f"{details.name_tr} {details.name_en}")[:400]


def _slug(details: OrganisationDetails) -> str:
    """A data key no other institution has: province and short name."""
    province = db.session.get(Province, details.province_id) if details.province_id else None
    words = "".join(sign if sign.isalnum() else " " for sign in search_key(details.short_name)).split()
    base = "-".join([province.slug, *words] if province else words)[:58] or "kurum"
    like = sa.select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))
    taken = set(db.session.scalars(like))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)
