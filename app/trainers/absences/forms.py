"""A trainer's absence."""

from __future__ import annotations

from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import DayField, Form, TextField, required


class AbsenceForm(Form):
    first_day = DayField(lazy_gettext("First day"), [required()])
    last_day = DayField(lazy_gettext("Last day"), description=lazy_gettext("Leave it empty for a single day."))
    note = TextField(lazy_gettext("Note"), [Length(max=200)])
