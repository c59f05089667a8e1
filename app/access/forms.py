from __future__ import annotations

from typing import Any

from wtforms import EmailField, PasswordField, SelectField
from wtforms.validators import Email, Length

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission, Role, below
from app.access.queries import organisations, provinces
from app.language import in_language, lazy_gettext
from app.web.forms import ChoiceField, Form, TextField, required


class SignInForm(Form):
    email = EmailField(lazy_gettext("E-mail"), [required(), Length(max=254)])
    password = PasswordField(lazy_gettext("Password"), [required(), Length(max=512)])


class NewPasswordForm(Form):
    new_password = PasswordField(
        lazy_gettext("New password"),
        [required()],
        description=lazy_gettext("12 to 128 characters. Several unrelated words are easy to remember and hard to guess."),
    )
    repeat_password = PasswordField(lazy_gettext("New password again"), [required()])


class UserForm(Form):
    given_name = TextField(lazy_gettext("Given name"), [required(), Length(max=100)])
    family_name = TextField(lazy_gettext("Family name"), [required(), Length(max=100)])
    email = EmailField(
        lazy_gettext("E-mail"),
        [required(), Length(max=254), Email(lazy_gettext("Enter a valid e-mail address."))],
    )
    language = SelectField(lazy_gettext("Language"), choices=[("tr", "Türkçe"), ("en", "English")])

    @classmethod
    def of(cls, user: User | None = None) -> UserForm:
        form = cls(obj=user)
        if user is not None and not form.is_submitted():
            form.version.data = str(user.version)
        return form


class GrantForm(Form):
    """A role and where it holds; offers only roles below the caller's own, within her own scope."""

    role = SelectField(lazy_gettext("Role"), [required()])
    province_id = ChoiceField(lazy_gettext("Province"), empty=lazy_gettext("None"))
    organisation_id = ChoiceField(lazy_gettext("Institution"), empty=lazy_gettext("None"))

    @classmethod
    def of(cls, caller: Caller) -> GrantForm:
        form = cls()
        scope = caller.scope_for(Permission.USER_WRITE)
        roles = frozenset[Role]().union(*(below(role) for role in caller.roles))
        form.role.choices = [(role.value, role.label) for role in Role if role in roles]
        form.province_id.offer(
            (p.id, in_language(p, "name")) for p in provinces() if scope.everything or p.id in scope.provinces
        )
        form.organisation_id.offer((o.id, in_language(o, "name")) for o in organisations(scope))
        return form

    def chosen(self) -> dict[str, Any]:
        return {
            "role": Role(self.role.data),
            "province_id": self.province_id.data,
            "organisation_id": self.organisation_id.data,
        }
