from __future__ import annotations

from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from app.language import force_locale, lazy_gettext
from app.web.forms import Form, required


class AcceptForm(Form):
    override = TextAreaField(
        lazy_gettext("Reason for enrolling all the same"),
        [Length(max=500)],
    )


class RefusalForm(Form):
    """Why something is refused or taken back; the person concerned reads it."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [required(), Length(max=500)],
        description=lazy_gettext("The person concerned and their institution can read it."),
    )


REASONS = {
    "duty": lazy_gettext("Another duty at that time"),
    "leave": lazy_gettext("On leave"),
    "supervisor": lazy_gettext("The supervisor does not agree"),
    "place": lazy_gettext("The place or the hours do not suit"),
    "need": lazy_gettext("The training is no longer needed"),
}


class LeaveForm(Form):
    """Why somebody gives up a place: one of the usual reasons, or another in words."""

    why = RadioField(lazy_gettext("Why"), validate_choice=False)
    reason = TextAreaField(lazy_gettext("Another reason, or more about it"), [Length(max=400)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why.choices = list(REASONS.items())

    @property
    def said(self) -> str:
        """What is kept, in the programme's own language as far as it was chosen."""
        with force_locale("tr"):
            chosen = str(REASONS.get(self.why.data or "", ""))
        return ": ".join(part for part in (chosen, (self.reason.data or "").strip()) if part)


class ConfirmForm(Form):
    """`reason` is needed only where fewer are enrolled than the minimum."""

    reason = TextAreaField(lazy_gettext("Reason for confirming below the minimum"), [Length(max=500)])
