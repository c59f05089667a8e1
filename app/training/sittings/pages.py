"""Sittings by day, their tab, and those that need somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.language import gettext, in_language
from app.training.assignments.pages import when
from app.training.models import CourseSession, Sitting, TrainerAssignment
from app.training.sittings import queries
from app.web.parts import Tab, Task


def tab(_: Caller, course_session: CourseSession) -> Tab:
    return Tab(gettext("Sittings"), url_for("sittings.list_sittings", course_session_id=course_session.id), 10)


def troubles(caller: Caller, _: None) -> Iterator[Task]:
    """Sittings of one's sessions that nobody gives, without a room or date, or on a day nobody works; and, for the
    administrator, roles of people who left.
    """
    if not caller.may(Permission.SESSION_WRITE):
        return
    for each in queries.troubles(caller.scope_for(Permission.SESSION_WRITE)):
        about = each.about
        url = url_for("sittings.list_sittings", course_session_id=about.course_session_id)
        name = f"{about.code} {in_language(about, 'name')}"
        if each.kind == "declined":
            label = gettext("A trainer has declined: %(session)s", session=name)
            yield Task(label, url, when(about), "user-x", urgent=True, order=15)
        elif each.kind == "gone":
            label = gettext("A trainer is no longer active: %(session)s", session=name)
            yield Task(label, url, when(about), "user-x", urgent=True, order=15)
        elif each.kind == "closed":
            label = gettext("A room is no longer used: %(session)s", session=name)
            yield Task(label, url, when(about), "building-2", urgent=True, order=15)
        elif each.kind == "unsettled":
            roles = " · ".join(str(Role(role).label) for role in about.name_en.split())
            label = gettext("Left the institution, roles to decide on: %(name)s", name=about.name_tr)
            person = url_for("employees.show_person", employee_id=about.course_session_id)
            yield Task(label, person, roles, "user-x", urgent=True, order=12)
        elif each.kind == "dateless":
            label = gettext("New dates are needed: %(session)s", session=name)
            dates = url_for("sittings.redate_sittings", course_session_id=about.course_session_id)
            yield Task(label, dates, when(about), "calendar-clock", urgent=True, order=16)
        elif about.day is not None:
            label = gettext("Planned on a day off: %(session)s", session=name)
            yield Task(label, url_for("days.show_day", day=about.day), when(about), "calendar-x", order=17)


def by_day(
    sittings: Sequence[Sitting], assignments: Sequence[TrainerAssignment]
) -> list[tuple[Any, list[tuple[Sitting, list[TrainerAssignment]]]]]:
    """(date or None, its sittings with who gives each), in time."""
    giving: dict[int, list[TrainerAssignment]] = {}
    for assignment in assignments:
        giving.setdefault(assignment.sitting_id, []).append(assignment)
    days: dict[Any, list[tuple[Sitting, list[TrainerAssignment]]]] = {}
    for each in sittings:
        days.setdefault(each.date, []).append((each, giving.get(each.id, [])))
    return list(days.items())
