"""The way to open a session again, on its page."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.training import queries as training
from app.training.models import CourseSession, SessionStatus
from app.web.parts import Move


def move(caller: Caller, course_session: CourseSession) -> Move | None:
    if course_session.status is not SessionStatus.FINALISED:
        return None
    if not training.runs(caller.scope_for(Permission.SESSION_REOPEN), course_session):
        return None
    return Move(
        gettext("Reopen for corrections"), url_for("reopening.reopen", course_session_id=course_session.id), "lock-open"
    )
