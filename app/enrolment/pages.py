"""The session a page is about, as far as the caller may put people on its list."""

from __future__ import annotations

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.enrolment import queries
from app.enrolment.queries import Part
from app.training import queries as training
from app.training.models import CourseSession

MANAGE = (Permission.ENROLMENT_WRITE, Permission.ENROLMENT_NOMINATE)


def session_at(key: int, *permissions: Permission) -> CourseSession:
    """The session of an address, as far as one of these permissions reaches; else Missing."""
    return training.course_session(caller.scope_for(*permissions), key)


def managed(key: int) -> tuple[CourseSession, Part]:
    """The session, where the caller may put people on its list; Missing where they may not."""
    course_session = session_at(key, *MANAGE)
    mine = queries.part(caller, course_session)
    if not mine.manages:
        raise Missing
    return course_session, mine
