"""The same address at two institutions waits for whoever coordinates both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core import slots
from app.language import gettext, ngettext
from app.people.doubles import queries
from app.people.doubles.queries import Double
from app.people.models import EmployeePair
from app.web.parts import Counted, Tally, Task


def why() -> dict[str, str]:
    """What speaks for one person, in words."""
    return {
        "email": gettext("Same e-mail address"),
        "registry": gettext("Same registry number"),
        "name": gettext("Similar name"),
    }


def shared_addresses(caller: Caller, _: object) -> Counted | None:
    if not caller.may(Permission.PERSON_MERGE):
        return None
    return Counted(queries.at_two_places(caller.scope_for(Permission.PERSON_MERGE)), (EmployeePair,), _shared)


def _shared(number: int) -> Task:
    told = ngettext(
        "%(num)s e-mail address belongs to people of two institutions",
        "%(num)s e-mail addresses belong to people of two institutions",
        number,
    )
    return Task(told, url_for("doubles.show_doubles", sign="email"), icon="users", order=45)


def tallies(caller: Caller, shown: Sequence[Double]) -> list[Tally]:
    """What upper rooms hold of those who are shown."""
    return slots.collect("people.tallies", caller, [one.id for row in shown for one in (row.one, row.other)])
