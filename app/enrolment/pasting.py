"""Reading a pasted list of registry numbers: who they are, and which lines name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.access.models import Organisation
from app.access.queries import organisations
from app.access.scope import Scope
from app.core.db import db
from app.core.errors import Text
from app.language import lazy_gettext
from app.language.turkish import normalise, search_key
from app.people.models import Employee
from app.people.rules import fold

MOST_LINES = 300


@dataclass(frozen=True)
class Line:
    """One pasted line: the person it names, or what is wrong with it."""

    number: int
    typed: str
    employee: Employee | None = None
    problem: Text | None = None


def read(scope: Scope, text: str, organisation_id: int | None) -> Sequence[Line]:
    """What each line names, as far as the scope sees. `organisation_id`: the institution of lines that name none."""
    known = organisations(scope)
    by_name = {search_key(name): one for one in known for name in (one.name_tr, one.name_en, one.short_name) if name}
    typed = [line for line in text.splitlines() if line.strip()][:MOST_LINES]
    cells = [_cells(line) for line in typed]
    people = _people(scope, {fold(number) for number, _ in cells})
    default = next((one for one in known if one.id == organisation_id), None)
    seen: set[int] = set()
    lines = []
    for position, (line, (number, name)) in enumerate(zip(typed, cells, strict=True), 1):
        home = by_name.get(search_key(name)) if name else default
        found = _line(position, normalise(line), people.get(fold(number), ()), home, named=bool(name))
        if found.employee is not None and found.employee.id in seen:
            found = Line(position, found.typed, problem=lazy_gettext("Stands in the list twice."))
        if found.employee is not None:
            seen.add(found.employee.id)
        lines.append(found)
    return lines


def _line(position: int, typed: str, people: Sequence[Employee], home: Organisation | None, *, named: bool) -> Line:
    if named and home is None:
        return Line(position, typed, problem=lazy_gettext("This institution is not among yours."))
    fitting = [one for one in people if home is None or one.organisation_id == home.id]
    if len(fitting) == 1:
        return Line(position, typed, fitting[0])
    if fitting:
        return Line(
            position, typed, problem=lazy_gettext("Several institutions know this number; add the institution.")
        )
    return Line(position, typed, problem=lazy_gettext("Nobody has this registry number."))


def _cells(line: str) -> tuple[str, str]:
    """(registry number, institution or "") of a line copied from a table or typed with a comma or semicolon."""
    for sign in ("\t", ";", ","):
        if sign in line:
            first, _, rest = line.partition(sign)
            return normalise(first), normalise(rest.replace(sign, " "))
    return normalise(line), ""


def _people(scope: Scope, numbers: set[str]) -> dict[str, list[Employee]]:
    found: dict[str, list[Employee]] = {}
    wanted = scope.select(Employee).where(
        Employee.registry_key.in_(sorted(numbers)), Employee.active.is_(True), Employee.merged_into_id.is_(None)
    )
    for employee in db.session.scalars(wanted.order_by(Employee.id)):
        found.setdefault(employee.registry_key, []).append(employee)
    return found
