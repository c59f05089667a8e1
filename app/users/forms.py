from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from app.access.caller import Caller
from app.access.models import User
from app.access.permissions import Permission, Role, below
from app.access.queries import organisations, provinces
from app.access.rules import plain_email
from app.language import lazy_gettext
from app.users.services import Person, Place
from app.web.forms import ChoiceField, Form, TextField, by_name, filled, required, word_or_none


def address() -> Regexp:
    """The form of an e-mail address; whether its letters are plain ones is the services' rule."""
    return Regexp(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$", message=lazy_gettext("Enter a valid e-mail address."))


def trimmed(typed: str | None) -> str | None:
    """What is pasted often ends in a space."""
    return typed.strip() if typed else typed


def contact(label: Any, **kwargs: Any) -> EmailField:
    """The address of somebody who perhaps has none."""
    return EmailField(label, [Optional(), Length(max=254), address(), _plain], filters=[trimmed], **kwargs)


def _plain(_: Form, field: EmailField) -> None:
    if field.data and not plain_email(field.data):
        raise ValidationError(str(lazy_gettext("An e-mail address is written without Turkish letters.")))


class GrantFields(Form):
    """A role and where it holds; offers only roles below the caller's own, within their own scope."""

    role = ChoiceField(lazy_gettext("Role"), [required()], empty=lazy_gettext("Choose"), coerce=word_or_none)
    province_id = ChoiceField(
        lazy_gettext("Province"),
        empty=lazy_gettext("None"),
        description=lazy_gettext("For coordinators; trainers and viewers may have one."),
    )
    organisation_id = ChoiceField(
        lazy_gettext("Institution"),
        empty=lazy_gettext("None"),
        description=lazy_gettext("For focal points and staff members."),
    )

    def offer(self, caller: Caller) -> None:
        scope = caller.scope_for(Permission.USER_WRITE)
        roles = frozenset[Role]().union(*(below(role) for role in caller.roles))
        self.role.offer((role.value, role.label) for role in Role if role in roles)
        self.province_id.offer(by_name(p for p in provinces() if scope.covers_province(p.id)))
        self.organisation_id.offer(by_name(organisations(scope)))

    def place(self) -> Place:
        return Place(self.province_id.data, self.organisation_id.data)


class GrantForm(GrantFields):
    @classmethod
    def of(cls, caller: Caller) -> GrantForm:
        form = cls()
        form.offer(caller)
        return form


class PersonFields(Form):
    given_name = TextField(lazy_gettext("Given name"), [filled(), Length(max=100)])
    family_name = TextField(lazy_gettext("Family name"), [filled(), Length(max=100)])
    email = EmailField(
        lazy_gettext("E-mail"),
        [filled(), Length(max=254), address()],
        filters=[trimmed],
    )
    language = ChoiceField(lazy_gettext("Language"), [required()], coerce=word_or_none)

    def offer_languages(self) -> None:
        self.language.offer([("tr", "Türkçe"), ("en", "English")])

    def person(self) -> Person:
        return Person(
            self.given_name.data or "", self.family_name.data or "", self.email.data or "", self.language.data or "tr"
        )


class EditUserForm(PersonFields):
    @classmethod
    def of(cls, user: User) -> EditUserForm:
        form = cls(obj=user)
        form.offer_languages()
        return form


class NewUserForm(PersonFields, GrantFields):
    """A person and their first role."""

    by_mail = BooleanField(
        lazy_gettext("Send the link by e-mail"),
        description=lazy_gettext("Otherwise it is shown once, for you to pass on."),
    )

    @classmethod
    def of(cls, caller: Caller) -> NewUserForm:
        form = cls()
        form.offer_languages()
        form.offer(caller)
        return form
