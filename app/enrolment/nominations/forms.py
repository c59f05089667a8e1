"""People ticked, and numbers pasted."""

from __future__ import annotations

from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import Length

from app.access.queries import organisations
from app.access.scope import Scope
from app.language import lazy_gettext
from app.web.forms import ChoiceField, Form, by_name, id_or_nobody, required


class PeopleForm(Form):
    """People ticked in a list. `override`: why somebody with a clash, or who has completed the course, is enrolled."""

    employee_ids = SelectMultipleField(
        lazy_gettext("Participants"), coerce=id_or_nobody, validate_choice=False, choices=[]
    )
    override = TextAreaField(
        lazy_gettext("Reason for enrolling all the same"),
        [Length(max=500)],
        description=lazy_gettext(
            "Only needed if somebody ticked has another training at the same time, or completed this course."
        ),
    )


class PasteForm(Form):
    """People as copied from a table or a mail, one a line: number, address or name, perhaps with the institution."""

    organisation_id = ChoiceField(lazy_gettext("Institution"), empty=lazy_gettext("As given in each line"))
    lines = TextAreaField(
        lazy_gettext("List of people"),
        [required(), Length(max=20_000)],
        description=lazy_gettext(
            "One person per line: registry number, e-mail address or name, in any order of columns. Copy the lines "
            "from Excel or a mail; where people come from several institutions, copy the institution's column as well."
        ),
    )

    @classmethod
    def of(cls, scope: Scope) -> PasteForm:
        form = cls()
        choices = by_name(organisations(scope))
        form.organisation_id.offer(choices)
        if len(choices) == 1 and not form.is_submitted():
            form.organisation_id.data = choices[0][0]
        return form
