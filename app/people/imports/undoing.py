"""What stands in the way of taking an import back, and how its people become as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.access.models import Organisation, User
from app.access.scope import within
from app.audit.models import AuditEntry
from app.core.db import Base, db
from app.core.errors import Text
from app.core.hooks import Hook
from app.language import lazy_gettext
from app.people.models import Employee, EmployeePair, EmploymentType, Sex, StaffImport, search_columns
from app.people.rules import fold

AT_ONCE = 5_000
NAMED = 20
POINTERS: Hook[dict[str, Text]] = Hook("what points at people", dict)
"""What it means of somebody that a row points at them, as a sentence about them goes on; by `str(Model.column)`."""


@dataclass(frozen=True)
class Hindrance:
    """Somebody who is no longer as the import left them. `why`: what hangs on them ("" where they were changed
    themselves), `by`: who changed them, where the log says so.
    """

    employee_id: int
    name: str
    why: Text = ""
    by: str = ""


def hindrances(found: StaffImport) -> Sequence[Hindrance]:
    """The first few; of an import loaded through a scope."""
    new, changed = found.undo.get("new", []), found.undo.get("changed", {})
    told = [*_changed_since(found, new, changed), *_held(found.organisation, new)]
    return told[:NAMED]


def _changed_since(found: StaffImport, new: Sequence[int], changed: Mapping[str, Any]) -> Iterator[Hindrance]:
    people = _people(found.organisation, [*new, *(int(key) for key in changed)])
    for key in new:
        one = people.get(key)
        if one is None or one.version != 1 or one.user_id is not None:
            yield Hindrance(key, one.name if one else "", by=_whoever(found, key))
    for text, said in changed.items():
        one = people.get(int(text))
        if one is None or any(getattr(one, name) != value for name, value in said["now"].items()):
            yield Hindrance(int(text), one.name if one else "", by=_whoever(found, int(text)))


def _people(home: Organisation, keys: Sequence[int]) -> dict[int, Employee]:
    """Those who are still there."""
    found: dict[int, Employee] = {}
    for begin in range(0, len(keys), AT_ONCE):
        some = within(home).select(Employee).where(Employee.id.in_(keys[begin : begin + AT_ONCE]))
        found |= {one.id: one for one in db.session.scalars(some.where(Employee.merged_into_id.is_(None)))}
    return found


def _whoever(found: StaffImport, employee_id: int) -> str:
    """Who changed somebody last since the import, as the activity log has it."""
    entry = (
        sa.select(AuditEntry.actor_id)
        .where(AuditEntry.at >= found.committed_at, AuditEntry.facts["employee_id"].as_integer() == employee_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    user = db.session.scalar(within(found).trusting(sa.select(User).where(User.id == entry.scalar_subquery()), User))
    return user.name if user else ""


@cache
def pointers() -> tuple[Any, ...]:
    """Every column that points at somebody on the staff, whichever room it is in; not those of likely doubles, which
    are made of people and go with them.
    """
    columns = (
        getattr(mapper.class_, mapper.get_property_by_column(column).key)
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if any(key.column.table is Employee.__table__ for key in column.foreign_keys)
        if mapper.class_ is not EmployeePair
    )
    return tuple(sorted(columns, key=str))


def _held(home: Organisation, new: Sequence[int]) -> Iterator[Hindrance]:
    """Those of these people something points at, besides each other."""
    among = set(new)
    for pointer in pointers():
        model = pointer.class_
        why = POINTERS.here.get(str(pointer), lazy_gettext("something else hangs on them"))
        for begin in range(0, len(new), AT_ONCE):
            some = new[begin : begin + AT_ONCE]
            held = sa.select(pointer, Employee.id if model is Employee else sa.literal(0)).where(pointer.in_(some))
            rows = db.session.execute(within(home).trusting(held, model, Employee).limit(NAMED + len(some)))
            keys = {key for key, by in rows if by not in among}
            yield from (Hindrance(key, one.name, why) for key, one in _people(home, sorted(keys)).items())


def remove(home: Organisation, new: Sequence[int]) -> None:
    """These people are not there any more; nothing points at them but they themselves."""
    quickly = {"synchronize_session": False}
    for begin in range(0, len(new), AT_ONCE):
        some = new[begin : begin + AT_ONCE]
        pairs = sa.delete(EmployeePair).where(EmployeePair.first_id.in_(some) | EmployeePair.second_id.in_(some))
        alone = sa.update(Employee).where(Employee.id.in_(some)).values(supervisor_id=None)
        for statement in (pairs, alone):
            db.session.execute(within(home).trusting(statement, Employee, EmployeePair), execution_options=quickly)
    for begin in range(0, len(new), AT_ONCE):
        gone = sa.delete(Employee).where(Employee.id.in_(new[begin : begin + AT_ONCE]))
        db.session.execute(within(home).trusting(gone, Employee), execution_options=quickly)


def restored(person: Employee, was: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to write so that somebody is as before, with the keys they are found by."""
    kinds = {"employment_type": EmploymentType, "sex": Sex}
    row = {name: kinds[name](value) if name in kinds else value for name, value in sorted(was.items())}
    if set(row) & {"given_name", "family_name", "registry_no", "email"}:
        names = ("given_name", "family_name", "registry_no", "email")
        given, family, number, email = (row.get(name, getattr(person, name)) for name in names)
        row["name_sort"], row["search_text"] = search_columns(given, family, number, email)
        row["registry_key"] = fold(number)
    return row | {"b_id": person.id, "b_version": person.version}


def people(found: StaffImport) -> Mapping[int, Employee]:
    """Those an import changed."""
    return _people(found.organisation, [int(key) for key in found.undo.get("changed", {})])
