from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from flask import request
from flask_wtf.file import FileField
from wtforms import Field, TextAreaField
from wtforms.validators import Length

from app.access.models import Organisation
from app.access.scope import Scope
from app.core.clock import today
from app.core.errors import Missing, Refused
from app.language import in_language, lazy_gettext
from app.programme.forms import offer_provinces
from app.programme.studies.models import STEPS, FieldStudy, StudyMethod, StudyStage
from app.programme.studies.queries import DistrictRow, Numbers
from app.programme.studies.services import MOST_BYTES, read_report
from app.programme.uploads import Upload, stem
from app.settings.forms import StampedForm
from app.web.forms import (
    CheckList,
    ChoiceField,
    DayField,
    Form,
    KindField,
    TextField,
    WholeField,
    filled,
    required,
)

MOST_PLANNED, MOST_A_DAY = 5_000, 500
SEXES = {"women": lazy_gettext("Women"), "men": lazy_gettext("Men")}


class StudyForm(Form):
    title_tr = TextField(lazy_gettext("Turkish title"), [filled(), Length(max=200)])
    title_en = TextField(lazy_gettext("English title"), [Length(max=200)])
    province_id = ChoiceField(lazy_gettext("Province"), [required()], empty=lazy_gettext("Choose"))
    method = KindField(lazy_gettext("Method"), StudyMethod)
    lead = TextField(
        lazy_gettext("Lead"),
        [Length(max=200)],
        description=lazy_gettext("The institution or the team that carries it out."),
    )
    design_on = DayField(lazy_gettext("Design ends on"))
    development_on = DayField(lazy_gettext("Development ends on"))
    fieldwork_on = DayField(lazy_gettext("Fieldwork ends on"))
    analysis_on = DayField(lazy_gettext("Analysis ends on"))
    summary_tr = TextAreaField(
        lazy_gettext("Turkish summary"),
        [Length(max=4000)],
        description=lazy_gettext("For the public: no names, nobody to be recognised."),
    )
    summary_en = TextAreaField(lazy_gettext("English summary"), [Length(max=4000)])

    @classmethod
    def of(cls, scope: Scope, study: FieldStudy | None = None) -> StudyForm:
        """Of a study that is there the province stays."""
        form = cls(obj=study)
        if study is None:
            offer_provinces(form.province_id, scope)
        else:
            del form.province_id
        return form


class StepsForm(Form):
    done = CheckList(lazy_gettext("Steps of this stage"), coerce=str)
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [Length(max=500)],
        description=lazy_gettext("Only where fieldwork ends with fewer interviews than planned."),
    )

    @classmethod
    def of(cls, study: FieldStudy) -> StepsForm:
        form = cls(obj=study, data={"done": list(study.steps)})
        form.done.offer((step.value, step.label) for step in STEPS[study.stage])
        if study.stage is not StudyStage.FIELDWORK:
            del form.reason
        return form

    @property
    def why(self) -> str:
        return (self.reason.data or "").strip() if "reason" in self else ""


class NumbersForm(StampedForm):
    """A number of women and one of men (`women-7`, `men-7`) for each of some things, by their ids."""

    @classmethod
    def of(cls, standing: Numbers, most: int, homes: Mapping[int, Organisation], **data: Any) -> Self:
        """The things, and in which district each is, are known only now: a field on the class would be everybody's."""
        form = cls(data=data)
        sent, theirs = request.form if form.is_submitted() else None, {}
        for key, pair in standing.items():
            for (sex, said), number in zip(SEXES.items(), pair, strict=True):
                unbound: Any = WholeField(f"{in_language(homes[key], 'name')}, {said}", least=0, most=most)
                field: Field = unbound.bind(form=form, name=f"{sex}-{key}")
                form._fields[f"{sex}-{key}"] = field
                field.process(sent, number or None)
                theirs[f"{sex}-{key}"] = number
        form.knows(" ".join(f"{key}:{women}:{men}" for key, (women, men) in sorted(standing.items())) or "-", theirs)
        return form

    @property
    def numbers(self) -> Numbers:
        ids = [int(name.removeprefix("women-")) for name in self._fields if name.startswith("women-")]
        return {key: (self[f"women-{key}"].data or 0, self[f"men-{key}"].data or 0) for key in ids}


class DayForm(NumbersForm):
    day = DayField(lazy_gettext("Day"))


def held_by(rows: Iterable[DistrictRow]) -> Numbers:
    return {row.district.id: (row.women, row.men) for row in rows}


def day_asked(given: Mapping[str, str]) -> date:
    """The day an address or a form names, or Missing; today where it names none."""
    try:
        return DayField.read(given["day"]) if given.get("day") else today()
    except ValueError:
        raise Missing from None


class ReportForm(Form):
    report = FileField(
        lazy_gettext("Report"),
        description=lazy_gettext("A PDF of up to 20 MB. An earlier report is kept, but no longer shown."),
        render_kw={
            "accept": ".pdf",
            "data-most": MOST_BYTES,
            "data-too-large": lazy_gettext("The file is larger than 20 MB."),
        },
    )

    def brought(self) -> Upload:
        sent: Any = self.report.data
        if not sent or not sent.filename:
            raise Refused(lazy_gettext("Choose a file."), field="report")
        return Upload(stem(sent.filename), read_report(sent.read()))
