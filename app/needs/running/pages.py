"""What the room shows on the pages of others."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext, ngettext
from app.needs.models import RoundPlace
from app.needs.running import queries
from app.web.parts import Counted, Task


def counted(caller: Caller, _: object) -> Counted | None:
    """Rounds whose last day is over wait for whoever runs them."""
    if not caller.may(Permission.NEED_RUN):
        return None
    return Counted(queries.over(caller.scope_for(Permission.NEED_RUN)), (RoundPlace,), _task)


def _task(number: int) -> Task:
    title = ngettext("%(num)s needs analysis is to be closed", "%(num)s needs analyses are to be closed", number)
    return Task(title, url_for("rounds.show_rounds"), gettext("Its last day is over."), "lock")
