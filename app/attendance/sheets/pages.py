"""Whose sheets the caller may open, and those that wait for them on the home page."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for

from app.access.caller import Caller
from app.access.current import caller
from app.access.permissions import Permission
from app.attendance import queries as attendance
from app.attendance.queries import InProvince
from app.attendance.sheets import queries, waiting
from app.attendance.sheets.queries import Sheet
from app.language import format_date, format_time, gettext, in_language, ngettext
from app.training import queries as training
from app.training.models import Sitting
from app.web.parts import RollLink, Task

SHOWN = 5


def may_correct(session: InProvince) -> bool:
    return attendance.runs(caller.scope_for(Permission.ATTENDANCE_CORRECT), session)


def own_sheet(sitting_id: int) -> Sheet:
    """The sheet of a sitting whose roll the caller may call."""
    return queries.sheet(caller.scope_for(Permission.ATTENDANCE_TAKE), sitting_id)


def own_sitting(sitting_id: int) -> Sitting:
    """A sitting whose roll the caller may call, with its session, course and room."""
    return training.sitting(caller.scope_for(Permission.ATTENDANCE_TAKE), own_sheet(sitting_id).id)


def rolls(caller: Caller, sitting_ids: Collection[int]) -> list[RollLink]:
    """A way to the sheet of each of these sittings whose roll the caller calls."""
    if not sitting_ids or not caller.may(Permission.ATTENDANCE_TAKE):
        return []
    return [
        RollLink(
            key,
            gettext("Roll · %(done)s/%(total)s", done=done, total=total)
            if done >= total
            else gettext("Call the roll · %(done)s/%(total)s", done=done, total=total),
            url_for("marks.show_sitting", sitting_id=key),
        )
        for key, done, total in queries.how_far(caller.scope_for(Permission.ATTENDANCE_TAKE), sitting_ids)
    ]


def unmarked(caller: Caller, _: object) -> list[Task]:
    """Sheets that are over and not complete, the oldest first; more than five are counted in the last line."""
    if not caller.may(Permission.ATTENDANCE_TAKE):
        return []
    take, correct = (caller.scope_for(p) for p in (Permission.ATTENDANCE_TAKE, Permission.ATTENDANCE_CORRECT))
    sheets = waiting.unmarked_sheets(take, correct, limit=SHOWN)
    return [
        Task(
            label=gettext(
                "Attendance is missing: %(date)s %(time)s", date=format_date(s.date), time=format_time(s.starts)
            ),
            url=url_for("marks.show_sitting", sitting_id=s.id),
            detail=f"{s.code} {in_language(s, 'name')} · "
            + ngettext("%(num)s person not marked", "%(num)s people not marked", s.missing),
            icon="clipboard-check",
            urgent=True,
            order=10,
        )
        for s in sheets
    ]
