"""Reading a pasted list of registry numbers: who they are, and which lines name nobody."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.queries import organisations
from app.access.scope import Scope
from app.core.db import db
from app.enrolment.nominations.rules import MOST_LINES, Line, line_of, named_in
from app.files.cells import as_text
from app.files.workbook import pasted_rows
from app.language import lazy_gettext
from app.language.turkish import search_key
from app.people.models import Employee
from app.people.rules import fold


def read(scope: Scope, text: str, organisation_id: int | None) -> Sequence[Line]:
    """What each line names, as far as the scope sees. `organisation_id`: the institution of lines that name none."""
    known = organisations(scope)
    by_name = {search_key(name): one for one in known for name in (one.name_tr, one.name_en, one.short_name) if name}
    named = named_in(pasted_rows(text)[:MOST_LINES])
    people = _people(scope, {fold(number) for _, number, _ in named})
    default = next((one for one in known if one.id == organisation_id), None)
    seen: set[int] = set()
    lines = []
    for row, number, name in named:
        home = by_name.get(search_key(name)) if name else default
        found = line_of(
            row.number, " ".join(map(as_text, row.cells.values())), people.get(fold(number), ()), home, named=bool(name)
        )
        if found.employee is not None and found.employee.id in seen:
            found = Line(row.number, found.typed, problem=lazy_gettext("Stands in the list twice."))
        if found.employee is not None:
            seen.add(found.employee.id)
        lines.append(found)
    return lines


def _people(scope: Scope, numbers: set[str]) -> dict[str, list[Employee]]:
    found: dict[str, list[Employee]] = {}
    wanted = scope.select(Employee).where(
        Employee.registry_key.in_(sorted(numbers)), Employee.active.is_(True), Employee.merged_into_id.is_(None)
    )
    for employee in db.session.scalars(wanted.order_by(Employee.id)):
        found.setdefault(employee.registry_key, []).append(employee)
    return found
