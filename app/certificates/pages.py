"""What the pages about a session's certificates have in common."""

from __future__ import annotations

from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import queries
from app.training.models import CourseSession


def to_certify(course_session_id: int, permission: Permission = Permission.CERTIFICATE_ISSUE) -> CourseSession:
    """The session whoever asks runs, with course and province, or Missing."""
    return queries.session_to_certify(caller.scope_for(permission), course_session_id)
