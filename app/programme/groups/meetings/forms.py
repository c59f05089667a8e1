from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.core.errors import Refused
from app.core.identity import without_identity_numbers
from app.language import lazy_gettext, lazy_pgettext
from app.language.turkish import normalise
from app.programme.forms import PaperForm
from app.programme.groups.meetings.services import Marks
from app.programme.groups.models import Attended, GroupMeeting, GroupMember, MeetingAttendance
from app.programme.uploads import ACCEPTED, Upload
from app.web.forms import DayField, Form, TextField, TimeField, required


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


class MeetingForm(Form):
    date = DayField(lazy_gettext("Date"), [required()])
    starts = TimeField(lazy_gettext("Begins"), [required()])
    ends = TimeField(lazy_gettext("Ends"), [required()])
    place = TextField(lazy_pgettext("meeting", "Place"), [Length(max=300)])
    online = BooleanField(lazy_gettext("Online"))
    agenda = TextAreaField(lazy_gettext("Agenda"), [Length(max=5000)], filters=[_lines], render_kw={"rows": 3})


class SignedSheetForm(PaperForm):
    file = FileField(
        lazy_gettext("Scan of the signed sheet"),
        description=lazy_gettext("PDF, JPEG or PNG, up to 12 MB. A photograph taken with a phone will do."),
        render_kw=ACCEPTED
        | {"data-too-large": lazy_gettext("The file is larger than 12 MB. Scan it with a lower resolution.")},
    )

    def sheet(self) -> Upload:
        """Refused where nothing was uploaded."""
        _, upload = self.typed()
        if upload is None:
            raise Refused(lazy_gettext("Choose the file with the scan."), field="file")
        return upload


@dataclass(frozen=True)
class MarkRow:
    """A member on the roll, with what is chosen."""

    member: GroupMember
    chosen: str
    substitute: str


class MinutesForm(Form):
    """The minutes and the roll: `m-7` says whether member 7 came, `s-7` who came in her place."""

    minutes = TextAreaField(lazy_pgettext("meeting", "Minutes"), [Length(max=20_000)], render_kw={"rows": 10})

    rows: Sequence[MarkRow] = ()

    @classmethod
    def of(
        cls, meeting: GroupMeeting, members: Sequence[GroupMember], there: Mapping[int, MeetingAttendance]
    ) -> MinutesForm:
        form = cls(obj=meeting)
        form.rows = [form._row(one, there.get(one.id)) for one in members]
        return form

    def _row(self, member: GroupMember, known: MeetingAttendance | None) -> MarkRow:
        if not self.is_submitted():
            return MarkRow(member, known.attended.value if known else "", known.substitute if known else "")
        everybody = "present" if "everybody" in request.form else ""
        typed = request.form.get(f"m-{member.id}", "")
        substitute = without_identity_numbers(normalise(request.form.get(f"s-{member.id}", "")))[:120]
        return MarkRow(member, typed if typed in set(Attended) else everybody, substitute)

    def marks(self) -> Marks:
        """Whoever came is named only where somebody else did."""
        chosen = ((row, Attended(row.chosen)) for row in self.rows if row.chosen)
        return {row.member.id: (at, row.substitute if at is Attended.SUBSTITUTE else "") for row, at in chosen}
