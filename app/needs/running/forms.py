from __future__ import annotations

from datetime import timedelta
from typing import Self

from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.clock import today
from app.language import lazy_gettext
from app.needs.models import AssessmentRound
from app.web.forms import DayField, Form, required

A_WEEK = timedelta(days=7)


class LastDayForm(Form):
    ends_on = DayField(lazy_gettext("Last day"), [required()])

    @classmethod
    def of(cls, found: AssessmentRound) -> Self:
        """Offers a week from today, or the last day there is where that is later."""
        return cls(data={"ends_on": max(found.ends_on, today() + A_WEEK)})


class ReopenForm(LastDayForm):
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])
