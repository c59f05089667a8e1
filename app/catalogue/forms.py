from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from app import refdata
from app.catalogue import queries
from app.catalogue.models import Course, CourseLevel, DeliveryMode
from app.catalogue.queries import Links
from app.catalogue.services import CourseDetails
from app.core.errors import Stale
from app.language import in_language, language, lazy_gettext
from app.people.employees.queries import titles
from app.settings.queries import values
from app.web.forms import (
    MANY,
    CheckList,
    ChoiceField,
    Form,
    KindField,
    TextField,
    WholeField,
    by_name,
    filled,
    required,
    worded,
)


def functions() -> list[tuple[str, str]]:
    """The functions units have, whatever an institution calls them, as (key, words)."""
    return [(row["slug"], row[f"name_{language()}"]) for row in refdata.load("units")]


class CourseForm(Form):
    printed = ("name_tr", "name_en")
    code = TextField(
        lazy_gettext("Code"),
        [
            filled(),
            Regexp(
                r"^[A-Z]{2}-[0-9]{2,3}$", message=lazy_gettext("Two capital letters, a dash, a number. Example: BK-07")
            ),
        ],
        description=lazy_gettext("Two letters of the thematic area, a dash and a number. Example: BK-07"),
    )
    theme_id = ChoiceField(lazy_gettext("Thematic area"), [required()], empty=lazy_gettext("Choose"))
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    hours = WholeField(lazy_gettext("Hours"), [required()], least=1, most=200)
    days = WholeField(lazy_gettext("Days"), [required()], least=1, most=60)
    level = KindField(lazy_gettext("Level"), CourseLevel)
    delivery_mode = KindField(lazy_gettext("Delivery mode"), DeliveryMode)
    min_participants = WholeField(lazy_gettext("Fewest participants"), [required()], least=1, most=500)
    max_participants = WholeField(lazy_gettext("Most participants"), [required()], least=1, most=500)
    threshold = WholeField(
        lazy_gettext("Required attendance"),
        [required()],
        most=100,
        description=lazy_gettext("Percent of the minutes one must be present to receive a document."),
    )
    has_test = BooleanField(lazy_gettext("There is a pre-test and a post-test"))
    pass_mark = WholeField(
        lazy_gettext("Pass mark"), most=100, description=lazy_gettext("From 0 to 100; only where there is a test.")
    )
    attendance_document_on_fail = BooleanField(
        lazy_gettext("Whoever fails the test still gets a document of attendance")
    )
    sheet_required = BooleanField(lazy_gettext("The signed attendance sheet is required"))
    objectives_tr = TextAreaField(lazy_gettext("Objectives in Turkish"), [Length(max=2000)], render_kw={"rows": 4})
    objectives_en = TextAreaField(lazy_gettext("Objectives in English"), [Length(max=2000)], render_kw={"rows": 4})
    competency_ids = CheckList(
        lazy_gettext("Competencies"),
        [InputRequired(lazy_gettext("Choose at least one competency."))],
        description=lazy_gettext("What this course builds; needs and suggestions are found through them."),
        render_kw=MANY,
    )
    title_ids = CheckList(
        lazy_gettext("Eligible job titles"),
        description=lazy_gettext("None ticked: everybody may take part."),
        render_kw=MANY,
    )
    target_units = CheckList(lazy_gettext("Target units"), coerce=str, render_kw=MANY)
    required_ids = CheckList(
        lazy_gettext("Prerequisites"),
        description=lazy_gettext("Courses that must be completed before this one."),
        render_kw=MANY,
    )

    joined: Links

    @classmethod
    def of(cls, course: Course | None = None) -> CourseForm:
        """A new course begins with the thresholds of the settings."""
        joined = queries.links(course) if course is not None else Links()
        form = cls(obj=course, **(_lists(joined) if course is not None else _defaults()))
        form.joined = joined
        competencies = queries.competencies(*joined.competency_ids)
        form.theme_id.offer(by_name(queries.themes(course.theme_id if course else None)))
        form.competency_ids.offer(by_name(competencies, lambda one: one.theme))
        form.title_ids.choices = by_name(titles(*joined.title_ids))
        form.target_units.choices = functions()
        form.required_ids.choices = _others(course, joined)
        return form

    def same_version(self, thing: Course) -> None:
        """As everywhere; the lists, which stand in other tables, are compared too."""
        try:
            super().same_version(thing)
        except Stale as stale:
            pairs = [
                (field.label.text, worded(field, theirs), worded(field, field.data))
                for field, theirs in ((self[name], list(ids)) for name, ids in _lists(self.joined).items())
                if set(theirs) != set(field.data or [])
            ]
            raise Stale(stale.message, [*stale.differences, *pairs]) from stale

    def details(self) -> CourseDetails:
        values = {name: self[name].data for name in CourseDetails.__dataclass_fields__}
        values |= {"level": CourseLevel(self.level.data), "delivery_mode": DeliveryMode(self.delivery_mode.data)}
        for name in ("competency_ids", "title_ids", "target_units", "required_ids"):
            values[name] = [key for key, *_ in self[name].choices if key in (self[name].data or [])]
        for name in ("objectives_tr", "objectives_en"):
            values[name] = (values[name] or "").strip()
        return CourseDetails(**values)


def _lists(joined: Links) -> dict[str, Sequence[int]]:
    return {
        "competency_ids": list(joined.competency_ids),
        "title_ids": list(joined.title_ids),
        "required_ids": list(joined.required_ids),
    }


def _defaults() -> dict[str, Any]:
    given = values()
    return {
        "threshold": given["threshold"],
        "pass_mark": given["pass_mark"],
        "attendance_document_on_fail": True,
        "sheet_required": True,
    }


def _others(course: Course | None, joined: Links) -> list[tuple[int, str]]:
    """Courses that may be asked for first: those on offer, and those asked for already."""
    found = queries.offered_courses(course, joined.required_ids)
    return [(one.id, f"{one.code} {in_language(one, 'name')}") for one in found]
