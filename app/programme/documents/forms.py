from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, required


class DecisionForm(Form):
    """A yes to what the document says: what is decided is what was seen (`version` is `pages.seen`)."""


class SubmitForm(DecisionForm):
    reason = TextAreaField(
        lazy_gettext("What changed and why"),
        [Length(max=1000)],
        description=lazy_gettext("Whoever decides reads it, and it stays with this version."),
    )


class ReturnForm(DecisionForm):
    remarks = TextAreaField(lazy_gettext("Your remarks"), [required(), Length(max=1000)])
