from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from app.language import format_date, lazy_gettext
from app.web.forms import ChoiceField, Form, required


class SignedSheetForm(Form):
    day = ChoiceField(lazy_gettext("Day"), [required()], coerce=str)
    scan = FileField(
        lazy_gettext("Scan of the signed sheet"), description=lazy_gettext("PDF, JPEG or PNG, up to 5 MB.")
    )

    @classmethod
    def of(cls, days: list[Any]) -> SignedSheetForm:
        form = cls()
        form.day.offer((day.isoformat(), format_date(day)) for day in days)
        return form

    @property
    def content(self) -> bytes | None:
        """What was uploaded; None where nothing was chosen."""
        upload: FileStorage | None = self.scan.data
        return upload.read() if upload else None
