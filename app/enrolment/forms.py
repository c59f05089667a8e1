from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from app.access.queries import organisations
from app.access.scope import Scope
from app.language import force_locale, in_language, lazy_gettext
from app.web.forms import ChoiceField, Form, required


def _key(value: Any) -> int:
    """An id; one that is none matches nobody."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


class PeopleForm(Form):
    """People ticked in a list. `override`: why somebody with a clash, or who has completed the course, is enrolled."""

    employee_ids = SelectMultipleField(lazy_gettext("Participants"), coerce=_key, validate_choice=False, choices=[])
    override = TextAreaField(
        lazy_gettext("Reason for enrolling all the same"),
        [Length(max=500)],
        description=lazy_gettext(
            "Only needed if somebody ticked has another training at the same time, or completed this course."
        ),
    )


class PasteForm(Form):
    """Registry numbers as copied from a table, one a line, perhaps with the institution beside them."""

    organisation_id = ChoiceField(lazy_gettext("Institution"), empty=lazy_gettext("As given in each line"))
    lines = TextAreaField(
        lazy_gettext("Registry numbers"),
        [required(), Length(max=20_000)],
        description=lazy_gettext(
            "One person per line. Copy the column from Excel; where people come from several institutions, "
            "copy the institution's column as well."
        ),
    )

    @classmethod
    def of(cls, scope: Scope) -> PasteForm:
        form = cls()
        choices = [(o.id, in_language(o, "name")) for o in organisations(scope)]
        form.organisation_id.offer(choices)
        if len(choices) == 1 and not form.is_submitted():
            form.organisation_id.data = choices[0][0]
        return form


class AcceptForm(Form):
    override = TextAreaField(
        lazy_gettext("Reason for enrolling all the same"),
        [Length(max=500)],
    )


class ReasonForm(Form):
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
