"""What groups show around their pages: the filters of their list, their place in the programme."""

from __future__ import annotations

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.catalogue.queries import themes
from app.language import gettext, in_language
from app.programme.groups.models import GroupMember
from app.programme.parts import Filter, Part, of_things, province_filter


def theme_filter() -> Filter:
    return "theme", gettext("Thematic area"), of_things(themes())


def filters(caller: Caller) -> list[Filter]:
    states = [("", gettext("Meeting regularly")), ("no", gettext("Meeting no more"))]
    return [province_filter(caller), theme_filter(), ("active", gettext("State"), states)]


def part(caller: Caller, _: object) -> Part | None:
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    return Part(gettext("Action plan groups"), url_for("groups.show_groups"), "handshake", 30)


def institution(member: GroupMember) -> str:
    """For whom she sits there; needs `organisation` loaded."""
    return in_language(member.organisation, "name") if member.organisation is not None else member.institution
