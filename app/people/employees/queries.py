"""The staff list: rows, filters, what the search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Organisation
from app.access.scope import Scope, within
from app.core.db import db
from app.core.paging import Lines, ListQuery, Rows, in_order, narrowed
from app.core.search import matches
from app.language import language
from app.people.models import Employee, Title, Unit
from app.people.queries import named

# Only orders an index holds for every scope: any other sorts a hundred thousand rows for one page.
PEOPLE_SORTS: dict[str, tuple[Any, ...]] = {"name": (Employee.name_sort, Employee.id)}


@dataclass(frozen=True)
class PersonRow:
    """A line of the staff list, in the reader's language: no phone, no e-mail."""

    id: int
    name: str
    registry_no: str
    organisation: str
    unit: str
    title: str


@dataclass(frozen=True)
class Choice:
    """Something the list can be filtered by, in the reader's language."""

    value: str
    label: str


@dataclass(frozen=True)
class Choices:
    organisations: tuple[Choice, ...]
    units: tuple[Choice, ...]
    titles: tuple[Choice, ...]


def people(scope: Scope, query: ListQuery) -> Rows[PersonRow]:
    """Staff this scope sees. Filters: organisation, unit (a function), title, sex, employment, active ("no": left)."""
    return Rows(_ids(scope, query), PEOPLE_SORTS[query.sort], query, _rows, counted=_counted(scope, query))


def _counted(scope: Scope, query: ListQuery) -> sa.Select[Any] | None:
    """The size of the whole list without stepping through it: everybody ever recorded less those not active."""
    if not scope.everything or query.q or query.filters:
        return None
    everybody = scope.restrict(sa.select(sa.func.count()).select_from(Employee), Employee)
    gone = everybody.where(Employee.active == sa.false())
    return scope.restrict(sa.select(everybody.scalar_subquery() - gone.scalar_subquery()), Employee)


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    """Ids of the filtered list. Merged records are inactive, so the usual list needs to look at `active` alone."""
    ids = scope.restrict(sa.select(Employee.id), Employee).where(matches(Employee, query.q))
    if query.filter("active") == "no":
        ids = ids.where(Employee.active == sa.false(), Employee.merged_into_id.is_(None))
    else:
        ids = ids.where(Employee.active == sa.true())
    columns = {
        "organisation": Employee.organisation_id,
        "title": Employee.title_id,
        "sex": Employee.sex,
        "employment": Employee.employment_type,
    }
    ids = narrowed(ids, query, columns)
    if query.filter("unit"):
        ids = ids.where(Employee.unit_id.in_(sa.select(Unit.id).where(Unit.function == query.filter("unit"))))
    return ids


@lru_cache
def _lines(spoken: str) -> sa.Select[Any]:
    """The columns of `PersonRow`, of people whose ids come through a scope."""
    columns: tuple[Any, ...] = (
        Employee.id,
        Employee.given_name + " " + Employee.family_name,
        Employee.registry_no,
        named(Organisation, spoken),
        named(Unit, spoken),
        named(Title, spoken),
    )
    return (
        within(Employee)
        .trusting(sa.select(*columns), Employee)
        .join(Organisation, Organisation.id == Employee.organisation_id)
        .join(Unit, Unit.id == Employee.unit_id)
        .join(Title, Title.id == Employee.title_id)
    )


def _rows(keys: Sequence[int]) -> Sequence[PersonRow]:
    found = db.session.execute(_lines(language()).where(Employee.id.in_(keys)))
    return in_order(keys, [PersonRow(*row) for row in found], lambda row: row.id)


def choices(scope: Scope) -> Choices:
    """What the staff list can be filtered by, within a scope; one statement. Units are one per function."""
    mine = {} if scope.everything else {"mine": sorted(scope.organisations)}
    found: dict[str, list[Choice]] = {"organisation": [], "unit": [], "title": []}
    for kind, value, label, _ in db.session.execute(_choices(language(), bool(mine)), mine):
        found[kind].append(Choice(value, label))
    return Choices(tuple(found["organisation"]), tuple(found["unit"]), tuple(found["title"]))


@lru_cache
def _choices(spoken: str, narrowed: bool) -> sa.Executable:
    """The statement, built once: it takes longer to write than to answer."""
    organisations = sa.select(
        sa.literal("organisation").label("kind"),
        sa.cast(Organisation.id, sa.String).label("value"),
        named(Organisation, spoken),
        Organisation.name_sort.label("name_sort"),
    )
    units = sa.select(
        sa.literal("unit"),
        Unit.function,
        sa.func.min(named(Unit, spoken)),
        sa.func.min(Unit.name_sort),
    ).group_by(Unit.function)
    titles = sa.select(sa.literal("title"), sa.cast(Title.id, sa.String), named(Title, spoken), Title.name_sort)
    titles = titles.where(Title.merged_into_id.is_(None))
    if narrowed:
        mine: sa.BindParameter[Any] = sa.bindparam("mine", expanding=True)
        organisations = organisations.where(Organisation.id.in_(mine))
        units = units.where(Unit.organisation_id.in_(mine))
    return sa.union_all(organisations, units, titles).order_by("kind", "name_sort")


def found_people(scope: Scope, typed: str, limit: int) -> Sequence[PersonRow]:
    """The first people a typed text finds, by name; one more than `limit` says that there are others."""
    query = ListQuery(q=typed, sort="name", size=limit + 1)
    order = PEOPLE_SORTS["name"]
    return Lines(_ids(scope, query), order, query, _lines(language()), lambda row: PersonRow(*row)).first()


def titles(*kept: int) -> Sequence[Title]:
    """Those a form offers, and those the thing has."""
    return db.session.scalars(sa.select(Title).where(Title.offered(*kept)).order_by(Title.name_sort, Title.id)).all()


def own_record(user_id: int) -> Employee | None:
    """The record of whoever signs in with this account, with institution, unit and title."""
    own = Scope(own_user=user_id).select(Employee).where(Employee.user_id == user_id)
    names = (joinedload(Employee.organisation), joinedload(Employee.unit), joinedload(Employee.title))
    return db.session.scalar(own.options(*names))
