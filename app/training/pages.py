"""What every page about one course session shows, whichever room draws it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.access.current import caller
from app.access.permissions import Permission
from app.core import slots
from app.core.clock import now
from app.settings.queries import calendar, value
from app.training import queries
from app.training.models import CourseSession, Sitting
from app.training.rules import FIXED, LIVE, Circumstance, circumstances, moment_of, nominations_closed
from app.venues.models import Venue
from app.web.parts import Tab

ROLLS = ("/sittings",)
"""Addresses of the roll: under the sessions of whoever runs them, else under what one gives."""


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
        now(),
        begins=moment_of(course_session.starts_on, course_session.first_start),
        ends=moment_of(course_session.ends_on, course_session.last_end),
        closed=nominations_closed(
            course_session.starts_on,
            course_session.nominations_close_at,
            int(value("nominations_close_days")),
            calendar,
            now(),
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


def to_see(course_session_id: int) -> CourseSession:
    return queries.course_session(caller.scope_for(Permission.SESSION_READ), course_session_id)


def to_run(course_session_id: int) -> CourseSession:
    """A session the caller runs: one that is only offered to their province is not theirs to change."""
    return queries.course_session(queries.running(caller.scope_for(Permission.SESSION_WRITE)), course_session_id)
