"""Institutions in the menu, and the one a page begins with: chosen first, by `people/choose_organisation.html`."""

from __future__ import annotations

from flask import request, url_for

from app.access.caller import Caller
from app.access.current import caller
from app.access.models import Organisation
from app.access.permissions import Permission
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext
from app.people.organisations import queries
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> NavItem | None:
    if not caller.may(Permission.ORGANISATION_READ):
        return None
    return NavItem(gettext("Institutions"), url_for("organisations.show_organisations"), "building-2", 55)


def chosen_organisation() -> Organisation:
    """The institution the address names, if the caller may write its people."""
    if (key := typed_id(request.args.get("organisation", ""))) is None:
        raise Missing
    return queries.organisation(caller.scope_for(Permission.PERSON_WRITE), key)
