from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.models import Grant, Organisation, User
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.paging import ListQuery, Page, in_order
from app.core.search import matches
from app.language import language
from app.people.models import Employee, EmploymentType, Sex, Title, Unit
from app.people.registry import fold

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


def employee(scope: Scope, employee_id: int) -> Employee:
    """One person of the staff with organisation (and its province), unit and title; merged records too."""
    return scope.get(
        Employee,
        employee_id,
        joinedload(Employee.organisation).joinedload(Organisation.province),
        joinedload(Employee.unit),
        joinedload(Employee.title),
    )


def people(scope: Scope, query: ListQuery) -> Page[PersonRow]:
    """Staff this scope sees. Filters: organisation, unit (a function), title, sex, employment, active ("no": left)."""
    return Page.of(_ids(scope, query), PEOPLE_SORTS[query.sort], query, _rows, counted=_counted(scope, query))


def _counted(scope: Scope, query: ListQuery) -> sa.Select[Any] | None:
    """The size of the whole list without stepping through it: everybody ever recorded less those not active."""
    if not scope.everything or query.q or query.filters:
        return None
    everybody = scope.restrict(sa.select(sa.func.count()).select_from(Employee), Employee)
    gone = everybody.where(Employee.active == sa.false())
    return scope.restrict(sa.select(everybody.scalar_subquery() - gone.scalar_subquery()), Employee)


def all_people(scope: Scope, query: ListQuery) -> Sequence[PersonRow]:
    """The same list on one page, for a file."""
    return Page.everything(_ids(scope, query), PEOPLE_SORTS[query.sort], query, _rows)


def _ids(scope: Scope, query: ListQuery) -> sa.Select[Any]:
    """Ids of the filtered list. Merged records are inactive, so the usual list needs to look at `active` alone."""
    ids = scope.restrict(sa.select(Employee.id), Employee).where(matches(Employee, query.q))
    if query.filter("active") == "no":
        ids = ids.where(Employee.active == sa.false(), Employee.merged_into_id.is_(None))
    else:
        ids = ids.where(Employee.active == sa.true())
    organisation_id, title_id = query.filter_id("organisation"), query.filter_id("title")
    if organisation_id is not None:
        ids = ids.where(Employee.organisation_id == organisation_id)
    if title_id is not None:
        ids = ids.where(Employee.title_id == title_id)
    if query.filter("unit"):
        ids = ids.where(Employee.unit_id.in_(sa.select(Unit.id).where(Unit.function == query.filter("unit"))))
    for name, column, kind in (("sex", Employee.sex, Sex), ("employment", Employee.employment_type, EmploymentType)):
        if query.filter(name):
            known = [member for member in kind if member.value == query.filter(name)]
            ids = ids.where(column.in_(known))
    return ids


def _name(model: Any, spoken: str) -> sa.ColumnElement[str]:
    """The name of a thing in the reader's language, asked once for all rows; the Turkish where no English stands."""
    own = getattr(model, f"name_{spoken}")
    return sa.func.coalesce(sa.func.nullif(own, ""), model.name_tr)


@lru_cache
def _lines(spoken: str) -> sa.Select[Any]:
    """The columns of `PersonRow`, of people whose ids come through a scope."""
    columns: tuple[Any, ...] = (
        Employee.id,
        Employee.given_name + " " + Employee.family_name,
        Employee.registry_no,
        _name(Organisation, spoken),
        _name(Unit, spoken),
        _name(Title, spoken),
    )
    return (
        EVERYWHERE.restrict(sa.select(*columns), Employee)
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
        _name(Organisation, spoken),
        Organisation.name_sort.label("name_sort"),
    )
    units = sa.select(
        sa.literal("unit"),
        Unit.function,
        sa.func.min(_name(Unit, spoken)),
        sa.func.min(Unit.name_sort),
    ).group_by(Unit.function)
    titles = sa.select(sa.literal("title"), sa.cast(Title.id, sa.String), _name(Title, spoken), Title.name_sort)
    if narrowed:
        mine: sa.BindParameter[Any] = sa.bindparam("mine", expanding=True)
        organisations = organisations.where(Organisation.id.in_(mine))
        units = units.where(Unit.organisation_id.in_(mine))
    return sa.union_all(organisations, units, titles).order_by("kind", "name_sort")


