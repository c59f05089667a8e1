from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.privacy.models import DataRequestKind
from app.web.forms import Form, KindField, filled


class DataRequestForm(Form):
    kind = KindField(lazy_gettext("What you ask for"), DataRequestKind)
    text = TextAreaField(
        lazy_gettext("Your request"),
        [filled(), Length(max=4000)],
        description=lazy_gettext("Say what is wrong and how it should read, or what is to be erased."),
        render_kw={"rows": 6},
    )


class AnswerForm(Form):
    answer = TextAreaField(
        lazy_gettext("Answer"),
        [filled(), Length(max=4000)],
        description=lazy_gettext("What was done, or why it cannot be done. Whoever asked reads it on their page."),
        render_kw={"rows": 6},
    )
