"""What waits on the first page: marks that came after the lock."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.attendance.arrivals import queries
from app.attendance.models import LateMark
from app.language import gettext, ngettext
from app.training.models import CourseSession, Sitting
from app.web.parts import Counted, Task


def late_marks(caller: Caller, _: object) -> Counted | None:
    """For whoever may correct a locked sheet."""
    if not caller.may(Permission.ATTENDANCE_CORRECT):
        return None
    scope = caller.scope_for(Permission.ATTENDANCE_CORRECT)
    return Counted(queries.count_waiting(scope), (LateMark, Sitting, CourseSession), _task)


def _task(number: int) -> Task:
    label = ngettext("%(num)s mark arrived late", "%(num)s marks arrived late", number)
    why = gettext("Sent by a phone after its sheet was locked. Accept them with one reason.")
    return Task(label, url_for("arrivals.list_late_marks"), why, "clock", urgent=True, order=11)
