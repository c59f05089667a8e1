"""What the pages about a session's certificates have in common."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import queries
from app.language import gettext
from app.training.models import CourseSession
from app.web.parts import Tally


def to_certify(course_session_id: int, permission: Permission = Permission.CERTIFICATE_ISSUE) -> CourseSession:
    """The session whoever asks runs, with course and province, or Missing."""
    return queries.session_to_certify(caller.scope_for(permission), course_session_id)


def tallies(_: Caller, people: Sequence[int]) -> Tally:
    """Valid certificates of people; whoever asks sees these people."""
    return Tally(gettext("Certificates"), queries.held(people), order=20)
