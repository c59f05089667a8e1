from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from app.access.models import Organisation
from app.access.permissions import Role
from app.access.queries import organisations
from app.access.scope import Scope
from app.core.clock import today
from app.language import lazy_gettext
from app.needs.models import Asking, AssessmentRound, RoundItem
from app.needs.readers import SUPERVISOR, reader_words
from app.needs.rounds import queries
from app.needs.rounds.services import USUAL_DAYS, Details
from app.people.models import Unit
from app.web.forms import MANY, CheckList, DayField, Form, KindField, TextField, WholeField, by_name, filled, required

READERS = (Role.ADMINISTRATOR.value, Role.COORDINATOR.value, Role.FOCAL_POINT.value)
"""Roles a notice may name: those that read the needs of people at all."""


class RoundForm(Form):
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(
        lazy_gettext("English name"),
        [Length(max=160)],
        description=lazy_gettext("Left empty, the Turkish name stands on English pages too."),
    )
    starts_on = DayField(lazy_gettext("First day"), [required()])
    ends_on = DayField(lazy_gettext("Last day"), [required()])
    organisations = CheckList(
        lazy_gettext("Institutions"),
        description=lazy_gettext("All their units are asked; single ones can be left out afterwards."),
        render_kw=MANY,
    )
    asking = KindField(lazy_gettext("Who is asked"), Asking)
    own_weight = WholeField(
        lazy_gettext("Weight of the self-assessment, percent"),
        [required()],
        most=100,
        description=lazy_gettext("The rest is the supervisor’s. 50 is usual."),
    )
    readers = CheckList(
        lazy_gettext("Who sees what somebody answered, besides that person"),
        coerce=str,
        description=lazy_gettext(
            "The questionnaire names them. Everybody else sees totals only; a supervisor named here sees the published"
            " results of their own people."
        ),
    )
    paper = BooleanField(
        lazy_gettext("Answers on paper may be typed in by those who run the analysis and by the focal points")
    )
    notice = TextAreaField(
        lazy_gettext("What else people are told before they begin"),
        [Length(max=4000)],
        description=lazy_gettext("Why they are asked, what becomes of it, whom to ask."),
    )

    @classmethod
    def of(cls, scope: Scope, found: AssessmentRound | None = None) -> RoundForm:
        """Offers the institutions the scope reaches."""
        form = cls(obj=found)
        form.organisations.offer(by_name(organisations(scope)))
        form.readers.offer((value, reader_words(value)) for value in (*READERS, SUPERVISOR))
        if form.is_submitted():
            return form
        if found is not None:
            form.organisations.data = sorted(queries.institutions(found))
            form.own_weight.data = int(found.alpha * 100)
        else:
            form.starts_on.data, form.ends_on.data = today(), today() + timedelta(days=USUAL_DAYS)
            form.asking.data, form.own_weight.data = Asking.EVERYONE.value, 50
            form.readers.data = list(READERS)
        return form

    def details(self) -> Details:
        return Details(
            name_tr=self.name_tr.data,
            name_en=self.name_en.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            alpha=Decimal(self.own_weight.data) / 100,
            asking=Asking(self.asking.data),
            notice=(self.notice.data or "").strip(),
            readers=self.readers.chosen,
            paper=bool(self.paper.data),
            organisations=self.organisations.chosen,
        )


class UnitsForm(Form):
    units = CheckList(lazy_gettext("Units"))

    @classmethod
    def of(cls, found: AssessmentRound, organisation: Organisation) -> UnitsForm:
        form = cls()
        theirs = queries.units([organisation.id])
        form.units.offer(by_name(theirs))
        if not form.is_submitted():
            asked = set(queries.unit_ids(found))
            form.units.data = [unit.id for unit in theirs if unit.id in asked]
        return form


class ItemsForm(Form):
    """`competencies` come in the order of the catalogue; `alike` takes them to every unit of this kind."""

    competencies = CheckList(lazy_gettext("Competencies"))
    alike = BooleanField(lazy_gettext("The same for all units of this kind in this analysis"))

    @classmethod
    def of(cls, unit: Unit, asked: list[RoundItem]) -> ItemsForm:
        form = cls()
        form.competencies.offer(by_name(queries.all_competencies(), lambda one: one.theme))
        if not form.is_submitted():
            form.competencies.data = [item.competency_id for item in asked]
        return form
