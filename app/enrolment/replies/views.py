"""A focal point's people and their answers; one's own training as a calendar file."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing
from app.enrolment import queries as enrolments
from app.enrolment.notices import calendars
from app.enrolment.replies import pages, queries
from app.enrolment.seats.pages import ANYBODY
from app.language import format_date, format_datetime, gettext
from app.lists import pages as lists
from app.lists.events import Exported
from app.lists.models import Columns, ListOf
from app.post.calendars.ics import MEDIA_TYPE
from app.web.door import require, traced
from app.web.listing import download

bp = Blueprint("replies", __name__)
P = Permission


@bp.get("/nominations/answers")
@require(P.ENROLMENT_NOMINATE)
@traced(Exported)
def show_replies() -> ResponseReturnValue:
    """Who comes, who does not and why, who has not said, training by training."""
    tallies = queries.tallies(caller.scope_for(P.ENROLMENT_NOMINATE))
    return lists.answer(
        REPLIES,
        "enrolment/replies/replies.html",
        by=caller,
        tallies=tallies,
        sessions=[(str(one.course_session_id), f"{one.code} {one.course}") for one in tallies],
        words=pages.said_words(),
    )


def _columns() -> Columns:
    words = pages.said_words()
    return [
        (gettext("Course session"), lambda row: f"{row.code} {row.course}"),
        (gettext("Date"), lambda row: format_date(row.starts_on)),
        (gettext("Name"), lambda row: row.name),
        (gettext("Unit"), lambda row: row.unit),
        (gettext("Phone"), lambda row: row.phone),
        (gettext("Answer"), lambda row: words[row.said.value]),
        (gettext("When"), lambda row: format_datetime(row.since)),
        (gettext("Reason"), lambda row: row.reason),
    ]


REPLIES = ListOf(
    name="replies",
    access=P.ENROLMENT_NOMINATE,
    title=lambda: gettext("Answers to invitations"),
    columns=_columns,
    rows=queries.replies,
    sorts=queries.SORTS,
    filters=("answer", "session"),
)


@bp.get("/enrolments/<int:key>/calendar.ics")
@require(*ANYBODY)
def calendar(key: int) -> ResponseReturnValue:
    """The days of one's own training, to be put into a calendar."""
    enrolment = enrolments.enrolment(caller.scope_for(*ANYBODY), key)
    content = calendars.file(enrolment) if enrolment.employee.user_id == caller.id else None
    if content is None:
        raise Missing
    return download(content, MEDIA_TYPE, calendars.name(enrolment.course_session))
