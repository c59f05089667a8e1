from __future__ import annotations

from wtforms import HiddenField

from app.access.queries import organisations
from app.access.scope import Scope
from app.language import lazy_gettext
from app.needs.queries import open_rounds
from app.web.forms import ChoiceField, Form, TablesField, by_name, required


class RatingsFileForm(Form):
    """Round and institution first: they say whom the rows are about."""

    round_id = ChoiceField(lazy_gettext("Needs analysis round"), [required()])
    organisation_id = ChoiceField(lazy_gettext("Institution"), [required()], empty=lazy_gettext("Choose …"))
    file = TablesField(
        lazy_gettext("Filled ratings workbooks"),
        description=lazy_gettext(
            "Excel (.xlsx) or text (.csv, .txt), several at once if you like, together up to 25 MB. Each is looked over"
            " by itself; nothing is stored yet."
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
