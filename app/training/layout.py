"""What every page about one course session shows, whichever room draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.access.current import caller
from app.training import queries
from app.training.models import CourseSession
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
