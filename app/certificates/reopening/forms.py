from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, required


class ReasonForm(Form):
    """Why a session is opened again."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [required(), Length(max=500, message=lazy_gettext("At most 500 characters."))],
        render_kw={"rows": 3, "maxlength": 500},
    )
