from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.certificates.models import EndReason
from app.language import lazy_gettext
from app.web.forms import ChoiceField, Form, required


class EndForm(Form):
    """Why a certificate ends: what the public is told, and what stays inside."""

    public = ChoiceField(
        lazy_gettext("Reason on the verification page"),
        validators=[required()],
        coerce=str,
        empty=lazy_gettext("Choose"),
    )
    reason = TextAreaField(
        lazy_gettext("Explanation"),
        [required(), Length(max=500, message=lazy_gettext("At most 500 characters."))],
        description=lazy_gettext(
            "Does not appear on the verification page; only those who may revoke certificates see it."
        ),
        render_kw={"rows": 3, "maxlength": 500},
    )

    @classmethod
    def of(cls) -> EndForm:
        form = cls()
        form.public.offer((reason.value, reason.label) for reason in EndReason)
        return form

    @property
    def public_reason(self) -> EndReason:
        return EndReason(self.public.data)
