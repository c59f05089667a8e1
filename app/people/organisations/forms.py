"""Institutions and their units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.validators import Length, ValidationError

from app import refdata
from app.access.models import Organisation, OrganisationKind
from app.access.queries import provinces
from app.language import language, lazy_gettext
from app.people.forms import by_name_too, meant, suggestion
from app.people.models import Employee, Unit
from app.people.organisations.services import OrganisationDetails
from app.web.forms import ChoiceField, Form, KindField, TextField, by_name, filled, word_or_none


class OrganisationForm(Form):
    printed = ("name_tr", "name_en", "short_name")
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=200)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=200)])
    short_name = TextField(
        lazy_gettext("Short name"),
        [filled(), Length(max=80)],
        description=lazy_gettext("Stands where there is little room. Example: Nizip"),
    )
    kind = KindField(lazy_gettext("Kind"), OrganisationKind)
    province_id = ChoiceField(
        lazy_gettext("Province"),
        empty=lazy_gettext("None"),
        description=lazy_gettext("Its coordinator sees the institution and its staff."),
    )

    @classmethod
    def of(cls, organisation: Organisation | None = None) -> OrganisationForm:
        form = cls(obj=organisation)
        form.province_id.offer(by_name(provinces()))
        return form

    def details(self) -> OrganisationDetails:
        return OrganisationDetails(
            self.name_tr.data,
            self.name_en.data,
            self.short_name.data,
            OrganisationKind(self.kind.data),
            self.province_id.data,
        )


class NewUnitForm(Form):
    function = ChoiceField(
        lazy_gettext("Function"),
        empty=lazy_gettext("Another one"),
        coerce=word_or_none,
        description=lazy_gettext("The function decides which competencies the needs questionnaire asks about."),
    )
    name_tr = TextField(
        lazy_gettext("Turkish name"),
        [Length(max=200)],
        description=lazy_gettext("Left empty, both names are the usual ones of the function."),
    )
    name_en = TextField(lazy_gettext("English name"), [Length(max=200)])

    @classmethod
    def of(cls, organisation: Organisation, present: Sequence[str]) -> NewUnitForm:
        """Offers the functions the institution has no unit for; `present` are those it has."""
        form = cls()
        known = [row for row in refdata.load("units") if row["slug"] not in present]
        form.function.offer((row["slug"], row[f"name_{language()}"]) for row in known)
        form.usual = {row["slug"]: _names(row, organisation) for row in known}
        return form

    usual: dict[str, tuple[str, str]]

    def validate_name_tr(self, field: TextField) -> None:
        if not field.data and not self.function.data:
            raise ValidationError(str(lazy_gettext("Please fill in this field.")))

    def chosen(self) -> dict[str, Any]:
        usual = self.usual.get(self.function.data or "", ("", ""))
        name_tr = self.name_tr.data or usual[0]
        return {
            "function": self.function.data or "",
            "name_tr": name_tr,
            "name_en": self.name_en.data or usual[1] or name_tr,
        }


def _names(row: dict[str, Any], organisation: Organisation) -> tuple[str, str]:
    """What a function's unit is called: a department (daire başkanlığı) in a metropolitan municipality."""
    metropolitan = organisation.kind.value == "metropolitan"
    return row["name_metropolitan_tr"] if metropolitan else row["name_tr"], row["name_en"]


class UnitForm(Form):
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=200)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=200)])
    head = TextField(
        lazy_gettext("Head of the unit"),
        [Length(max=240)],
        description=lazy_gettext("Type a name and choose, or type the registry number."),
    )

    organisation: Organisation
    chosen_head: Employee | None = None
    head_now: str = ""

    @classmethod
    def of(cls, organisation: Organisation, unit: Unit, head: Employee | None) -> UnitForm:
        form = cls(obj=unit)
        form.organisation = organisation
        form.head_now = suggestion(head) if head else ""
        if not form.is_submitted():
            form.head.data = form.head_now
        return form

    def same_version(self, thing: Unit) -> None:
        """As everywhere; the head, who stands in the form by name, is compared too."""
        with by_name_too(self.head, self.head_now):
            super().same_version(thing)

    def validate_head(self, field: TextField) -> None:
        self.chosen_head = meant(self.organisation, field.data) if field.data else None
        if field.data and self.chosen_head is None:
            raise ValidationError(
                str(lazy_gettext("Nobody of this institution was found. Choose from the suggestions."))
            )
