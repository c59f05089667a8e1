"""Reading a pasted list of people: whom each line names, whom it may mean, and which name nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from app.access.queries import organisations
from app.access.scope import EVERYWHERE, Scope
from app.core.db import db
from app.core.search import matches
from app.enrolment.models import CURRENT, Enrolment
from app.enrolment.nominations.rules import MOST_LINES, Line, Said, line_of, said_in
from app.files.workbook import pasted_rows
from app.language import lazy_gettext
from app.language.turkish import search_key
from app.people.models import Employee
from app.training.models import CourseSession

AT_ONCE = 100
"""Names looked for in one statement; SQLite takes 500 parts of one."""


def read(scope: Scope, course_session: CourseSession, text: str, organisation_id: int | None) -> Sequence[Line]:
    """What each line says, as far as the scope sees: registry number, address or name, in whatever order of columns.

    `organisation_id`: the institution of lines that name none.
    """
    homes = _institutions()
    mine = {one.id for one in organisations(scope)}
    said = said_in(pasted_rows(text)[:MOST_LINES], homes)
    default = mine & {organisation_id} or None
    people = _keyed(scope, said) | _named(scope, [one for one in said if one.name])
    listed = _listed(scope, course_session, people)
    seen: set[int | None] = set()
    lines = []
    for one in said:
        found = line_of(one, people.values(), homes[one.home] & mine if one.home else default)
        key = found.employee.id if found.employee else None
        if key is not None and key in listed:
            found = Line(one.number, one.typed, problem=lazy_gettext("Stands on the list of this session already."))
        elif key is not None and key in seen:
            found = Line(one.number, one.typed, problem=lazy_gettext("Stands in the list twice."))
        seen.add(key)
        lines.append(found)
    return lines


def _institutions() -> dict[str, set[int]]:
    """By every name an institution has who it may be: also those the reader has nothing to do with, to say so."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in organisations(EVERYWHERE):  # what an institution is called everybody may know
        for name in (one.name_tr, one.name_en, one.short_name):
            if name:
                found[search_key(name)].add(one.id)
    return found


def _staff(scope: Scope) -> sa.Select[Employee]:
    return scope.select(Employee).where(Employee.active.is_(True), Employee.merged_into_id.is_(None))


def _keyed(scope: Scope, said: Sequence[Said]) -> dict[int, Employee]:
    """By id those whose registry number or address stands in one of the lines."""
    numbers = sorted({number for one in said for number in one.numbers})
    addresses = sorted({address for one in said for address in one.addresses})
    wanted = sa.or_(Employee.registry_key.in_(numbers), sa.func.lower(Employee.email).in_(addresses))
    return {one.id: one for one in db.session.scalars(_staff(scope).where(wanted).order_by(Employee.id))}


def _named(scope: Scope, said: Sequence[Said]) -> dict[int, Employee]:
    """By id those who have all the words of a line, or the last of them and the beginning of the first."""
    names = sorted({one.name for one in said if " " in one.name})
    found: dict[int, Employee] = {}
    for start in range(0, len(names), AT_ONCE):
        each = [
            scope.select(Employee).with_only_columns(Employee.id).where(matches(Employee, name))
            for name in names[start : start + AT_ONCE]
        ]
        those = _staff(scope).where(Employee.id.in_(sa.union(*each)))
        found |= {one.id: one for one in db.session.scalars(those.order_by(Employee.id))}
    return found


def _listed(scope: Scope, course_session: CourseSession, people: Collection[int]) -> set[int]:
    """Who of these people is on the session's list."""
    listed = scope.restrict(sa.select(Enrolment.employee_id), Enrolment)
    here = Enrolment.course_session_id == course_session.id
    statement = listed.where(here, Enrolment.status.in_(CURRENT), Enrolment.employee_id.in_(sorted(people)))
    return set(db.session.scalars(statement))
