"""What every page about one course session shows, whichever room draws it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from app.access.current import caller
from app.access.permissions import Permission
from app.calendar.days import Calendar
from app.core.errors import Refused
from app.settings.queries import calendar
from app.training import conflicts, queries, seats
from app.training.circumstances import circumstances, moment_of
from app.training.conflicts import Conflict, Planned, Setting
from app.training.models import CourseSession, SessionStatus, Sitting, TrainerAssignment
from app.training.preview import Preview, preview
from app.training.sitting_services import FIXED, setting_of
from app.web import slots
from app.web.slots import Tab


def layout(course_session: CourseSession, current: str) -> dict[str, Any]:
    """Heading and tabs for `render("…", **layout(course_session, "enrolments"), …)`; the page extends
    `training/layout.html`. `current` is the last part of the tab's address, "overview" for the first one.
    """
    tabs = slots.collect("course_session.tabs", caller, course_session)
    here = str(course_session.id) if current == "overview" else current
    return {
        "course_session": course_session,
        "places": queries.places(course_session),
        "tabs": [replace(tab, current=_last_part(tab) == here) for tab in tabs],
    }


def _last_part(tab: Tab) -> str:
    return tab.url.rstrip("/").rpartition("/")[2]


def runs(course_session: CourseSession) -> bool:
    """Whether whoever looks may change it, and it may be changed."""
    return course_session.status not in FIXED and may_run(course_session)


def may_run(course_session: CourseSession) -> bool:
    return queries.runs(caller.scope_for(Permission.SESSION_WRITE), course_session)


def overview(course_session: CourseSession) -> dict[str, Any]:
    """All that a session's first page shows."""
    sittings, assignments = queries.sittings(course_session), queries.assignments(course_session)
    dated = [each for each in sittings if each.date is not None]
    closes = queries.nominations_close(course_session, calendar())
    taken = seats.taken_in(course_session)
    begins = moment_of(dated[0].date, dated[0].starts) if dated else None
    last = max(dated, key=lambda each: (each.date, each.ends), default=None)
    return {
        **layout(course_session, "overview"),
        "runs": runs(course_session),
        "may_run": may_run(course_session),
        "moves": slots.collect("course_session.moves", caller, course_session),
        "sittings": sittings,
        "days": by_day(sittings, assignments),
        "assignments": assignments,
        "audience": queries.audience(course_session),
        "overrides": queries.overrides(course_session) if may_run(course_session) else (),
        "closes": closes,
        "taken": taken,
        "minutes": sum(each.minutes for each in sittings),
        "circumstances": circumstances(
            course_session.status,
            begins=begins,
            ends=moment_of(last.date, last.ends) if last else None,
            closes=closes,
            full=taken >= course_session.capacity,
        ),
        "SessionStatus": SessionStatus,
    }


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


def also(course_session: CourseSession, planned: Sequence[Planned]) -> list[Conflict]:
    """The conflicts upper rooms know of."""
    return slots.collect("course_session.conflicts", caller, (course_session, planned))


def look(course_session: CourseSession, plan: Callable[[Calendar], list[Planned]]) -> Preview:
    """What a plan for some sittings of a session would be."""
    days = calendar()
    wanted = course_session.course.hours * 60
    sittings = queries.sittings(course_session)
    try:
        planned = plan(days)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    changed = {each.sitting_id for each in planned}
    return preview(
        planned,
        [*conflicts.find(planned, setting_of(course_session, days)), *also(course_session, planned)],
        wanted=wanted,
        already=sum(each.minutes for each in sittings if each.id not in changed),
        known=queries.overridden(course_session),
    )


def look_new(setting: Setting, wanted: int, plan: Callable[[Calendar], list[Planned]]) -> Preview:
    """The same for a session that is not saved yet; `wanted`: minutes of the course."""
    try:
        planned = plan(setting.calendar)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    return preview(planned, conflicts.find(planned, setting), wanted=wanted)
