from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from datetime import date

from flask_wtf.file import MultipleFileField

from app.attendance.signatures.rules import TOGETHER
from app.core.errors import Refused
from app.files.pictures.scans import ENDINGS
from app.language import format_date, lazy_gettext
from app.web.forms import CheckList, Form, required


class SignedSheetForm(Form):
    """Scans, and the days they show: as many of them as days are one each, in order; else each shows all these days."""

    day = CheckList(lazy_gettext("Days"), [required()], coerce=str)
    scan = MultipleFileField(
        lazy_gettext("Scans of the signed sheets"),
        description=lazy_gettext(
            "PDF, JPEG or PNG, up to 12 MB each. Photographs taken with a phone will do. Several days and as many"
            " files: one each, in this order. Else each file belongs to all the days that are ticked."
        ),
        render_kw={
            # an iPhone that is told so hands over a JPEG
            "accept": ",".join(ENDINGS),
            "data-most": TOGETHER,
            "data-too-large": lazy_gettext("These files are too large. Together up to 40 MB can be attached at once."),
        },
    )

    @classmethod
    def of(cls, days: Mapping[date, Sized], asked: date | None = None) -> SignedSheetForm:
        """`days` with the scans each has already: the one that is `asked` for is ticked, else the first without any."""
        form = cls()
        form.day.offer((day.isoformat(), format_date(day)) for day in days)
        if not form.is_submitted():
            missing = next((day for day, scans in days.items() if not scans), None)
            form.day.data = [day.isoformat() for day in (asked if asked in days else missing,) if day]
        return form

    @property
    def days(self) -> Sequence[date]:
        return sorted(date.fromisoformat(day) for day in self.day.chosen)

    def contents(self) -> Sequence[bytes]:
        """What was uploaded, in the order it was chosen; Refused where nothing was."""
        sent = [one for one in self.scan.data or () if one and one.filename]
        if not sent:
            raise Refused(lazy_gettext("Choose the file with the scan."), field="scan")
        return [one.read() for one in sent]
