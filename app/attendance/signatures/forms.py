from __future__ import annotations

from collections.abc import Mapping, Sized
from datetime import date

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from app.attendance.signatures.rules import ENDINGS, MOST_BYTES
from app.attendance.signatures.services import WHY_NOT
from app.files.bad_file import BadFileReason
from app.language import format_date, lazy_gettext
from app.web.forms import ChoiceField, Form, required


class SignedSheetForm(Form):
    day = ChoiceField(lazy_gettext("Day"), [required()], coerce=str)
    scan = FileField(
        lazy_gettext("Scan of the signed sheet"),
        description=lazy_gettext("PDF, JPEG or PNG, up to 12 MB. A photograph taken with a phone will do."),
        render_kw={
            # an iPhone that is told so hands over a JPEG
            "accept": ",".join(ENDINGS),
            "data-most": MOST_BYTES,
            "data-too-large": WHY_NOT[BadFileReason.TOO_LARGE],
        },
    )

    @classmethod
    def of(cls, days: Mapping[date, Sized]) -> SignedSheetForm:
        """`days` with the scans each has already: the first that has none is chosen."""
        form = cls()
        form.day.offer((day.isoformat(), format_date(day)) for day in days)
        if not form.is_submitted():
            form.day.data = next((day.isoformat() for day, scans in days.items() if not scans), None)
        return form

    @property
    def content(self) -> bytes | None:
        """What was uploaded; None where nothing was chosen."""
        upload: FileStorage | None = self.scan.data
        return upload.read() if upload else None
