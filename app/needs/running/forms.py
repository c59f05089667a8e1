from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import DayField, Form, required


class LastDayForm(Form):
    ends_on = DayField(lazy_gettext("Last day"), [required()])


class ReopenForm(LastDayForm):
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])
