"""What members are told of their meetings, with what their calendars show of them."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from app.audit.journal import Actor
from app.core.db import db
from app.language import force_locale, gettext, in_language, lazy_pgettext
from app.post import letters
from app.post.calendars import ics, series
from app.post.calendars.series import Part
from app.post.services import Place, cancel_waiting, enqueue
from app.programme.groups.events import MemberChanged, MemberJoined, MembersJoined
from app.programme.groups.meetings import queries
from app.programme.groups.models import GroupMeeting, GroupMember
from app.programme.groups.queries import members_of
from app.settings import queries as settings

LETTERS = {
    "invitation": ("meeting_invite", lazy_pgettext("occasion", "Invitation to a meeting")),
    "change": ("meeting_change", lazy_pgettext("occasion", "Change of a meeting")),
    "cancellation": ("meeting_cancel", lazy_pgettext("occasion", "Meeting cancelled")),
    "removal": ("meeting_removal", lazy_pgettext("occasion", "No longer expected at a meeting")),
    "double": ("meeting_change", lazy_pgettext("occasion", "Meeting twice in a calendar")),
}
"""Of each letter the kind of its occasion, and what it is called."""


def about(meeting: GroupMeeting, member_id: int) -> str:
    """What their calendar's entry is kept under."""
    return f"meeting:{meeting.id}:member:{member_id}"


def place(meeting: GroupMeeting) -> str:
    """In the reader's language."""
    return " · ".join(filter(None, (gettext("Online") if meeting.online else "", meeting.place)))


def title(meeting: GroupMeeting) -> str:
    return gettext("Meeting: %(group)s", group=in_language(meeting.group, "name"))


class To(NamedTuple):
    """A member who is told of a meeting: where, and what the entry of their calendar is kept under."""

    meeting: GroupMeeting
    member: GroupMember
    address: str
    key: str

    @classmethod
    def of(cls, meeting: GroupMeeting, member: GroupMember) -> To:
        return cls(meeting, member, letters.bare(member.address), about(meeting, member.id))


def _series(meeting: GroupMeeting) -> ics.Series:
    day = ics.Day(meeting.date, meeting.starts, meeting.ends, place(meeting), meeting.agenda)
    return ics.Series(title(meeting), (day,))


def invite(meeting: GroupMeeting) -> int:
    """Whoever's calendar does not show it yet: how many letters were written."""
    return sum(_put(meeting, member, "invitation") for member in queries.invited(meeting))


Times = tuple[date, time, time]


def changed(meeting: GroupMeeting, was: Times | None) -> int:
    """One notice of how it stands now, and of when it `was` where it moved, for each who was invited; it takes the
    place of one not yet sent. Whoever does not sit in the group on its new day need not come.
    """
    if meeting.invited_at is None:
        return 0
    expected = queries.invited(meeting)
    others = [one for one in members_of(meeting.group) if one not in expected]
    told = sum(_put(meeting, member, "change", was) for member in expected)
    return told + sum(_take_out(meeting, member) for member in others)


def cancelled(meeting: GroupMeeting) -> int:
    return sum(_take_out(meeting, member) for member in queries.invited(meeting))


def member_changed(event: MemberJoined | MemberChanged, by: Actor) -> None:
    """Who joins is invited to what is ahead, who leaves is told that she need not come."""
    for meeting in queries.told_of(event.group_id):
        sits = {one.id: one for one in queries.invited(meeting)}
        if (member := sits.get(event.member_id)) is not None:
            _put(meeting, member, "invitation")
        elif (gone := queries.member_of(meeting, event.member_id)) is not None:
            _take_out(meeting, gone)


def members_joined(event: MembersJoined, by: Actor) -> None:
    """Of two entries in the calendars of one person one is taken out; the only one there is follows her."""
    for meeting in queries.told_of(event.group_id):
        kept, gone = about(meeting, event.member_id), about(meeting, event.twin_id)
        member = queries.member_of(meeting, event.member_id)
        if member is None or series.standing(gone) is None:
            continue
        if series.standing(kept) is None:
            series.hand_over(gone, kept)
            _put(meeting, member, "invitation")
        elif (part := series.take_out(gone)) is not None:
            _send(To(meeting, member, ics.attendee(part.data), gone), "double", part)


def _put(meeting: GroupMeeting, member: GroupMember, letter: str, was: Times | None = None) -> bool:
    """Nothing where their calendar says so already, or no letter reaches them."""
    to = To.of(meeting, member)
    if not to.address:
        return False
    row = series.of(to.key)
    letter = "invitation" if row is None or row.calendar is None else letter
    with force_locale(member.language):
        part = series.put(to.key, _series(meeting), letters.sender(), to.address)
    if part is not None:
        _send(to, letter, part, was)
    return part is not None


def _take_out(meeting: GroupMeeting, member: GroupMember) -> bool:
    to = To.of(meeting, member)
    part = series.take_out(to.key) if to.address else None
    if part is not None:
        _send(to, "cancellation" if meeting.cancelled_at else "removal", part)
    return part is not None


def _send(to: To, letter: str, part: Part, was: Times | None = None) -> None:
    """`part` brings the calendar up to date, so no earlier notice may come after it."""
    db.session.flush()
    unsent = [cancel_waiting(f"{kind}:{to.key}:") for kind, _ in LETTERS.values()]
    with force_locale(to.member.language):
        subject, body = letters.write(
            f"programme/groups/mail/{letter}.txt",
            name=to.member.called,
            group=in_language(to.meeting.group, "name"),
            meeting=to.meeting,
            was=None if any(unsent) else was,  # of what they were never told nothing is said
            starts_on=to.meeting.date,
            place=place(to.meeting),
            calendar_url=letters.file_url(to.key),
            institution=settings.institution(),
        )
    enqueue(
        f"{LETTERS[letter][0]}:{to.key}:{ics.digest(part.data)}",
        to.address,
        to.member.language,
        subject,
        body,
        calendar=part.data,
        calendar_method=part.method.value,
        settles=letter == "change",
        place=Place(to.meeting.group.province_id, to.member.organisation_id),
    )
