from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Length

from app.language import format_date, lazy_gettext
from app.training.models import Sitting, SittingState
from app.web.forms import ChoiceField, Form, TextField, WholeField, required


class MarksForm(Form):
    """Around a roll. Its cells are read by the roll itself; saving the same marks twice changes nothing, so the
    form carries no idempotency key and may be sent again and again while the roll is called.
    """

    request_key: Any = None
    reason = TextField(
        lazy_gettext("Reason for the change"),
        [Length(max=500)],
        description=lazy_gettext("This attendance is locked. What you change is saved together with this reason."),
    )


class SittingStateForm(Form):
    """What became of a sitting; the minutes belong to a shortened one, the reason to every one not held as planned."""

    state = SelectField(lazy_gettext("What became of the sitting"), [required()])
    effective_minutes = WholeField(
        lazy_gettext("Minutes it really took"),
        description=lazy_gettext("Only for a shortened sitting."),
        least=1,
        most=1440,
    )
    reason = TextField(
        lazy_gettext("Reason"),
        [Length(max=300)],
        id="state-reason",  # the roll above asks for a reason too
        description=lazy_gettext("Needed unless it was held as planned."),
    )

    @classmethod
    def of(cls, sitting: Sitting) -> SittingStateForm:
        form = cls(
            data={
                "state": sitting.state.value,
                "effective_minutes": sitting.effective_minutes,
                "reason": sitting.state_reason,
            }
        )
        form.state.choices = [(state.value, state.label) for state in SittingState]
        if not form.is_submitted():
            form.version.data = str(sitting.version)
        return form


class SignedSheetForm(Form):
    day = ChoiceField(lazy_gettext("Day"), [required()], coerce=str)
    scan = FileField(
        lazy_gettext("Scan of the signed sheet"), description=lazy_gettext("PDF, JPEG or PNG, up to 5 MB.")
    )

    @classmethod
    def of(cls, days: list[Any]) -> SignedSheetForm:
        form = cls()
        form.day.offer((day.isoformat(), format_date(day)) for day in days)
        return form
