"""What attendance shows on pages of lower rooms: a tab of each session, and what waits on the home page."""

from __future__ import annotations

from collections.abc import Collection

from app.access.caller import Caller
from app.access.permissions import Permission
from app.attendance import queries, tasks
from app.language import format_date, format_time, gettext, in_language, ngettext
from app.training.models import CourseSession, SessionStatus
from app.web import slots
from app.web.slots import Tab, Task

SHOWN = 5


def tab(caller: Caller, course_session: CourseSession) -> Tab | None:
    """For whoever runs the session, or gives a sitting of it."""
    scope = caller.scope_for(Permission.ATTENDANCE_READ)
    runs = scope.everything or course_session.province_id in scope.provinces
    if not runs and (scope.own_trainer is None or course_session.status is SessionStatus.DRAFT):
        return None
    return Tab(gettext("Attendance"), f"/sessions/{course_session.id}/attendance", order=30)


def unmarked(caller: Caller, _: object) -> list[Task]:
    """Sheets that are over and not complete, the oldest first; more than five are counted in the last line."""
    if not caller.may(Permission.ATTENDANCE_TAKE):
        return []
    sheets = tasks.unmarked_sheets(caller.scope_for(Permission.ATTENDANCE_TAKE), limit=SHOWN)
    return [
        Task(
            label=gettext(
                "Attendance is missing: %(date)s %(time)s", date=format_date(s.date), time=format_time(s.starts)
            ),
            url=f"/sittings/{s.sitting_id}",
            detail=f"{s.code} {in_language(s, 'name')} · "
            + ngettext("%(num)s person not marked", "%(num)s people not marked", s.seats - s.marked),
            icon="clipboard-check",
            urgent=True,
            order=10,
        )
        for s in sheets
    ]


def kept_sittings(caller: Caller, sitting_ids: Collection[int]) -> list[int]:
    """Those with a mark keep their date when sittings are postponed."""
    return sorted({sitting_id for sitting_id, _ in queries.marks(sitting_ids)})


def init() -> None:
    slots.add("training.kept_sittings", kept_sittings)
    slots.add("course_session.tabs", tab)
    slots.add("home.tasks", unmarked)
