"""Institutions and their units, with how many women and men work there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation, OrganisationKind, Province
from app.access.scope import Scope, within
from app.core.db import db
from app.core.errors import Missing
from app.core.paging import ListQuery, Rows, in_order, narrowed
from app.language.turkish import search_words
from app.people.models import Employee, Sex, Unit

ORGANISATION_SORTS: dict[str, tuple[Any, ...]] = {"name": (Organisation.name_sort, Organisation.id)}


@dataclass(frozen=True)
class Staff:
    """How many active people: women, men, not stated, and all of them."""

    women: int = 0
    men: int = 0
    not_stated: int = 0

    @property
    def total(self) -> int:
        return self.women + self.men + self.not_stated


@dataclass(frozen=True)
class OrganisationRow:
    id: int
    name_tr: str
    name_en: str
    kind: OrganisationKind
    province_tr: str
    province_en: str
    staff: Staff


@dataclass(frozen=True)
class UnitRow:
    """A unit with its head (name and id, or None) and its staff."""

    id: int
    function: str
    name_tr: str
    name_en: str
    head_id: int | None
    head: str | None
    staff: Staff


def organisation(scope: Scope, organisation_id: int) -> Organisation:
    """One institution whose people this scope sees, with its province; Missing otherwise."""
    found = db.session.scalar(
        sa.select(Organisation).where(Organisation.id == organisation_id).options(joinedload(Organisation.province))
    )
    if found is None or not scope.covers_organisation(found.id):
        raise Missing
    return found


def organisations(scope: Scope, query: ListQuery) -> Rows[OrganisationRow]:
    """Institutions whose people this scope sees. Filters: province, kind."""
    return Rows(_ids(scope, query), ORGANISATION_SORTS[query.sort], query, _rows)


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    ids = sa.select(Organisation.id)
    if not scope.everything:
        ids = ids.where(Organisation.id.in_(sorted(scope.organisations)))
    words = search_words(query.q)
    if query.q and not words:
        ids = ids.where(sa.false())
    for word in words:
        ids = ids.where(Organisation.search_text.contains(word, autoescape=True))
    return narrowed(ids, query, {"province": Organisation.province_id, "kind": Organisation.kind})


def _rows(keys: Sequence[int]) -> Sequence[OrganisationRow]:
    """The lines of institutions whose ids came through a scope, in that order."""
    staff = sa.select(sa.func.count()).where(Employee.organisation_id == Organisation.id, Employee.active == sa.true())
    statement = (
        within(Organisation)
        .restrict(
            sa.select(
                Organisation.id,
                Organisation.name_tr,
                Organisation.name_en,
                Organisation.kind,
                sa.func.coalesce(Province.name_tr, ""),
                sa.func.coalesce(Province.name_en, ""),
                *(staff.where(Employee.sex == sex).scalar_subquery() for sex in Sex),
            ),
            Employee,
        )
        .outerjoin(Province, Province.id == Organisation.province_id)
        .where(Organisation.id.in_(keys))
    )
    rows = [
        OrganisationRow(key, name_tr, name_en, kind, province_tr, province_en, Staff(*sexes))
        for key, name_tr, name_en, kind, province_tr, province_en, *sexes in db.session.execute(statement)
    ]
    return in_order(keys, rows, lambda row: row.id)


def _by_sex() -> list[sa.Label[int]]:
    """How many of a group are women, men, not stated: in the order of `Staff`."""
    return [sa.func.sum(sa.case((Employee.sex == sex, 1), else_=0)).label(sex.value) for sex in Sex]


def units(organisation: Organisation) -> Sequence[UnitRow]:
    """The units of an institution found through a scope, by name."""
    counted = (
        sa.select(Employee.unit_id.label("unit_id"), *_by_sex())
        .where(Employee.organisation_id == organisation.id, Employee.active == sa.true())
        .group_by(Employee.unit_id)
        .subquery()
    )
    statement = (
        within(organisation)
        .trusting(
            sa.select(
                Unit.id,
                Unit.function,
                Unit.name_tr,
                Unit.name_en,
                Unit.head_id,
                Employee.given_name + " " + Employee.family_name,
                *(sa.func.coalesce(counted.c[sex.value], 0) for sex in Sex),
            ),
            Employee,
        )
        .select_from(Unit)
        .outerjoin(counted, counted.c.unit_id == Unit.id)
        .outerjoin(Employee, Employee.id == Unit.head_id)
        .where(Unit.organisation_id == organisation.id)
        .order_by(Unit.name_sort, Unit.id)
    )
    return [
        UnitRow(key, function, name_tr, name_en, head_id, head, Staff(*sexes))
        for key, function, name_tr, name_en, head_id, head, *sexes in db.session.execute(statement)
    ]


def unit(organisation: Organisation, unit_id: int) -> Unit:
    """A unit of an institution found through a scope."""
    found = db.session.scalar(sa.select(Unit).where(Unit.id == unit_id, Unit.organisation_id == organisation.id))
    if found is None:
        raise Missing
    return found


def head(unit: Unit) -> Employee | None:
    """Who heads a unit of an institution found through a scope."""
    return None if unit.head_id is None else within(unit).get(Employee, unit.head_id)
