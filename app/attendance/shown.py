"""What attendance shows on pages of lower rooms: a tab of each session, and what waits on the home page."""

from __future__ import annotations

from collections.abc import Collection

from app.access.caller import Caller
from app.access.permissions import Permission
from app.attendance import queries, sums, tasks
from app.attendance.arithmetic import Standing
from app.core.clock import now
from app.language import format_date, format_percent, format_time, gettext, in_language, ngettext
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
    take, correct = (caller.scope_for(p) for p in (Permission.ATTENDANCE_TAKE, Permission.ATTENDANCE_CORRECT))
    sheets = tasks.unmarked_sheets(take, correct, limit=SHOWN)
    return [
        Task(
            label=gettext(
                "Attendance is missing: %(date)s %(time)s", date=format_date(s.date), time=format_time(s.starts)
            ),
            url=f"/sittings/{s.id}",
            detail=f"{s.code} {in_language(s, 'name')} · "
            + ngettext("%(num)s person not marked", "%(num)s people not marked", s.missing),
            icon="clipboard-check",
            urgent=True,
            order=10,
        )
        for s in sheets
    ]


def joining(course_session: CourseSession, said: queries.Words | None = None) -> list[str]:
    """What whoever gets a seat now (and is marked as `said`) has missed already, and whether that is too much."""
    found = sums.newcomer(course_session, now(), said)
    return [_missed(*found)] if found and found[0].lost else []


def _missed(newcomer: Standing, threshold: int) -> str:
    over = {"lost": newcomer.lost, "base": newcomer.base}
    if newcomer.best_case_ok:
        return gettext(
            "%(lost)s of %(base)s min are over and count as missed. "
            "Whoever gets a seat now may still miss %(rest)s min.",
            **over,
            rest=newcomer.allowance,
        )
    return gettext(
        "%(lost)s of %(base)s min are over. Whoever gets a seat now can no longer meet the attendance requirement. "
        "Needed: %(needed)s, still possible: %(possible)s.",
        **over,
        needed=format_percent(threshold * 10),
        possible=format_percent(newcomer.best_case_tenths),
    )


def kept_sittings(caller: Caller, sitting_ids: Collection[int]) -> list[int]:
    """Those with a mark keep their date when sittings are postponed."""
    return sorted({sitting_id for sitting_id, _ in queries.marks(sitting_ids)})


def init() -> None:
    slots.add("training.kept_sittings", kept_sittings)
    slots.add("course_session.tabs", tab)
    slots.add("home.tasks", unmarked)
    slots.add("enrolment.joining", lambda _, course_session: joining(course_session))
