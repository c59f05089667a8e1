"""A group, and a member: for which institution, who, in which office, from when to when."""

from __future__ import annotations

from typing import Any

from wtforms import TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from app.access.queries import provinces
from app.access.rules import plain_email
from app.access.scope import Scope
from app.catalogue.queries import themes
from app.language import lazy_gettext
from app.people.employees.forms import PHONE
from app.people.models import Sex
from app.programme.forms import offer
from app.programme.groups.models import ActionGroup, GroupMember, InstitutionType, Office
from app.programme.groups.queries import colleague, institutions, themes_of
from app.trainers.forms import suggestion
from app.trainers.queries import staff_meant
from app.users.forms import contact
from app.web.forms import CheckList, ChoiceField, DayField, Form, KindField, TextField, by_name, filled, required


class GroupForm(Form):
    province_id = ChoiceField(lazy_gettext("Province"), [required()], empty=lazy_gettext("Choose"))
    name_tr = TextField(lazy_gettext("Turkish name"), [filled(), Length(max=160)])
    name_en = TextField(lazy_gettext("English name"), [filled(), Length(max=160)])
    aim_tr = TextAreaField(lazy_gettext("Aim (Turkish)"), [Length(max=1000)])
    aim_en = TextAreaField(lazy_gettext("Aim (English)"), [Length(max=1000)])
    theme_ids = CheckList(lazy_gettext("Thematic areas"))
    founded_on = DayField(lazy_gettext("Founded on"))

    @classmethod
    def of(cls, scope: Scope, group: ActionGroup | None = None) -> GroupForm:
        """Offers the provinces the scope reaches; a group that is there stays in its own."""
        chosen = [one.id for one in themes_of(group)] if group is not None else []
        form = cls(obj=group, theme_ids=chosen)
        form.theme_ids.offer(by_name(themes(*chosen)))
        offered = [one for one in provinces() if scope.covers_province(one.id)]
        if group is not None:
            offered = [one for one in offered if one.id == group.province_id]
        offer(form.province_id, by_name(offered))
        return form

    def group(self) -> tuple[dict[str, Any], tuple[int, ...]]:
        """What the row is to say, and its themes."""
        values = self.values()
        del values["theme_ids"]
        return values, self.theme_ids.chosen


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
    phone = TextField(lazy_gettext("Phone"), [Optional(), PHONE])
    job = TextField(lazy_gettext("Position"), [Length(max=120)])
    office = KindField(lazy_gettext("Office in the group"), Office)
    joined_on = DayField(lazy_gettext("Member since"))
    left_on = DayField(
        lazy_gettext("Member until"), description=lazy_gettext("Whoever left stays in the history of the group.")
    )

    people: Scope
    employee_id: int | None = None

    @classmethod
    def of(cls, people: Scope, group: ActionGroup, member: GroupMember | None = None) -> MemberForm:
        """`people`: whose staff one may see. Somebody one may not see stays linked: the field is not shown."""
        form = cls(obj=member)
        form.people = people
        form.organisation_id.offer(by_name(institutions(group, member)))
        if member is None:
            form.sex.data, form.office.data = form.sex.data or Sex.NOT_STATED, form.office.data or Office.MEMBER
        elif member.employee_id is not None:
            known = colleague(people, member)
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

    def member(self) -> dict[str, Any]:
        values = self.values() | {"employee_id": self.employee_id, "email": plain_email(self.email.data or "")}
        values.pop("colleague", None)
        return values
