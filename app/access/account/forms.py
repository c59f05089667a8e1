from __future__ import annotations

from wtforms import BooleanField, PasswordField
from wtforms.validators import Length

from app.access.models import User
from app.access.sign_in.forms import NewPasswordForm
from app.language import lazy_gettext
from app.web.forms import ChoiceField, Form, required, word_or_none


class PasswordForm(NewPasswordForm):
    old_password = PasswordField(
        lazy_gettext("Present password"),
        [required(), Length(max=512)],
        render_kw={"autocomplete": "current-password"},
    )


class PreferencesForm(Form):
    language = ChoiceField(lazy_gettext("Language"), [required()], coerce=word_or_none)
    wants_reminders = BooleanField(
        lazy_gettext("Remind me of what is coming by e-mail"),
        description=lazy_gettext(
            "Invitations, changes and cancellations always come, and so does what concerns your account's security."
        ),
    )

    @classmethod
    def of(cls, user: User) -> PreferencesForm:
        form = cls(obj=user)
        form.language.offer([("tr", "Türkçe"), ("en", "English")])
        return form
