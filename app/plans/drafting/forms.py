from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length

from app.access.models import Province
from app.catalogue.models import Course
from app.core.clock import today
from app.core.db import typed_id
from app.language import gettext, in_language, lazy_gettext
from app.plans.drafting.models import Details, DraftRow, Limits, NewRow, Place, Wish
from app.plans.figures.models import Proposed
from app.plans.models import Origin, TrainingPlan
from app.web.forms import ChoiceField, Form, KindField, TextField, WholeField, required

LARGEST_COST = 100_000_000


class LimitsForm(Form):
    limit_hours = WholeField(
        lazy_gettext("Limit in hours of teaching"), most=100_000, description=lazy_gettext("Empty: no limit.")
    )
    limit_cost = WholeField(
        lazy_gettext("Limit in lira"), most=999_999_999, description=lazy_gettext("Empty: no limit.")
    )

    def limits(self) -> Limits:
        return Limits(self.limit_hours.data, self.limit_cost.data)

    @classmethod
    def of(cls, plan: TrainingPlan) -> LimitsForm:
        return cls(obj=plan)


class NewPlanForm(LimitsForm):
    year = WholeField(lazy_gettext("Year"), [required()], least=2000, most=2100)
    province = ChoiceField(lazy_gettext("Plan of"), [required()], coerce=str)
    PROGRAMME = "programme"

    @classmethod
    def offered(cls, provinces: Iterable[Province], *, programme: bool) -> NewPlanForm:
        """`programme`: the programme's own plan may be begun, too."""
        form = cls(data={"year": today().year + 1})
        choices = [(str(one.id), in_language(one, "name")) for one in provinces]
        form.province.offer([*([(cls.PROGRAMME, gettext("Whole programme"))] if programme else []), *choices])
        if not form.is_submitted() and form.province.choices:
            form.province.data = form.province.choices[0][0]
        return form

    @property
    def province_id(self) -> int | None:
        return None if self.province.data == self.PROGRAMME else int(self.province.data)


class RowForm(Form):
    groups = WholeField(lazy_gettext("Groups"), [required()], least=1, most=99)
    quarter = ChoiceField(lazy_gettext("Quarter"), [required()])
    cost = WholeField(
        lazy_gettext("Cost of a group in lira"),
        most=LARGEST_COST,
        description=lazy_gettext("As far as it is known: trainers, place, travel, material."),
    )
    origin_text = TextField(
        lazy_gettext("Where it comes from"),
        [Length(max=300)],
        description=lazy_gettext("The finding, the action, the request or the law, in a few words."),
    )
    reason = TextAreaField(lazy_gettext("Why it is planned"), [required(), Length(max=500)])

    def offer_quarters(self) -> None:
        self.quarter.offer((one, gettext("Quarter %(n)s", n=one)) for one in range(1, 5))

    def details(self) -> Details:
        return Details(
            self.groups.data, self.quarter.data, self.cost.data, self.origin_text.data, (self.reason.data or "").strip()
        )

    @classmethod
    def of(cls, row: DraftRow) -> RowForm:
        """Of a row that is there, with what a revision has made of it; compared by the version of its item."""
        form = cls(obj=row.item)
        form.offer_quarters()
        if not form.is_submitted():
            for field in form.shown:
                field.data = getattr(row.now, field.name)
        return form

    def same_row(self, row: DraftRow) -> None:
        """Refuse (409) if the row, or what became of its plan, is another than when this form was shown."""
        self.same(str(row.item.version), {field.name: getattr(row.now, field.name) for field in self.shown})


class NewRowForm(RowForm):
    course = ChoiceField(lazy_gettext("Course"), [required()], empty=lazy_gettext("Choose a course"))
    place = ChoiceField(lazy_gettext("For"), [required()], coerce=str)
    origin = KindField(lazy_gettext("Origin"), Origin)

    def offered(self, courses: Iterable[Course], places: Mapping[str, tuple[str, Place]]) -> NewRowForm:
        self.offer_quarters()
        self.course.offer((one.id, f"{one.code} {in_language(one, 'name')}") for one in courses)
        self.place.offer((key, name) for key, (name, _) in places.items())
        return self

    @classmethod
    def of_need(
        cls, given: Mapping[str, str], year: int, found: Proposed | None, wish: Wish | None = None
    ) -> NewRowForm:
        """Filled in for a plan of a year: what an address names, what the needs say for it, what asked for it."""
        quarter = (today().month + 2) // 3 if year == today().year else 1  # of a year under way: none that is over
        values: dict[str, Any] = {"course": given.get("course"), "place": given.get("place"), "quarter": quarter}
        if found is not None:
            values |= {"origin": Origin.NEEDS.value, "groups": found.groups}
        if wish is not None:
            values |= {"origin": wish.origin.value, "origin_text": wish.origin_text, "reason": wish.reason}
            values["groups"] = values.get("groups") or 1
            values["course"] = values["course"] or (wish.course_ids[0] if wish.course_ids else None)
        return cls(data=values | {"course": typed_id(str(values["course"] or ""))})

    def new_row(self, places: Mapping[str, tuple[str, Place]]) -> NewRow:
        return NewRow(self.course.data, places[self.place.data][1], Origin(self.origin.data), self.details())
