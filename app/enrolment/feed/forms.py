from __future__ import annotations

from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, TextField, filled


class FeedForm(Form):
    name = TextField(
        lazy_gettext("Name of the calendar"),
        [filled(), Length(max=80)],
        description=lazy_gettext("For you to tell them apart, for example “My phone”."),
    )
