"""The form of a supervisor, and what other pages say of it."""

from __future__ import annotations

import json
from typing import Any

from flask import url_for

from app.access.caller import Caller
from app.language import gettext, ngettext
from app.needs.models import Rating, Respondent
from app.needs.team import queries
from app.needs.team.models import Way
from app.people.models import Employee, PersonalLink
from app.settings.notice import queries as notices
from app.web.parts import Counted, Section, Task


def shown_before(text: str) -> dict[str, str]:
    """What a form says it was drawn with; nothing where it says nothing of use."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def address(way: Way, round_id: int, respondent_id: int | None = None) -> str:
    """Where the grid stands, or one of the people."""
    if way.token:
        if respondent_id is None:
            return url_for("links.open_link", token=way.token, round=round_id)
        return url_for("team.show_member_linked", token=way.token, respondent_id=respondent_id, round=round_id)
    if respondent_id is None:
        return url_for("team.show_team", round=round_id)
    return url_for("team.show_member", respondent_id=respondent_id, round=round_id)


def linked(link: PersonalLink) -> dict[str, Any]:
    """What stands on a page without an account: whose it is, and the notice on personal data."""
    return {"person": link.employee.name, "notice": notices.current()}


def counted(caller: Caller, _: object) -> Counted:
    """People of theirs of whom nothing was said yet."""
    return Counted(queries.unrated(caller.id), (Respondent, Employee, Rating, queries.chief), _task)


def _task(number: int) -> Task:
    title = ngettext(
        "%(num)s person of your team is not rated yet", "%(num)s people of your team are not rated yet", number
    )
    return Task(title, url_for("team.show_team"), gettext("A needs analysis asks for your ratings."), "users")


def section(caller: Caller, _: object) -> Counted:
    """On one's own page: a team that is to be rated."""
    models = (Respondent, Employee, Rating, queries.chief, queries.person)
    return Counted(queries.unfinished(caller.id), models, _section)


def _section(number: int) -> Section:
    return Section(gettext("Your team"), "needs/team/waiting.html", number, order=-1)
