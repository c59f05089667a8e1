from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wtforms import BooleanField, EmailField, RadioField
from wtforms.validators import DataRequired, Length, Optional, Regexp, StopValidation, ValidationError

from app import refdata
from app.access.models import Organisation, OrganisationKind
from app.access.queries import provinces
from app.access.services import plain_email
from app.core.errors import Stale
from app.language import in_language, language, lazy_gettext
from app.people import queries
from app.people.models import Employee, EmploymentType, Sex, Unit
from app.people.organisation_services import OrganisationDetails
from app.people.registry import is_identity_number, typed
from app.people.services import IDENTITY_NUMBER, Details, registry_sentence
from app.people.transfers import NewPlace
from app.users.forms import address, filled, trimmed
from app.web.forms import CheckList, ChoiceField, Form, TextField, required


def suggestion(employee: Employee) -> str:
    """How a colleague stands in a field that suggests: what is read back is the registry number at its end."""
    return f"{employee.name} · {employee.registry_no}"


def meant(organisation: Organisation, typed: str) -> Employee | None:
    """The colleague somebody typed: a suggestion, a registry number, or a name only one person has; else None."""
    found = queries.colleague(organisation, typed.rpartition(" · ")[2].strip())
    if found is None:
        named = queries.colleagues(organisation, typed, limit=2)
        found = named[0] if len(named) == 1 else None
    return found


@contextmanager
def by_name_too(field: TextField, now: str) -> Iterator[None]:
    """Where somebody else was first, a colleague in the form is told apart by how they stand there, not by their id."""
    try:
        yield
    except Stale as stale:
        told = [pair for pair in stale.differences if pair[0] != field.label.text]
        if (field.data or "") != now:
            told.append((field.label.text, now or "–", field.data or "–"))
        raise Stale(stale.message, told) from stale


class RegistryField(TextField):
    """A staff registry number. A T.C. identity number is refused and forgotten at once: no page repeats it."""

    identity = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = typed(valuelist[0]) if valuelist else ""
        self.identity = is_identity_number(self.data)
        if self.identity:
            self.data, self.raw_data = "", []

    def pre_validate(self, form: Any) -> None:
        if self.identity:
            raise StopValidation(str(IDENTITY_NUMBER))


class EmployeeForm(Form):
    """A person on the staff of one institution, which the page's address names."""

    printed = ("given_name", "family_name")
    given_name = TextField(lazy_gettext("Given name"), [filled(), Length(max=100)])
    family_name = TextField(lazy_gettext("Family name"), [filled(), Length(max=100)])
    registry_no = RegistryField(
        lazy_gettext("Staff registry no."),
        [filled(), Length(max=32)],
        description=lazy_gettext("Unique within the institution."),
    )
    unit_id = ChoiceField(lazy_gettext("Unit"), [required()], empty=lazy_gettext("Choose"))
    title_id = ChoiceField(lazy_gettext("Job title"), [required()], empty=lazy_gettext("Choose"))
    employment_type = ChoiceField(
        lazy_gettext("Employment type"), [required()], empty=lazy_gettext("Choose"), coerce=lambda value: value or None
    )
    sex = RadioField(lazy_gettext("Sex"), [DataRequired(lazy_gettext("Please choose one."))], validate_choice=False)
    email = EmailField(
        lazy_gettext("Work e-mail"),
        [Optional(), Length(max=254), address()],
        filters=[trimmed],
    )
    phone = TextField(
        lazy_gettext("Phone"),
        [
            Optional(),
            Regexp(r"^[0-9+()/ .-]{7,32}$", message=lazy_gettext("Enter a phone number. Example: 0412 555 10 20")),
        ],
    )
    anyway = BooleanField(lazy_gettext("Add all the same: this is somebody else"))
    supervisor = TextField(
        lazy_gettext("Supervisor"),
        [Length(max=240)],
        description=lazy_gettext(
            "Type a name and choose, or type the registry number. Left empty, it is the head of the unit."
        ),
    )

    organisation: Organisation
    employee_id: int | None = None
    supervisor_id: int | None = None
    chief_now: str = ""
    holder: Employee | None = None

    @classmethod
    def of(
        cls, organisation: Organisation, employee: Employee | None = None, chief: Employee | None = None
    ) -> EmployeeForm:
        """`employee` is edited; `chief` is whoever was named as their supervisor."""
        form = cls(obj=employee)
        form.organisation, form.employee_id = organisation, employee.id if employee else None
        units, titles = queries.units_and_titles(organisation)
        form.unit_id.offer(units)
        form.title_id.offer(titles)
        form.employment_type.offer((kind.value, kind.label) for kind in EmploymentType)
        form.sex.choices = [(sex.value, sex.label) for sex in Sex]
        form.chief_now = suggestion(chief) if chief else ""
        if employee is not None and not form.is_submitted():
            form.version.data = str(employee.version)
            form.supervisor.data = form.chief_now
        return form

    def same_version(self, thing: Employee) -> None:
        """As everywhere; the supervisor, who stands in the form by name, is compared too."""
        with by_name_too(self.supervisor, self.chief_now):
            super().same_version(thing)

    def validate_registry_no(self, field: TextField) -> None:
        self.holder = queries.registry_holder(self.organisation.id, field.data or "", besides=self.employee_id)
        if self.holder is not None:
            raise ValidationError(str(registry_sentence(self.organisation, self.holder)))

    def validate_sex(self, field: RadioField) -> None:
        if field.data not in set(Sex):
            raise ValidationError(str(lazy_gettext("This choice is not available.")))

    def validate_email(self, field: EmailField) -> None:
        if field.data and not plain_email(field.data):
            raise ValidationError(str(lazy_gettext("An e-mail address is written without Turkish letters.")))

    def validate_supervisor(self, field: TextField) -> None:
        self.supervisor_id = None
        if not field.data:
            return
        found = meant(self.organisation, field.data)
        if found is None:
            raise ValidationError(
                str(lazy_gettext("Nobody of this institution was found. Choose from the suggestions."))
            )
        if found.id == self.employee_id:
            raise ValidationError(str(lazy_gettext("Nobody can be their own supervisor.")))
        self.supervisor_id = found.id

    def details(self) -> Details:
        return Details(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            registry_no=self.registry_no.data,
            unit_id=self.unit_id.data,
            title_id=self.title_id.data,
            employment_type=EmploymentType(self.employment_type.data),
            sex=Sex(self.sex.data),
            email=plain_email(self.email.data or ""),
            phone=self.phone.data or "",
            supervisor_id=self.supervisor_id,
        )


