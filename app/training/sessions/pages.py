"""A session's first page, its place in the menu, and hits of the search."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission, Role
from app.core import slots
from app.core.clock import today
from app.language import format_date, gettext, in_language, ngettext, spoken
from app.plans.models import PlanItem
from app.settings.queries import calendar
from app.training import history
from app.training import queries as training
from app.training.models import CourseSession, SessionStatus, Sitting
from app.training.pages import ROLLS, layout, may_run, places_of, runs
from app.training.sessions import queries
from app.training.sessions.plan_rows import called, number_behind
from app.training.sittings.pages import by_day
from app.web.parts import Counted, Hit, Hits, NavItem, Tab, Task

SHOWN_HITS = 5


def nav(caller: Caller, _: None) -> NavItem | None:
    """The roll of a sitting belongs to the sessions of whoever runs them."""
    if caller.may(Permission.SESSION_READ):
        covers = ROLLS if caller.may(Permission.SESSION_WRITE) else ()
        first = bool(caller.roles & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER, Role.STAFF})
        return NavItem(
            gettext("Course sessions"), url_for("sessions.list_sessions"), "layers", 20, place=first, covers=covers
        )
    return None


def behind(caller: Caller, _: object) -> Counted | None:
    """Rows of the plan behind their quarter, for whoever opens sessions there."""
    if not caller.may(Permission.SESSION_WRITE):
        return None
    number = number_behind(caller.scope_for(Permission.SESSION_WRITE), today())
    return Counted(number, (CourseSession,), _behind)


def _behind(number: int) -> Task:
    title = ngettext(
        "%(num)s row of the plan is behind its quarter", "%(num)s rows of the plan are behind their quarter", number
    )
    return Task(title, url_for("sessions.show_behind"), gettext("Open the groups that are missing."), "clipboard-list")


def plan_row(item: PlanItem) -> str:
    """What a row is called as content of an element."""
    return called(item, spoken)


def tab(_: Caller, course_session: CourseSession) -> Tab:
    return Tab(gettext("Overview"), url_for("sessions.show_session", course_session_id=course_session.id), 0)


def hits(caller: Caller, typed: str) -> Hits | None:
    """Sessions by code, course or province."""
    if not typed.strip() or not caller.may(Permission.SESSION_READ):
        return None
    found = queries.found_sessions(caller.scope_for(Permission.SESSION_READ), typed, SHOWN_HITS)
    if not found:
        return None
    return Hits(
        gettext("Course sessions"),
        tuple(
            Hit(
                f"{row.code} {in_language(row, 'name')}",
                url_for("sessions.show_session", course_session_id=row.id),
                _detail(row),
            )
            for row in found[:SHOWN_HITS]
        ),
        more_url=url_for("sessions.list_sessions", q=typed) if len(found) > SHOWN_HITS else None,
        order=20,
    )


def _detail(row: queries.FoundSession) -> str:
    dates = format_date(row.starts_on) if row.starts_on else gettext("No date yet")
    return " · ".join(part for part in (row.province, dates, row.status.label) if part)


def overview(course_session: CourseSession) -> dict[str, Any]:
    """All that a session's first page shows."""
    sittings, assignments = training.sittings_given(course_session)
    mine, changes = may_run(course_session), runs(course_session)
    moves = sorted(slots.collect("course_session.moves", caller, course_session), key=lambda move: not move.due)
    return {
        **layout(course_session, "overview", places_of(sittings)),
        "runs": changes,
        "may_run": mine,
        "moves": moves,
        "next_step": next_step(course_session, sittings) if changes else None,
        "sittings": sittings,
        "days": by_day(sittings, assignments),
        "assignments": assignments,
        "audience": training.audience(course_session),
        "history": history.of(course_session) if mine else (),
        "plan_row": called(course_session.plan_item, spoken) if course_session.plan_item is not None else None,
        "sections": slots.collect("course_session.sections", caller, course_session),
        "closes": training.nominations_close(course_session, calendar()),
        "taken": course_session.taken or 0,
        "minutes": sum(each.minutes for each in sittings),
        "SessionStatus": SessionStatus,
    }


class NextStep(StrEnum):
    """What this room has to offer as the one thing to do next; the other rooms' moves follow otherwise."""

    ADD_SITTINGS = "add_sittings"
    REDATE = "redate"
    OPEN = "open"


def next_step(course_session: CourseSession, sittings: Sequence[Sitting]) -> NextStep | None:
    if SessionStatus.OPEN not in course_session.status.next:
        return NextStep.REDATE if any(each.date is None for each in sittings) else None
    if not sittings:
        return NextStep.ADD_SITTINGS
    return NextStep.REDATE if any(each.date is None for each in sittings) else NextStep.OPEN
