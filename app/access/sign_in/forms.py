from __future__ import annotations

from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, Length

from app.language import lazy_gettext
from app.web.forms import Form, required


class SignInForm(Form):
    email = EmailField(lazy_gettext("E-mail"), [required(), Length(max=254)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        lazy_gettext("Password"), [required(), Length(max=512)], render_kw={"autocomplete": "current-password"}
    )


class NewPasswordForm(Form):
    new_password = PasswordField(
        lazy_gettext("New password"),
        [required()],
        description=lazy_gettext(
            "12 to 128 characters. Several unrelated words are easy to remember and hard to guess."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    repeat_password = PasswordField(
        lazy_gettext("New password again"),
        [required(), EqualTo("new_password", lazy_gettext("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