class TransferForm(Form):
    """Their place at another institution, which the page's address names."""

    unit_id = ChoiceField(lazy_gettext("Unit"), [required()], empty=lazy_gettext("Choose"))
    title_id = ChoiceField(lazy_gettext("Job title"), [required()], empty=lazy_gettext("Choose"))
    employment_type = ChoiceField(
        lazy_gettext("Employment type"), [required()], empty=lazy_gettext("Choose"), coerce=lambda value: value or None
    )
    registry_no = RegistryField(
        lazy_gettext("Staff registry no."),
        [filled(), Length(max=32)],
        description=lazy_gettext("The one of the new institution; unique there."),
    )
    email = EmailField(lazy_gettext("Work e-mail"), [Optional(), Length(max=254), address()], filters=[trimmed])
    keep = CheckList(lazy_gettext("Kept"))

    @classmethod
    def of(cls, organisation: Organisation, employee: Employee, keepable: Sequence[str] = ()) -> TransferForm:
        """`organisation` is the new one; what may stay the same is filled in, the unit cannot. `keepable`: what may be
        ticked to go along.
        """
        form = cls(obj=employee)
        units, titles = queries.units_and_titles(organisation)
        form.unit_id.offer(units)
        form.title_id.offer(titles)
        form.employment_type.offer((kind.value, kind.label) for kind in EmploymentType)
        form.keep.choices = [(key, key) for key in keepable]
        if not form.is_submitted():
            form.version.data = str(employee.version)
            form.unit_id.data = None
        return form

    def same_version(self, thing: Employee) -> None:
        """As everywhere; the unit differs in any case and says nothing."""
        try:
            super().same_version(thing)
        except Stale as stale:
            told = [pair for pair in stale.differences if pair[0] != self.unit_id.label.text]
            raise Stale(stale.message, told) from stale

    def validate_email(self, field: EmailField) -> None:
        if field.data and not plain_email(field.data):
            raise ValidationError(str(lazy_gettext("An e-mail address is written without Turkish letters.")))

    def place(self) -> NewPlace:
        return NewPlace(
            unit_id=self.unit_id.data,
            title_id=self.title_id.data,
            registry_no=self.registry_no.data,
            employment_type=EmploymentType(self.employment_type.data),
            email=plain_email(self.email.data or ""),
        )


class OrganisationForm(Form):
    printed = ("name_tr", "name_en", "short_name")
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=200)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=200)])
    short_name = TextField(
        lazy_gettext("Short name"),
        [filled(), Length(max=80)],
        description=lazy_gettext("Stands where there is little room. Example: Nizip"),
    )
    kind = ChoiceField(
        lazy_gettext("Kind"), [required()], empty=lazy_gettext("Choose"), coerce=lambda value: value or None
    )
    province_id = ChoiceField(
        lazy_gettext("Province"),
        empty=lazy_gettext("None"),
        description=lazy_gettext("Its coordinator sees the institution and its staff."),
    )

    @classmethod
    def of(cls, organisation: Organisation | None = None) -> OrganisationForm:
        form = cls(obj=organisation)
        form.kind.offer((kind.value, kind.label) for kind in OrganisationKind)
        form.province_id.offer((one.id, in_language(one, "name")) for one in provinces())
        if organisation is not None and not form.is_submitted():
            form.version.data = str(organisation.version)
        return form

    def details(self) -> OrganisationDetails:
        return OrganisationDetails(
            self.name_tr.data,
            self.name_en.data,
            self.short_name.data,
            OrganisationKind(self.kind.data),
            self.province_id.data,
        )


class MergeForm(Form):
    """Which of two records stays; both ids are loaded through the scope again."""


class NewUnitForm(Form):
    function = ChoiceField(
        lazy_gettext("Function"),
        empty=lazy_gettext("Another one"),
        coerce=lambda value: value or None,
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
            form.version.data = str(unit.version)
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
