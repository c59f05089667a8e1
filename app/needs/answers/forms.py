from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from app.core.identity import without_identity_numbers
from app.language import lazy_gettext
from app.needs.answers.models import Preference, Sheet
from app.web.forms import CheckList, Form, WholeField


class StepForm(Form):
    """One competency. It may be sent as often as one likes: the same answer twice is one answer."""

    importance = WholeField(lazy_gettext("Importance for the job"), least=1, most=5)
    level = WholeField(lazy_gettext("Current level"), least=1, most=5)
    irrelevant = BooleanField(lazy_gettext("Not part of my job"))
    go = StringField()

    @classmethod
    def of(cls, sheet: Sheet, step: int) -> StepForm:
        form = cls()
        was = sheet.said.get(sheet.items[step - 1].competency_id)
        if was is not None and not form.is_submitted():
            form.importance.data, form.level.data, form.irrelevant.data = was.importance, was.level, not was.relevant
        return form


class LastForm(Form):
    past = TextAreaField(
        lazy_gettext("Which trainings did you take part in during the last two years?"), [Length(max=2000)]
    )
    preferences = CheckList(lazy_gettext("How would you rather learn?"), coerce=str)
    wish = TextAreaField(lazy_gettext("Which training would help you most in your work?"), [Length(max=2000)])
    remark = TextAreaField(lazy_gettext("What else should we know?"), [Length(max=2000)])
    go = StringField()

    @classmethod
    def of(cls, sheet: Sheet) -> LastForm:
        form = cls(obj=sheet.questionnaire)
        form.preferences.offer((one.value, one.label) for one in Preference)
        return form

    def said(self) -> dict[str, Any]:
        """What `services.save_last` takes, without T.C. identity numbers."""
        texts = {name: without_identity_numbers((self[name].data or "").strip()) for name in ("past", "wish", "remark")}
        return {**texts, "preferences": self.preferences.chosen}
