"""Needs in the menu and on a person's card; and what stands in which column of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core import slots
from app.language import format_number, gettext, in_language, pgettext
from app.lists.models import Columns
from app.needs import readers
from app.needs.groups.models import Selection
from app.needs.models import Need, PriorityClass, Respondent
from app.needs.queries import also
from app.needs.results import queries
from app.needs.results.heat import Heat, HeatCell, HeatRow
from app.needs.results.models import Cell, ResultRow
from app.needs.rules import Aggregate
from app.needs.team.queries import chief
from app.people.models import Employee
from app.web.parts import Counted, NavItem, Section

SUGGESTED = 3


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.NEED_READ):
        yield NavItem(gettext("Training needs"), url_for("results.show_needs"), "target", 30)


def person_section(caller: Caller, employee: Employee) -> Section | None:
    """A person's own needs, for whoever may read needs of their institution."""
    scope = caller.scope_for(Permission.NEED_READ)
    if not scope.everything and employee.organisation_id not in scope.organisations:
        return None
    rows = queries.needs_of(employee)
    if not rows or not readers.names(rows[0][0].round, scope.roles):
        return None
    return Section(gettext("Training needs"), "needs/results/person.html", rows, order=20)


def own_section(caller: Caller, _: object) -> Counted:
    """That an analysis has a result of whoever looks, which stands on a page of its own."""
    return Counted(queries.own_result(caller.id), (Need, Respondent, Employee, also), _own)


def _own(number: int) -> Section:
    return Section(gettext("My needs analysis"), "needs/results/own_link.html", number, order=5)


def team_section(caller: Caller, _: object) -> Counted:
    """That a supervisor may read what an analysis found of their people."""
    return Counted(queries.size_of_team(caller.id), (Respondent, Employee, chief, also), _team)


def _team(number: int) -> Section:
    return Section(gettext("Results of my team"), "needs/results/team_link.html", number, order=6)


def result_of(employee: Employee | None, caller: Caller) -> dict[str, Any]:
    """What an analysis found of somebody: strengths first, then what could be learnt, and where whoever looks could
    apply.
    """
    rows = [need for need, _ in queries.needs_of(employee)] if employee is not None else []
    strengths = sorted((need for need in rows if need.gap <= 0), key=lambda need: need.level, reverse=True)
    wanted = [need for need in rows if need.need][:SUGGESTED]
    courses = queries.courses_for([need.competency_id for need in wanted]) if wanted else {}
    offers = {one.course_id: one for one in slots.collect("courses.offers", caller, {c.id for c in courses.values()})}
    suggested = {course.id: (course, offers.get(course.id)) for course in courses.values()}
    return {
        "round": rows[0].round if rows else None,
        "strengths": strengths,
        "gaps": [need for need in rows if need.gap > 0],
        "suggested": list(suggested.values()),
    }


def rounded(value: Fraction | None, places: int) -> Fraction | None:
    return None if value is None else Fraction(round(value, places))


def priority_of(cell: Cell | None, *, minimum: int) -> Any:
    """A priority as the page prints it: a number, <5 where it is hidden, nothing where nobody answered."""
    if cell is None:
        return None
    if cell.hidden:
        return f"<{minimum}"
    return rounded(*cell.printed) if cell.printed else None


def class_of(cell: Cell | None) -> str | None:
    return cell.priority_class.label if cell is not None and cell.priority_class is not None else None


def diverging(figures: Aggregate) -> str | None:
    """None where nobody has both ratings: whether they diverge is not known."""
    if figures.source_difference is None:
        return None
    return gettext("Yes") if figures.diverging else gettext("No")


def _figure(read: Callable[[Any], Any]) -> Callable[[ResultRow], Any]:
    return lambda row: None if row.figures is None else read(row.figures)


