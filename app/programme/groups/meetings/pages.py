"""What meetings show on the pages of others: tasks, one's own page and calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission
from app.core.clock import at, today
from app.core.paging import ListQuery
from app.language import format_time, gettext, in_language, ngettext, pgettext
from app.lists.models import Columns
from app.people.models import Employee
from app.post.calendars.ics import CalendarEvent
from app.post.letters import host
from app.post.models import CalendarSeries
from app.programme.groups.meetings import queries
from app.programme.groups.meetings.notices import place, title
from app.programme.groups.models import GroupMeeting, MeetingState
from app.programme.groups.queries import OF_MEETINGS
from app.programme.parts import Filter, kind_filter, province_filter
from app.web.parts import Counted, Section, Task


def columns() -> Columns:
    def of(name: str) -> Callable[[Any], Any]:
        return lambda row: getattr(row, name) if row.asked else None

    return [
        (gettext("Group"), lambda row: in_language(row.GroupMeeting.group, "name")),
        (gettext("Province"), lambda row: in_language(row.GroupMeeting.group.province, "name")),
        (gettext("Date"), lambda row: row.GroupMeeting.date),
        (gettext("Begins"), lambda row: format_time(row.GroupMeeting.starts)),
        (gettext("Ends"), lambda row: format_time(row.GroupMeeting.ends)),
        (pgettext("meeting", "Place"), lambda row: row.GroupMeeting.place or place(row.GroupMeeting)),
        (gettext("State"), lambda row: row.GroupMeeting.state(row.asked > 0).label),
        (gettext("Members"), of("asked")),
        (gettext("Came or sent a substitute"), of("came")),
        (gettext("Women"), of("women")),
        (gettext("Men"), of("men")),
        (gettext("Signed sheet"), lambda row: gettext("Yes") if row.GroupMeeting.document_id else gettext("No")),
    ]


def filters(caller: Caller) -> list[Filter]:
    return [province_filter(caller), kind_filter("state", gettext("State"), MeetingState)]


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Meetings that are over and say nothing of who was there, for whoever may enter it."""
    if caller.may(Permission.PROGRAMME_WRITE):
        unmarked = ListQuery(sort="date", filters={"state": "unmarked"})
        number = queries.meetings(caller.scope_for(Permission.PROGRAMME_WRITE), unmarked).number
        yield Counted(number, OF_MEETINGS, _unmarked)


def _unmarked(number: int) -> Task:
    said = ngettext(
        "%(num)s meeting is over without attendance", "%(num)s meetings are over without attendance", number
    )
    url = url_for("meetings.show_meetings", state="unmarked")
    return Task(said, url, gettext("Enter who was there, and the minutes."), "handshake", order=30)


def own_meetings(caller: Caller, _: object) -> Counted:
    """The meetings ahead of the groups somebody sits in, read where there are some."""
    number, user_id = queries.count_ahead(caller.id), caller.id

    def section(_: int) -> Section:
        items = [_item(one, today()) for one in queries.of_user(user_id, only_ahead=True)]
        return Section(gettext("Your meetings"), "programme/groups/own.html", items, order=2)

    return Counted(number, (*OF_MEETINGS, Employee), section)


def _item(meeting: GroupMeeting, day: date) -> dict[str, object]:
    """As `ui.schedule` reads it."""
    hours = f"{format_time(meeting.starts)}–{format_time(meeting.ends)}"
    shown = {"date": meeting.date, "title": title(meeting), "time": hours, "place": place(meeting)}
    return shown | {"note": " · ".join(meeting.agenda.splitlines()), "today": meeting.date == day}


def feed_events(_: object, user: User) -> list[CalendarEvent]:
    """The same in the calendar somebody subscribes to, each under the UID of the letter, where there was one; what was
    called off stays in it, marked as such.
    """
    mailed = queries.in_calendars(user.id)
    return [_event(one, mailed.get(one.id)) for one in queries.of_user(user.id)]


def _event(meeting: GroupMeeting, mailed: CalendarSeries | None) -> CalendarEvent:
    return CalendarEvent(
        uid=mailed.uid if mailed else f"meeting-{meeting.id}@{host()}",
        sequence=mailed.sequence if mailed else meeting.version,
        start=at(meeting.date, meeting.starts),
        end=at(meeting.date, meeting.ends),
        summary=title(meeting),
        location=place(meeting),
        description=meeting.agenda,
        cancelled=meeting.cancelled_at is not None,
    )
