from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, required


class ReasonForm(Form):
    """Why a certificate ends, or a session is opened again."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        validators=[required(), Length(max=500, message=lazy_gettext("At most 500 characters."))],
        render_kw={"rows": 3, "maxlength": 500},
    )


class FileForm(Form):
    """A file somebody wants compared."""

    file = FileField(lazy_gettext("PDF file"), render_kw={"accept": "application/pdf,.pdf"})
