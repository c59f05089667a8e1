"""The sessions of a day with the form that postpones them: on the page of an off-day or a holiday, and on a page of its
own for coordinators, who do not see the settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core import slots
from app.language import gettext
from app.training.days import queries
from app.training.days.forms import PostponeDayForm
from app.training.days.queries import AffectedSession, why
from app.web.parts import Section


def sessions_on(caller: Caller, day: date) -> list[AffectedSession]:
    """The sessions the caller runs that have sittings on a date, by hour; nothing of cancelled ones."""
    scope = caller.scope_for(Permission.SESSION_WRITE)
    return queries.sessions_on(scope, day, lambda ids: slots.collect("training.kept_sittings", caller, ids))


def section(caller: Caller, day: date) -> Section | None:
    """The sessions of a day with the form that postpones them."""
    found = sessions_on(caller, day) if caller.may(Permission.SESSION_WRITE) else []
    if not found:
        return None
    content = {"day": day, "sessions": found, "form": PostponeDayForm.of(found_ids(found), why(day))}
    return Section(gettext("Sittings on this day"), "training/days/form.html", content)


def found_ids(sessions: Sequence[AffectedSession]) -> list[int]:
    """The sessions of which something can be postponed."""
    return [each.course_session.id for each in sessions if each.losing]
