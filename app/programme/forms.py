"""A form that brings a file beside what is typed: evidence, a picture, the paper itself."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField

from app.language import lazy_gettext
from app.programme.uploads import ACCEPTED, Upload, brought
from app.web.edge.transaction import write
from app.web.forms import Form


def paper_field(label: Any) -> FileField:
    told = lazy_gettext("PDF, JPEG or PNG, up to 12 MB. It takes the place of an earlier one.")
    return FileField(label, description=told, render_kw=ACCEPTED)


class PaperForm(Form):
    """Its file is the field `file`."""

    def typed(self) -> tuple[dict[str, Any], Upload | None]:
        """Its values and its file, or None, read before the write lock is taken; Refused in words, at its field, for
        anything but a picture or a PDF.
        """
        values = self.values()
        del values["file"]
        upload = brought(self["file"])
        write()
        return values, upload
