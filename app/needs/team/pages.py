"""The form of a supervisor, and what other pages say of it."""

from __future__ import annotations

import json

from flask import url_for

from app.access.caller import Caller
from app.language import format_date, gettext, in_language, ngettext
from app.needs.team import queries
from app.needs.team.models import Team
from app.web.parts import Section, Task


def shown_before(text: str) -> dict[str, str]:
    """What a form says it was drawn with; nothing where it says nothing of use."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _waiting(caller: Caller) -> Team | None:
    found = queries.team(caller.id)
    return found if found is not None and found.missing else None


def task(caller: Caller, _: object) -> Task | None:
    found = _waiting(caller)
    if found is None:
        return None
    about = ngettext("%(num)s rating is missing", "%(num)s ratings are missing", found.missing)
    day = gettext("Until %(day)s", day=format_date(found.round.ends_on))
    name = gettext("Rate your team: %(name)s", name=in_language(found.round, "name"))
    return Task(name, url_for("team.show_team"), f"{about} · {day}", "users")


def section(caller: Caller, _: object) -> Section | None:
    found = _waiting(caller)
    return None if found is None else Section(gettext("Your team"), "needs/team/waiting.html", found, order=-1)