def found_people(scope: Scope, typed: str, limit: int) -> Sequence[PersonRow]:
    """The first people a typed text finds, by name; one more than `limit` says that there are others."""
    query = ListQuery(q=typed, sort="name", size=limit + 1)
    order = PEOPLE_SORTS["name"]
    return Page.at_once(
        _ids(scope, query), order, query, _lines(language()), lambda row: PersonRow(*row), total=query.size
    ).rows


# --- what the form of a person needs -------------------------------------------------------------------


def titles() -> Sequence[Title]:
    return db.session.scalars(sa.select(Title).order_by(Title.name_sort, Title.id)).all()


Offered = list[tuple[int, str]]


def units_and_titles(organisation: Organisation) -> tuple[Offered, Offered]:
    """What a form offers as a place in an institution, each by id and name; one statement."""
    units, titles = (
        sa.select(sa.literal(kind).label("kind"), model.id.label("id"), _name(model, language()), model.name_sort)
        for kind, model in (("unit", Unit), ("title", Title))
    )
    both = sa.union_all(units.where(Unit.organisation_id == organisation.id), titles)
    found = db.session.execute(both.order_by("kind", "name_sort", "id")).all()
    unit_rows, title_rows = (
        [(key, name) for part, key, name, _ in found if part == kind] for kind in ("unit", "title")
    )
    return unit_rows, title_rows


def registry_holder(organisation_id: int, registry_no: str, *, besides: int | None = None) -> Employee | None:
    """Whoever of the institution has this registry number in any spelling; nobody where `besides` has it already."""
    found = db.session.scalars(
        EVERYWHERE.select(Employee)
        .where(Employee.organisation_id == organisation_id, Employee.registry_key == fold(registry_no))
        .order_by(Employee.active.desc(), Employee.id)
    ).all()
    return next(iter(found), None) if besides not in {one.id for one in found} else None


def colleague(organisation: Organisation, registry_no: str) -> Employee | None:
    """The active person of an organisation (found through a scope) with this registry number."""
    return db.session.scalar(
        EVERYWHERE.select(Employee)
        .where(
            Employee.organisation_id == organisation.id,
            Employee.registry_key == fold(registry_no),
            Employee.active == sa.true(),
        )
        .order_by((Employee.registry_no == registry_no).desc(), Employee.id)
    )


def colleagues(organisation: Organisation, typed: str, limit: int = 10) -> Sequence[Employee]:
    """Active people of an organisation (found through a scope) whom a typed text may mean."""
    return db.session.scalars(
        EVERYWHERE.select(Employee)
        .where(Employee.organisation_id == organisation.id, Employee.active == sa.true(), matches(Employee, typed))
        .order_by(Employee.name_sort, Employee.id)
        .limit(limit)
    ).all()


def supervisor(employee: Employee) -> Employee | None:
    """Whoever supervises somebody (seen through a scope): the one named, else the head of their unit."""
    key = employee.supervisor_id or employee.unit.head_id
    if key is None or key == employee.id:
        return None
    return db.session.scalar(EVERYWHERE.select(Employee).where(Employee.id == key))


def person_of(user: User) -> Employee | None:
    """Whose account this is, with the institution; the account was seen through a scope."""
    return db.session.scalar(
        EVERYWHERE.select(Employee).where(Employee.user_id == user.id).options(joinedload(Employee.organisation))
    )


def unsettled() -> sa.Select[Any]:
    """Id, name and roles (codes, with spaces between) of people who left and whose accounts hold roles elsewhere."""
    held = sa.select(sa.func.aggregate_strings(sa.cast(Grant.role, sa.String), " ")).where(Grant.user_id == User.id)
    return (
        sa.select(Employee.id, Employee.given_name + " " + Employee.family_name, held.scalar_subquery())
        .join(User, User.id == Employee.user_id)
        .where(Employee.active == sa.false(), User.active == sa.true())
    )


def wants_account(employee: Employee) -> bool:
    """Whether nobody can sign in as this person, seen through a scope."""
    known = account(employee)
    return known is None or not known.active


def account(employee: Employee) -> User | None:
    """The account of somebody seen through a scope."""
    if employee.user_id is None:
        return None
    return db.session.scalar(EVERYWHERE.select(User).where(User.id == employee.user_id))
