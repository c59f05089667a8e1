"""The list behind the number on the overview."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.attendance.at_risk import queries
from app.language import format_date, gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.web.door import require, traced

bp = Blueprint("at_risk", __name__)


@bp.get("/attendance/lost")
@require(Permission.ATTENDANCE_CORRECT)
@traced(Exported)
def list_lost() -> ResponseReturnValue:
    return lists.answer(LOST, "attendance/at_risk/lost.html", by=caller)


def _columns() -> Columns:
    return [
        (gettext("Name"), lambda row: row.name),
        (gettext("Institution"), lambda row: row.organisation),
        (gettext("Course session"), lambda row: f"{row.code} {row.course}"),
        (gettext("Last day"), lambda row: format_date(row.ends_on)),
    ]


LOST = ListOf(
    name="lost",
    access=Permission.ATTENDANCE_CORRECT,
    title=lambda: gettext("Can no longer pass"),
    columns=_columns,
    rows=queries.lost,
    sorts=queries.SORTS,
)
