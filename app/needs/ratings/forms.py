from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import InputRequired

from app.access.queries import organisations
from app.access.scope import Scope
from app.core.errors import Refused
from app.language import lazy_gettext
from app.needs.queries import open_rounds
from app.web.forms import ChoiceField, Form, by_name, required


class RatingsFileForm(Form):
    """Round and institution first: they say whom the rows are about."""

    round_id = ChoiceField(lazy_gettext("Needs analysis round"), [required()])
    organisation_id = ChoiceField(lazy_gettext("Institution"), [required()], empty=lazy_gettext("Choose …"))
    file = FileField(
        lazy_gettext("Filled ratings workbook"),
        [InputRequired(lazy_gettext("Choose a file."))],
        render_kw={"accept": ".xlsx,.csv,.txt"},
        description=lazy_gettext(
            "Excel (.xlsx) or CSV, up to 5 MB. One row for each person and competency; nothing is stored yet."
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

    def upload(self) -> tuple[bytes, str]:
        """The bytes and the name of the chosen file; Refused where there is none."""
        sent: Any = self.file.data
        if not sent or not sent.filename:
            raise Refused(lazy_gettext("Choose a file."), field="file")
        return sent.read(), str(sent.filename)


class CommitForm(Form):
    """Carries the state of the preview that was looked at."""

    state = HiddenField()
