"""What every page about one course session shows, whichever room draws it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from app.access.current import caller
from app.access.permissions import Permission
from app.calendar.days import Calendar
from app.core.errors import Refused
from app.language import spoken
from app.settings.queries import calendar, value
from app.training import conflicts, history, queries, remarks, sitting_services
from app.training.circumstances import LIVE, Circumstance, circumstances, moment_of, nominations_closed
from app.training.conflicts import Conflict, Planned, Setting
from app.training.models import CourseSession, SessionStatus, Sitting, TrainerAssignment
from app.training.plan_sessions import called
from app.training.preview import Preview, preview
from app.training.sitting_services import FIXED
from app.venues.models import Venue
from app.web import slots
from app.web.slots import Tab


def layout(course_session: CourseSession, current: str, places: Sequence[Venue] | None = None) -> dict[str, Any]:
    """Heading and tabs for `render("…", **layout(course_session, "enrolments"), …)`; the page extends
    `training/layout.html`. `current` is the last part of the tab's address, "overview" for the first one.
    `places`: where it takes place, for whoever knows already.
    """
    tabs = slots.collect("course_session.tabs", caller, course_session)
    here = str(course_session.id) if current == "overview" else current
    return {
        "course_session": course_session,
        "circumstances": standing(course_session),
        "places": queries.places(course_session) if places is None else places,
        "tabs": [replace(tab, current=_last_part(tab) == here) for tab in tabs],
    }


def standing(course_session: CourseSession) -> tuple[Circumstance, ...]:
    """What the facts and the clock say of a session loaded by `queries.course_session`."""
    if course_session.status not in LIVE:
        return ()
    return circumstances(
        course_session.status,
        begins=moment_of(course_session.starts_on, course_session.first_start),
        ends=moment_of(course_session.ends_on, course_session.last_end),
        closed=nominations_closed(
            course_session.starts_on,
            course_session.nominations_close_at,
            int(value("nominations_close_days")),
            calendar,
        ),
        full=(course_session.taken or 0) >= course_session.capacity,
    )


def places_of(sittings: Sequence[Sitting]) -> list[Venue]:
    """Where sittings already loaded take place, the most used first."""
    counted = Counter(each.room.venue for each in sittings if each.room is not None)
    return [venue for venue, _ in counted.most_common()]


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
    mine, changes = may_run(course_session), runs(course_session)
    moves = slots.collect("course_session.moves", caller, course_session)
    return {
        **layout(course_session, "overview", places_of(sittings)),
        "runs": changes,
        "may_run": mine,
        "moves": moves,
        "next_step": next_step(course_session, sittings) if changes else None,
        "sittings": sittings,
        "days": by_day(sittings, assignments),
        "assignments": assignments,
        "audience": queries.audience(course_session),
        "history": history.of(course_session) if mine else (),
        "plan_row": called(course_session.plan_item, spoken) if course_session.plan_item is not None else None,
        "closes": queries.nominations_close(course_session, calendar()),
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
    if not planned:
        return []
    return slots.collect("course_session.conflicts", caller, (course_session, planned))


def look(
    course_session: CourseSession,
    sittings: Sequence[Sitting],
    plan: Callable[[Calendar], list[Planned]],
    *,
    opening: bool = False,
) -> Preview:
    """What a plan for some of a session's `sittings` would be, or (`opening`) offering them as they are."""
    days = calendar()
    wanted = course_session.course.hours * 60
    try:
        planned = plan(days)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    changed = {each.sitting_id for each in planned}
    standing = () if opening else sittings
    first = opening and course_session.threshold is None
    own = sitting_services.look(course_session, planned, days, standing=standing, opening=first)
    found = [*own, *also(course_session, planned)]
    return preview(
        planned,
        found,
        wanted=wanted,
        already=sum(each.minutes for each in sittings if each.id not in changed),
        known=queries.overridden(course_session) if found else frozenset(),
    )


def look_new(setting: Setting, wanted: int, plan: Callable[[Calendar], list[Planned]]) -> Preview:
    """The same for a session that is not saved yet; `wanted`: minutes of the course."""
    try:
        planned = plan(setting.calendar)
    except Refused as refusal:
        return preview((), (), wanted=wanted, problem=refusal.message)
    return preview(planned, [*conflicts.find(planned, setting), *remarks.past(planned)], wanted=wanted)
