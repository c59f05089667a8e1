from __future__ import annotations

from flask_wtf.file import FileField

from app.language import gettext, lazy_gettext
from app.web.forms import Form

LARGEST_FILE = 5 * 1024 * 1024


class FileForm(Form):
    """A file somebody wants compared."""

    file = FileField(lazy_gettext("PDF file"), render_kw={"accept": "application/pdf,.pdf"})

    def content(self) -> bytes:
        """What the file holds, read once and let go; nothing, with the reason at its field, if it cannot be ours."""
        content = b""
        if self.file.data:
            with self.file.data.stream as stream:
                content = stream.read(LARGEST_FILE + 1)  # one byte more says that it is too large
        if 0 < len(content) <= LARGEST_FILE:
            return content
        too_large = gettext("Files of up to 5 MB can be compared.")
        self.file.errors = (too_large if content else gettext("Please choose a file."),)
        return b""
