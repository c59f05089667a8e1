"""A member: for which institution, who, in which office, from when to when."""

from __future__ import annotations

from wtforms import ValidationError
from wtforms.validators import Length

from app.access.models import Organisation
from app.access.rules import plain_email
from app.access.scope import Scope
from app.language import in_language, lazy_gettext
from app.people.models import Sex
from app.programme.groups.members import queries
from app.programme.groups.members.services import MemberDetails
from app.programme.groups.models import GroupMember, InstitutionType, Office
from app.trainers.forms import suggestion
from app.trainers.queries import staff_meant
from app.users.forms import contact
from app.web.forms import ChoiceField, DayField, Form, KindField, TextField


class MemberForm(Form):
    printed = ("name", "institution")
    organisation_id = ChoiceField(lazy_gettext("Institution"), empty=lazy_gettext("An institution that is not listed"))
    institution = TextField(
        lazy_gettext("Name of another institution"),
        [Length(max=200)],
        description=lazy_gettext("Where it is none of the list: a university, a chamber, a muhtar’s office."),
    )
    institution_type = KindField(lazy_gettext("Type of institution"), InstitutionType)
    colleague = TextField(
        lazy_gettext("On the staff as"),
        [Length(max=420)],
        description=lazy_gettext("Type a name and choose: name, e-mail and phone are then those of the staff list."),
    )
    name = TextField(lazy_gettext("Name of somebody else"), [Length(max=200)])
    sex = KindField(lazy_gettext("Sex, as stated"), Sex)
    email = contact(lazy_gettext("E-mail"))
    phone = TextField(lazy_gettext("Phone"), [Length(max=32)])
    job = TextField(lazy_gettext("Position"), [Length(max=120)])
    office = KindField(lazy_gettext("Office in the group"), Office)
    joined_on = DayField(lazy_gettext("Member since"))
    left_on = DayField(
        lazy_gettext("Member until"), description=lazy_gettext("Whoever left stays in the history of the group.")
    )

    people: Scope
    employee_id: int | None = None

    @classmethod
    def of(cls, people: Scope, organisations: list[Organisation], member: GroupMember | None = None) -> MemberForm:
        """`people`: whose staff one may see. Somebody one may not see stays linked: the field is not shown."""
        form = cls(obj=member)
        form.people = people
        form.organisation_id.offer((one.id, in_language(one, "name")) for one in organisations)
        if member is None:
            form.sex.data, form.office.data = form.sex.data or Sex.NOT_STATED, form.office.data or Office.MEMBER
        elif member.employee_id is not None:
            known = queries.colleague(people, member)
            if known is None:
                form.employee_id = member.employee_id
                del form.colleague
            elif not form.is_submitted():
                form.colleague.data = suggestion(known)
        return form

    def validate_colleague(self, field: TextField) -> None:
        if not field.data:
            self.employee_id = None
            return
        found = staff_meant(self.people, field.data)
        if found is None:
            raise ValidationError(str(lazy_gettext("Nobody on the staff was found. Choose from the suggestions.")))
        self.employee_id = found.id
        if self.organisation_id.data is None and not self.institution.data:
            self.organisation_id.data = found.organisation_id

    def details(self) -> MemberDetails:
        return MemberDetails(
            institution_type=InstitutionType(self.institution_type.data),
            organisation_id=self.organisation_id.data,
            institution=self.institution.data or "",
            employee_id=self.employee_id,
            name=self.name.data or "",
            job=self.job.data or "",
            office=Office(self.office.data),
            sex=Sex(self.sex.data),
            email=plain_email(self.email.data or ""),
            phone=self.phone.data or "",
            joined_on=self.joined_on.data,
            left_on=self.left_on.data,
        )
