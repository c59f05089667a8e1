from __future__ import annotations

from collections.abc import Iterable

from wtforms import TextAreaField
from wtforms.validators import Length

from app.access.models import Province
from app.language import lazy_gettext
from app.programme.forms import offer
from app.web.forms import ChoiceField, Form, by_name, filled, required


class PlanForm(Form):
    province_id = ChoiceField(lazy_gettext("Province"), [required()], empty=lazy_gettext("Choose"))

    @classmethod
    def of(cls, provinces: Iterable[Province]) -> PlanForm:
        form = cls()
        offer(form.province_id, by_name(provinces))
        return form


class GoalForm(Form):
    text_tr = TextAreaField(lazy_gettext("Goal (Turkish)"), [filled(), Length(max=300)])
    text_en = TextAreaField(lazy_gettext("Goal (English)"), [Length(max=300)])
