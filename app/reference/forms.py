from __future__ import annotations

from typing import Any, Self

from wtforms import TextAreaField
from wtforms.validators import Length, Regexp

from app.catalogue.models import Competency
from app.catalogue.queries import themes
from app.language import in_language, lazy_gettext
from app.people.models import TitleLevel
from app.reference import queries
from app.reference.models import Kind
from app.web.forms import ChoiceField, Form, KindField, TextField, by_name, filled, required


class TermForm(Form):
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=120)])
    name_en = TextField(
        lazy_gettext("English name"),
        [Length(max=120)],
        description=lazy_gettext("Left empty, the Turkish name stands on English pages too."),
    )

    @classmethod
    def of(cls, term: Any = None) -> Self:
        return cls(obj=term)


class TitleForm(TermForm):
    level = KindField(lazy_gettext("Level"), TitleLevel)


class ThemeForm(TermForm):
    prefix = TextField(
        lazy_gettext("Letters of its course codes"),
        [filled(), Regexp(r"^[A-Z]{2}$", message=lazy_gettext("Two capital letters. Example: BK"))],
    )
    description_tr = TextAreaField(lazy_gettext("Description in Turkish"), [Length(max=500)], render_kw={"rows": 3})
    description_en = TextAreaField(lazy_gettext("Description in English"), [Length(max=500)], render_kw={"rows": 3})


class CompetencyForm(TermForm):
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(
        lazy_gettext("English name"),
        [Length(max=160)],
        description=lazy_gettext("Left empty, the Turkish name stands on English pages too."),
    )
    theme_id = ChoiceField(lazy_gettext("Thematic area"), [required()], empty=lazy_gettext("Choose"))
    capacity_area_id = ChoiceField(lazy_gettext("Capacity area"), [required()], empty=lazy_gettext("Choose"))

    @classmethod
    def of(cls, term: Competency | None = None) -> Self:
        form = super().of(term)
        form.theme_id.offer(by_name(themes(term.theme_id if term else None)))
        form.capacity_area_id.offer(by_name(queries.capacity_areas()))
        return form


FORMS: dict[str, type[TermForm]] = {"titles": TitleForm, "themes": ThemeForm, "competencies": CompetencyForm}


class MergeForm(Form):
    into = ChoiceField(lazy_gettext("Becomes part of"), [required()], empty=lazy_gettext("Choose"))

    @classmethod
    def of(cls, kind: Kind, term: Any) -> MergeForm:
        form = cls(obj=term)
        form.into.offer((one.id, in_language(one, "name")) for one in queries.others(kind, term))
        return form
