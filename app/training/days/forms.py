from __future__ import annotations

from collections.abc import Sequence

from wtforms import TextAreaField
from wtforms.validators import Length

from app.language import lazy_gettext
from app.web.forms import CheckList, Form, required


class PostponeDayForm(Form):
    """Which sessions lose a day, all ticked at first, and why."""

    sessions = CheckList(lazy_gettext("Sessions to postpone"))
    reason = TextAreaField(lazy_gettext("Reason"), [required(), Length(max=500)])

    @classmethod
    def of(cls, session_ids: Sequence[int], reason: str = "") -> PostponeDayForm:
        form = cls(data={"sessions": list(session_ids), "reason": reason})
        form.sessions.offer((key, str(key)) for key in session_ids)
        return form
