"""What each role sees first, in the menu, and where the lines of a schedule lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Role
from app.language import gettext
from app.web.parts import Counted, NavItem, Task


def of_session(row: Any) -> str:
    return url_for("sessions.show_session", course_session_id=row.course_session_id)


def of_enrolments(row: Any) -> str:
    return url_for("seats.show_enrolments", key=row.course_session_id)


def of_sitting(row: Any) -> str:
    return url_for("marks.show_sitting", sitting_id=row.id)


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.roles != {Role.STAFF}:
        yield NavItem(gettext("Overview"), url_for("home.show_home"), "layout-dashboard", 0, place=True)
    if caller.is_a(Role.STAFF):
        yield NavItem(gettext("My trainings"), url_for("home.show_me"), "graduation-cap", 5, place=True)


def counted(asked: Sequence[Counted], found: Sequence[int]) -> list[Task]:
    """The tasks of which there is something to do."""
    return [each.task(number) for each, number in zip(asked, found, strict=True) if number]
