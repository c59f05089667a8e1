"""A form that brings a file beside what is typed: evidence, a picture, the paper itself."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField

from app.files.pictures.scans import ENDINGS, MOST_BYTES, read_scan
from app.language import lazy_gettext
from app.programme.uploads import Upload
from app.web.edge.transaction import write
from app.web.forms import Form


def paper_field(label: Any) -> FileField:
    limits = {
        "accept": ",".join(ENDINGS),
        # refused in the browser, before it is sent and with it all that was typed
        "data-most": MOST_BYTES,
        "data-too-large": lazy_gettext("This file is too large. Files of up to 12 MB can be attached."),
    }
    told = lazy_gettext("PDF, JPEG or PNG, up to 12 MB. It takes the place of an earlier one.")
    return FileField(label, description=told, render_kw=limits)


class PaperForm(Form):
    """Its file is the field `file`."""

    def typed(self) -> tuple[dict[str, Any], Upload | None]:
        """Its values and its file, or None, read before the write lock is taken; Refused in words, at its field, for
        anything but a picture or a PDF.
        """
        values = self.values()
        sent = values.pop("file")
        upload = None
        if sent and sent.filename:
            name = str(sent.filename).rpartition("/")[2].rpartition(".")[0][:180]
            upload = Upload(name, read_scan(sent.read(), "file"))
        write()
        return values, upload
