from __future__ import annotations

from app.language import lazy_gettext
from app.settings.forms import SettingsForm, number


class RetentionForm(SettingsForm):
    letters_kept_days = number(
        "letters_kept_days", lazy_gettext("Letters"), lazy_gettext("Days after they were written; 365 is usual.")
    )
    invitations_kept_days = number(
        "invitations_kept_days", lazy_gettext("Invitations"), lazy_gettext("Days after the last one; 365 is usual.")
    )
    imports_kept_days = number(
        "imports_kept_days", lazy_gettext("Imports"), lazy_gettext("Days after the file was read; 30 is usual.")
    )
    answers_kept_days = number(
        "answers_kept_days",
        lazy_gettext("Answers about training needs"),
        lazy_gettext("Days after the last day of a published analysis; 730 is usual. Its figures stay."),
    )
