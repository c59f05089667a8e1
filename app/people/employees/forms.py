"""A person's form."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from app.access.models import Organisation
from app.access.rules import plain_email
from app.language import lazy_gettext
from app.people import queries
from app.people.employees.services import Details
from app.people.forms import RegistryField, by_name_too, meant, suggestion
from app.people.models import Employee, EmploymentType, Sex
from app.people.services import registry_sentence
from app.users.forms import contact
from app.web.forms import ChoiceField, Form, KindField, TextField, filled, required

PHONE = Regexp(r"^[0-9+()/ .-]{7,32}$", message=lazy_gettext("Enter a phone number. Example: 0412 555 10 20"))


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
    employment_type = KindField(lazy_gettext("Employment type"), EmploymentType)
    sex = RadioField(lazy_gettext("Sex"), [DataRequired(lazy_gettext("Please choose one."))], validate_choice=False)
    email = contact(lazy_gettext("Work e-mail"))
    phone = TextField(
        lazy_gettext("Phone"),
        [Optional(), PHONE],
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
        units, titles = queries.units_and_titles(organisation, employee.title_id if employee else None)
        form.unit_id.offer(units)
        form.title_id.offer(titles)
        form.sex.choices = [(sex.value, sex.label) for sex in Sex]
        form.chief_now = suggestion(chief) if chief else ""
        if employee is not None and not form.is_submitted():
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
