"""What stands around a session's list: seats, balance, who is next, one's own place."""

from __future__ import annotations

from typing import Any

from app.access.caller import Caller
from app.access.permissions import Permission
from app.enrolment import obstacles, queries, services
from app.enrolment.list_queries import Counts, Listed
from app.enrolment.part import Part, Plays
from app.language import gettext
from app.training.models import CourseSession


def roster(caller: Caller, course_session: CourseSession, mine: Part, found: Listed) -> dict[str, Any]:
    """For the template, beside the list itself. `first`: id of the enrolment that may be given a free seat now, for
    who runs the session.
    """
    counts = found.counts
    takes = course_session.status in obstacles.TAKING
    gives = mine.runs and takes and counts.waiting and found.taken < course_session.capacity
    return {
        "counts": counts,
        "taken": found.taken,
        "takes": takes,
        "asks": takes and not obstacles.nominations_closed(course_session),
        "closes": obstacles.nominations_close(course_session) if takes else None,
        "first": _first(course_session, found) if gives else None,
        **_words(counts),
        **(_own(caller, course_session) if mine.plays is Plays.OWN else {}),
    }


def _first(course_session: CourseSession, found: Listed) -> int | None:
    """The first who waits and could come."""
    hindered = obstacles.obstacles(course_session, [row.employee_id for row in found.line])
    return next((row.id for row in found.line if row.employee_id not in hindered), None)


def _own(caller: Caller, course_session: CourseSession) -> dict[str, Any]:
    """A staff member's own enrolment, and whether they could apply at all."""
    scope = caller.scope_for(Permission.ENROLMENT_APPLY)
    own = queries.own_enrolment(scope, course_session, caller.id)
    return {
        "own": own,
        "may_take_back": own is not None and services.may_take_back(own),
        "may_apply": caller.may(Permission.ENROLMENT_APPLY) and queries.own_employee(caller.id) is not None,
    }


def _words(counts: Counts) -> dict[str, Any]:
    """The choices of the status filter with their numbers, and what the classes of the waiting list mean."""
    states = [(status.value, f"{status.label} ({number})") for status, number in counts.states.items()]
    return {
        "status_choices": [
            ("", gettext("All current (%(num)s)", num=counts.current)),
            *states,
            ("ended", gettext("Ended (%(num)s)", num=counts.ended)),
        ],
        "priority_words": {
            1: gettext("1: high need"),
            2: gettext("2: need"),
            3: gettext("3: no known need"),
            4: gettext("4: completed"),
        },
    }
