from __future__ import annotations

from collections.abc import Iterable

from wtforms import TextAreaField
from wtforms.validators import Length

from app.catalogue.models import Competency
from app.language import in_language, lazy_gettext
from app.plans.models import PlanItem
from app.programme.forms import offer
from app.training.sessions.plan_rows import called
from app.web.forms import ChoiceField, Form, filled, required


class AskForm(Form):
    """Which competency, and why. The same for whatever asks."""

    competency = ChoiceField(lazy_gettext("Competency"), [required()], empty=lazy_gettext("Choose"))
    reason = TextAreaField(lazy_gettext("Why it is needed"), [filled(), Length(max=500)])

    @classmethod
    def offered(cls, competencies: Iterable[Competency]) -> AskForm:
        """Of these competencies, each with its theme, in whose order they stand."""
        form = cls()
        named = ((one.id, f"{in_language(one.theme, 'name')}: {in_language(one, 'name')}") for one in competencies)
        form.competency.offer(named)
        return form


class RowForm(Form):
    """Which row of a plan gives what is asked for."""

    row = ChoiceField(lazy_gettext("Plan row"), [required()], empty=lazy_gettext("Choose"))

    @classmethod
    def of(cls, rows: Iterable[PlanItem]) -> RowForm:
        form = cls()
        named = ((one.id, f"{one.course.code} {in_language(one.course, 'name')} · {called(one)}") for one in rows)
        offer(form.row, named)
        return form
