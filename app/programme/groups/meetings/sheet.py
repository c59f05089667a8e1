"""The signature sheet of a meeting, drawn by the same hand as those of sittings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.language import format_date, gettext, in_language, language
from app.paper.handouts.sheet import SheetDay, SheetRow, SheetSitting, SignatureSheet, draw_signature_sheet
from app.paper.wording import Language
from app.people.models import Sex
from app.post.addresses import public_address
from app.programme.groups.meetings.notices import place
from app.programme.groups.models import GroupMeeting, GroupMember
from app.settings import queries as settings


def drawn(meeting: GroupMeeting, members: Sequence[GroupMember]) -> bytes:
    """`members`: who is expected. Where an earlier sheet says otherwise, this one says that it replaces it."""
    values = settings.values()
    tongue: Language = "en" if language() == "en" else "tr"
    url = public_address("meetings.show_meeting", meeting_id=meeting.id)
    return draw_signature_sheet(
        SignatureSheet(
            language=tongue,
            institution=str(values[f"institution_{tongue}"]),
            course=in_language(meeting.group, "name"),
            group_code=in_language(meeting.group.province, "name"),
            trainers=(),
            days=(SheetDay(meeting.date, (SheetSitting(meeting.starts, meeting.ends),), place(meeting), url),),
            rows=tuple(SheetRow(one.called, in_language(one, "institution"), one.job) for one in members),
            women=sum(one.stated_sex is Sex.WOMAN for one in members),
            men=sum(one.stated_sex is Sex.MAN for one in members),
            sample=bool(values["sample_data"]),
            meeting=True,
            note=replaces(meeting),
        )
    )


def replaces(meeting: GroupMeeting) -> str:
    """What a sheet printed earlier says, in a sentence; "" where it says the same."""
    if not meeting.sheet_outdated:
        return ""
    was = meeting.printed
    when = f"{format_date(date.fromisoformat(was['date']))} {was['starts']}–{was['ends']}"
    return gettext("Replaces the sheet printed for %(when)s.", when=" · ".join(filter(None, (when, was["place"]))))
