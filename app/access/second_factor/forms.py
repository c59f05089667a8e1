from __future__ import annotations

from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import Form, required


def code(description: Any) -> StringField:
    return StringField(
        lazy_gettext("Code"),
        [required(), Length(max=40)],
        description=description,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True},
    )


class CodeForm(Form):
    code = code(
        lazy_gettext(
            "The six figures your authenticator app shows now, or one of your recovery codes of twelve figures."
        )
    )
    remember = BooleanField(
        lazy_gettext("Do not ask for a code on this device for 30 days"),
        description=lazy_gettext("Only on a device that nobody else uses."),
    )


class SetUpForm(Form):
    code = code(lazy_gettext("The six figures the app shows now."))


class OwnPasswordForm(Form):
    password = PasswordField(
        lazy_gettext("Your password"), [required(), Length(max=512)], render_kw={"autocomplete": "current-password"}
    )


class OwnSetUpForm(SetUpForm, OwnPasswordForm):
    """Set up by somebody who is signed in already."""
