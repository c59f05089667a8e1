from __future__ import annotations

from wtforms import HiddenField

from app.access.queries import organisations
from app.access.scope import Scope
from app.language import lazy_gettext
from app.needs.queries import open_rounds
from app.web.forms import ChoiceField, Form, TableField, by_name, required


class RatingsFileForm(Form):
    """Round and institution first: they say whom the rows are about."""

    round_id = ChoiceField(lazy_gettext("Needs analysis round"), [required()])
    organisation_id = ChoiceField(lazy_gettext("Institution"), [required()], empty=lazy_gettext("Choose …"))
    file = TableField(
        lazy_gettext("Filled ratings workbook"),
        description=lazy_gettext(
            "Excel (.xlsx) or text (.csv, .txt), up to 25 MB. One row for each person and competency; nothing is stored"
            " yet."
        ),
    )

    @classmethod
    def of(cls, scope: Scope, organisation_id: int | None = None) -> RatingsFileForm:
        form = cls()
        form.round_id.offer(by_name(open_rounds()))
        form.organisation_id.offer(by_name(organisations(scope)))
        if not form.is_submitted() and organisation_id is not None:
            form.organisation_id.data = organisation_id
        return form


class CommitForm(Form):
    """Carries the state of the preview that was looked at."""

    state = HiddenField()
