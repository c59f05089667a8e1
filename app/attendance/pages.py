"""What attendance shows on pages of lower rooms: a tab of each session, and what a newcomer has missed already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.attendance import queries
from app.attendance.models import Words
from app.attendance.rules import Standing
from app.core.clock import now
from app.language import format_percent, gettext
from app.people.models import Employee
from app.training.concerns import Concern
from app.training.models import CourseSession, SessionStatus
from app.web.parts import Section, Tab


def _lost(scope: Scope) -> tuple[sa.Select[Any], str, str]:
    return queries.number_lost(scope), gettext("Can no longer pass"), url_for("at_risk.list_lost")


LOST = Concern(
    lambda: gettext("Somebody can no longer pass"),
    queries.out_of_reach,
    (*queries.OUT_OF_REACH, Employee),
    people=_lost,
)


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session, or gives a sitting of it."""
    scope = caller.scope_for(Permission.ATTENDANCE_READ)
    runs = queries.runs(scope, course_session)
    if not runs and (scope.own_trainer is None or course_session.status is SessionStatus.DRAFT):
        return None
    return Tab(gettext("Attendance"), url_for("marks.show_attendance", course_session_id=course_session.id), order=30)


def still_missable(caller: Caller, _: object) -> Section | None:
    """How many minutes whoever asks may still miss of each training that goes on."""
    found = queries.own_standings(caller.id)
    return Section(gettext("How much you may still miss"), "attendance/missable.html", found) if found else None


def joining(course_session: CourseSession, said: Words | None = None) -> list[str]:
    """What whoever gets a seat now (and is marked as `said`) has missed already, and whether that is too much."""
    found = queries.newcomer(course_session, now(), said)
    return [_missed(*found)] if found and found[0].lost else []


def _missed(newcomer: Standing, threshold: int) -> str:
    over = {"lost": newcomer.lost, "base": newcomer.base}
    if newcomer.best_case_ok:
        return gettext(
            "%(lost)s of %(base)s min are over and count as missed. "
            "Whoever gets a seat now may still miss %(rest)s min.",
            **over,
            rest=newcomer.allowance,
        )
    return gettext(
        "%(lost)s of %(base)s min are over. Whoever gets a seat now can no longer meet the attendance requirement. "
        "Needed: %(needed)s, still possible: %(possible)s.",
        **over,
        needed=format_percent(threshold * 10),
        possible=format_percent(newcomer.best_case_tenths),
    )