def result_columns(selection: Selection) -> Columns:
    """The ranking of one group."""
    score = partial(priority_of, minimum=selection.minimum)
    columns: list[Any] = [
        (gettext("Competency"), lambda row: in_language(row.competency, "name")),
        (gettext("Thematic area"), lambda row: in_language(row.competency.theme, "name")),
        (gettext("Priority score"), lambda row: score(row.cell)),
        (gettext("Class"), lambda row: class_of(row.cell)),
        (gettext("People rated"), _figure(lambda f: f.n)),
        (gettext("People in need"), _figure(lambda f: f.needs)),
        (gettext("Share in need (percent)"), _figure(lambda f: int(f.need_rate * 1000) / 10)),
        (gettext("Gap points"), _figure(lambda f: rounded(f.gap_points, 2))),
        (gettext("Mean importance"), _figure(lambda f: rounded(f.mean_importance, 2))),
        (gettext("Mean level"), _figure(lambda f: rounded(f.mean_level, 2))),
        (gettext("Single source"), _figure(lambda f: f.single_source)),
        (gettext("Diverging ratings"), _figure(diverging)),
    ]
    if selection.narrowed:
        title = gettext("Priority score: %(group)s", group=selection.base_label)
        columns.insert(4, (title, lambda row: score(row.compared)))
    return columns


def heat_columns(selection: Selection, heat: Heat) -> Columns:
    """Groups × competencies (or themes): score, class and people of each side by side."""
    columns: list[Any] = [(gettext("Group"), lambda row: row.label)]
    for at, thing in enumerate(heat.columns):
        name = {"group": in_language(thing, "name")}
        columns.append((gettext("Priority score: %(group)s", **name), _nth(at, partial(_score, selection.minimum))))
        columns.append((gettext("Class: %(group)s", **name), _nth(at, _class)))
        columns.append((gettext("Rated: %(group)s", **name), _nth(at, lambda cell: cell.n or None)))
    return columns


def _score(minimum: int, cell: HeatCell) -> Any:
    if cell.hidden:
        return f"<{minimum}"
    return rounded(*cell.score) if cell.score else None


def _class(cell: HeatCell) -> str | None:
    return cell.priority_class.label if cell.priority_class else None


def _nth(at: int, read: Callable[[HeatCell], Any]) -> Callable[[HeatRow], Any]:
    return lambda row: read(row.cells[at])


def short_classes() -> dict[PriorityClass, str]:
    """The classes in words that fit a cell of a heat map."""
    return {
        PriorityClass.HIGH: pgettext("short class", "High"),
        PriorityClass.MEDIUM: pgettext("short class", "Med."),
        PriorityClass.LOW: pgettext("short class", "Low"),
        PriorityClass.NONE: pgettext("short class", "None"),
    }


def pattern(heat: Heat) -> str | None:
    """What a heat map amounts to, in one sentence; None where no figure of a part is shown."""
    found = heat.pattern
    if found is None or found.whole.score is None or found.whole.priority_class is None:
        return None
    facts = {"what": in_language(found.thing, "name"), "high": found.high, "of": found.of}
    if not found.high:
        score = format_number(*found.whole.score)
        return gettext(
            "Highest: %(what)s (%(score)s, %(class)s). It is High in none of the groups shown.",
            what=facts["what"],
            score=score,
            **{"class": found.whole.priority_class.label},
        )
    if heat.of == "unit":
        return gettext("Highest: %(what)s, High in %(high)s of the %(of)s units shown.", **facts)
    if heat.of == "title":
        return gettext("Highest: %(what)s, High in %(high)s of the %(of)s title groups shown.", **facts)
    return gettext("Highest: %(what)s, High in %(high)s of the %(of)s institutions shown.", **facts)


def people_columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Job title"), lambda row: row.title),
        (gettext("Importance"), lambda row: row.importance),
        (gettext("Current level"), lambda row: row.level),
        (gettext("Competency gap"), lambda row: row.gap),
        (gettext("Single source"), lambda row: gettext("Yes") if row.single_source else gettext("No")),
    ]
