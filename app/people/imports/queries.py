"""Lists that were brought in, their rows, and whom and what they are held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from app import refdata
from app.access.models import Organisation, User
from app.access.scope import EVERYWHERE, Scope, within
from app.core.db import db
from app.core.paging import ListQuery, Rows, in_order
from app.people.imports.workbook import unpacked
from app.people.matching.places import ALSO, Index, Place, plain
from app.people.matching.reading import Line
from app.people.matching.rules import Known, Person
from app.people.models import (
    Employee,
    ImportMemory,
    ImportRowKind,
    StaffImport,
    StaffImportRow,
    StaffImportStatus,
    Title,
    Unit,
)
from app.people.terms import families

WRONG = (ImportRowKind.ERROR, ImportRowKind.POSSIBLE)
"""Kinds of rows that stay out and go back to whoever brought them."""
OF_A_PERSON = tuple(getattr(Employee, name) for name in Person._fields)


def staff_import(scope: Scope, import_id: int) -> StaffImport:
    return scope.get(StaffImport, import_id, joinedload(StaffImport.organisation).joinedload(Organisation.province))


def imports(scope: Scope, limit: int = 10) -> Sequence[StaffImport]:
    """The latest this scope sees that were not thrown away."""
    return db.session.scalars(
        scope.select(StaffImport)
        .options(joinedload(StaffImport.organisation), defer(StaffImport.columns), defer(StaffImport.choices))
        .where(StaffImport.status != StaffImportStatus.DISCARDED)
        .order_by(StaffImport.id.desc())
        .limit(limit)
    ).all()


def same_file(organisation: Organisation, sha256: str, by: int) -> StaffImport | None:
    """These very bytes, brought for this institution (seen through a scope) by the same person and still waiting."""
    return db.session.scalar(
        within(organisation)
        .select(StaffImport)
        .where(StaffImport.sha256 == sha256, StaffImport.created_by == by, StaffImport.status == StaffImportStatus.READ)
        .order_by(StaffImport.id.desc())
        .limit(1)
    )


def earlier(found: StaffImport) -> StaffImport | None:
    """The latest import of the same bytes that was stored and stands."""
    return db.session.scalar(
        within(found)
        .trusting(sa.select(StaffImport), StaffImport)
        .where(
            StaffImport.id != found.id,
            StaffImport.organisation_id == found.organisation_id,
            StaffImport.sha256 == found.sha256,
            StaffImport.status == StaffImportStatus.COMMITTED,
        )
        .order_by(StaffImport.id.desc())
        .limit(1)
    )


# --- the rows as they were read ------------------------------------------------------------------------


def source(found: StaffImport) -> bytes:
    """The rows of a list loaded through a scope, packed (`workbook.packed`); nothing where they are gone."""
    held = within(found).trusting(sa.select(StaffImport.source).where(StaffImport.id == found.id), StaffImport)
    return db.session.scalar(held) or b""


class Lines:
    """The rows by the fields their columns were taken for, again and again; nothing is asked for them meanwhile."""

    def __init__(self, found: StaffImport) -> None:
        self._source = source(found)
        self._fields = {column["name"]: column["field"] for column in found.columns if column["field"]}
        self._codes = {column["name"]: dict(column["key"]) for column in found.columns if column["key"]}

    def __iter__(self) -> Iterator[Line]:
        fields, codes = self._fields, self._codes
        for position, (sheet, number, section, cells) in enumerate(unpacked(self._source)):
            named = {fields[name]: text for name, text in cells.items() if name in fields}
            if codes:
                for name in codes.keys() & cells.keys() & fields.keys():
                    named[fields[name]] = codes[name].get(cells[name], cells[name])
            yield Line(position, sheet, number, section, named)


# --- what they are held against ------------------------------------------------------------------------


def known(found: StaffImport) -> Known:
    """Everything a list (loaded through a scope) is held against, as it is now."""
    home = found.organisation
    staff = db.session.execute(
        within(home)
        .restrict(sa.select(*OF_A_PERSON), Employee)
        .where(Employee.merged_into_id.is_(None))
        .order_by(Employee.id)
    )
    return Known(
        [Person(*row) for row in staff],
        index(home, "unit"),
        index(home, "title"),
        frozenset(plain(name) for name in (home.name_tr, home.name_en, home.short_name, home.name_tr + " Başkanlığı")),
        _elsewhere(home),
        {position: int(key) for position, key in found.choices.items()},
        found.employment_type,
    )


def index(home: Organisation, kind: str) -> Index:
    """Finds units of an institution, or titles, by what a list calls them."""
    told = _ids(memories(home)[kind])
    if kind == "unit":
        return Index(units(home), told, stems=True)
    return Index(titles(home), _of_today(told))


def _of_today(told: Mapping[str, int]) -> dict[str, int]:
    """What was said by hand, where a title has become part of another one since."""
    merged = sa.select(Title.id, Title.merged_into_id).where(Title.merged_into_id.is_not(None))
    heirs = {row.id: row.merged_into_id for row in db.session.execute(merged)}
    return {word: heirs.get(key, key) for word, key in told.items()}


def _ids(told: Mapping[str, str]) -> dict[str, int]:
    return {word: int(meaning) for word, meaning in told.items() if meaning.isdigit()}


def _elsewhere(home: Organisation) -> frozenset[str]:
    """Addresses of people of other institutions: only whether there are any is said, never whose."""
    others = EVERYWHERE.restrict(sa.select(Employee.email), Employee)  # whether an address is known, not whose it is
    others = others.where(Employee.organisation_id != home.id, Employee.email != "", Employee.merged_into_id.is_(None))
    return frozenset(db.session.scalars(others))


def memories(home: Organisation) -> dict[str, dict[str, str]]:
    """What was said by hand for an institution: kind (column, unit, title) → folded word → meaning."""
    found: dict[str, dict[str, str]] = {"column": {}, "unit": {}, "title": {}}
    rows = within(home).select(ImportMemory)
    for row in db.session.scalars(rows):
        found[row.kind][row.word] = row.meaning
    return found


def units(home: Organisation) -> list[Place]:
    """The units of an institution, each with all names of its function."""
    functions = {row["slug"]: row for row in refdata.load("units")}
    made = []
    for unit in db.session.scalars(sa.select(Unit).where(Unit.organisation_id == home.id).order_by(Unit.id)):
        usual = functions.get(unit.function, {})
        others = [usual[name] for name in ("name_tr", "name_metropolitan_tr", "name_en") if usual.get(name)]
        made.append(Place(unit.id, unit.function, unit.name_tr, (*others, unit.name_en, unit.name_tr)))
    return made


@cache
def _functions() -> Index:
    rows = list(enumerate(refdata.load("units"), 1))
    called = ("name_tr", "name_metropolitan_tr", "name_en")
    places = [Place(at, row["slug"], row["name_tr"], tuple(row[name] for name in called)) for at, row in rows]
    return Index(places, stems=True)


def function_of(word: str) -> str:
    """The function a unit of this name has, or ""."""
    functions = _functions()
    key = functions.find(word)
    return functions.by_id[key].key if key is not None else ""


def titles(home: Organisation) -> list[Place]:
    """The titles in use, and those somebody there has, by every name they and what became part of them ever had."""
    theirs = within(home).restrict(sa.select(Employee.title_id), Employee)
    known = set(db.session.scalars(theirs.distinct()))
    made = []
    for members in families(db.session.scalars(sa.select(Title).order_by(Title.id))).values():
        one = members[-1]
        if one.active or one.id in known:
            names = [name for each in members for name in (*ALSO.get(each.slug, ()), each.slug, *each.names)]
            made.append(Place(one.id, one.slug, one.name_tr, tuple(names)))
    return made


# --- its preview ---------------------------------------------------------------------------------------


def rows(found: StaffImport, query: ListQuery) -> Rows[StaffImportRow]:
    """The rows of a preview, in the order of the file. Filter: kind."""
    ids = within(found).restrict(sa.select(StaffImportRow.id), StaffImportRow)
    if query.filter("kind"):
        ids = ids.where(StaffImportRow.kind.in_([kind for kind in ImportRowKind if kind == query.filter("kind")]))

    def load(keys: Sequence[int]) -> Sequence[StaffImportRow]:
        chosen = within(found).select(StaffImportRow).where(StaffImportRow.id.in_(keys))
        return in_order(keys, db.session.scalars(chosen).all(), lambda row: row.id)

    return Rows(ids, (StaffImportRow.position, StaffImportRow.id), query, load)


def wrong_rows(found: StaffImport) -> Sequence[StaffImportRow]:
    """Rows that stay out: with errors, and those nobody has decided about."""
    statement = within(found).select(StaffImportRow).where(StaffImportRow.kind.in_(WRONG))
    return db.session.scalars(statement.order_by(StaffImportRow.position)).all()


def undecided(found: StaffImport) -> Sequence[StaffImportRow]:
    """Rows that may be about somebody who is there, those with errors too."""
    return [row for row in wrong_rows(found) if row.facts.get("twins")]


def people(home: Organisation, keys: Iterable[int]) -> dict[int, Employee]:
    """Some of the staff of an institution (seen through a scope), by id, with unit and title."""
    statement = (
        within(home)
        .select(Employee)
        .where(Employee.id.in_(sorted(set(keys))))
        .options(joinedload(Employee.unit), joinedload(Employee.title))
    )
    return {one.id: one for one in db.session.scalars(statement)}


@dataclass(frozen=True)
class Who:
    """The names of those who brought, stored and took back a list ("" where nobody did)."""

    created: str
    committed: str
    undone: str


def who(found: StaffImport) -> Who:
    keys = [found.created_by, found.committed_by, found.undone_by]
    people = within(found).trusting(sa.select(User).where(User.id.in_([key for key in keys if key])), User)
    named = {one.id: one.name for one in db.session.scalars(people)}
    return Who(*(named.get(key or 0, "") for key in keys))
