from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from app.certificates.models import EndReason
from app.language import lazy_gettext
from app.web.forms import ChoiceField, Form, required


def _written(label: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(
        label,
        validators=[required(), Length(max=500, message=lazy_gettext("At most 500 characters."))],
        description=description,
        render_kw={"rows": 3, "maxlength": 500},
    )


class ReasonForm(Form):
    """Why a session is opened again."""

    reason = _written(lazy_gettext("Reason"))


class EndForm(Form):
    """Why a certificate ends: what the public is told, and what stays inside."""

    public = ChoiceField(
        lazy_gettext("Reason on the verification page"),
        validators=[required()],
        coerce=str,
        empty=lazy_gettext("Choose"),
    )
    reason = _written(
        lazy_gettext("Explanation"),
        lazy_gettext("Does not appear on the verification page; only those who may revoke certificates see it."),
    )

    @classmethod
    def of(cls) -> EndForm:
        form = cls()
        form.public.offer((reason.value, reason.label) for reason in EndReason)
        return form

    @property
    def public_reason(self) -> EndReason:
        return EndReason(self.public.data)


class FileForm(Form):
    """A file somebody wants compared."""

    file = FileField(lazy_gettext("PDF file"), render_kw={"accept": "application/pdf,.pdf"})
