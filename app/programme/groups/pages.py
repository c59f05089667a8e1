"""What groups show around their pages: filters, their place in the programme, memberships where somebody leaves or asks
what is stored about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.access.scope import Scope
from app.language import format_date, format_number, gettext, in_language, language, pgettext
from app.lists.models import Columns
from app.people.leaving.models import Leaving, Tie
from app.programme.groups import queries
from app.programme.groups.models import ActionGroup, GroupMember
from app.programme.parts import Filter, Part, filter_of, province_filter, theme_filter
from app.web.parts import Consequence, Stored


def runs(caller: Caller) -> Scope:
    """Where somebody writes."""
    return running(caller.scope_for(Permission.PROGRAMME_WRITE))


def running(scope: Scope) -> Scope:
    """Groups of other provinces in which an institution of theirs sits are only read."""
    return replace(scope, organisations=frozenset())


def filters(caller: Caller) -> list[Filter]:
    ended = [("no", gettext("Meeting no more"))]
    active = filter_of("active", gettext("State"), ended, every=gettext("Meeting regularly"))
    return [province_filter(caller), theme_filter(), active]


def columns() -> Columns:
    return [
        (gettext("Group"), lambda row: in_language(row.ActionGroup, "name")),
        (gettext("Province"), lambda row: in_language(row.ActionGroup.province, "name")),
        (gettext("Founded on"), lambda row: row.ActionGroup.founded_on),
        (gettext("Members"), lambda row: row.members),
        (gettext("Types of institution"), lambda row: row.kinds),
        (gettext("Meetings held"), lambda row: row.held),
        (gettext("Last meeting"), lambda row: row.last_on),
        (gettext("Next meeting"), lambda row: row.next_on),
        (pgettext("group", "Actions"), lambda row: row.actions),
        (gettext("Overdue actions"), lambda row: row.late),
    ]


def part(caller: Caller, _: object) -> Part | None:
    if not caller.may(Permission.PROGRAMME_READ):
        return None
    return Part(gettext("Action plan groups"), url_for("groups.show_groups"), "handshake", 30)


def leaving(caller: Caller, leaving: Leaving, found: Sequence[tuple[str, int, str, str]]) -> Iterator[Consequence]:
    """Where they move on the place stays: for whom they sit there is for the group to say."""
    reads, scope = caller.may(Permission.PROGRAMME_READ), caller.scope_for(Permission.PROGRAMME_READ)
    moves = leaving.to is not None
    for province, group_id, name_tr, name_en in found:
        name = name_en if language() == "en" and name_en else name_tr
        yield Consequence(
            gettext("Member of a group: %(group)s", group=name),
            gettext("Stays: change there for whom they sit in it.") if moves else gettext("Leaves the group today."),
            url_for("groups.show_group", group_id=group_id) if reads and scope.covers_province(int(province)) else "",
            order=30,
            stays=moves,
        )


TIE = Tie(queries.held, (GroupMember, ActionGroup), leaving)


def own_data(caller: Caller, _: object) -> Stored | None:
    rows = tuple(
        (
            in_language(one.group, "name"),
            in_language(one, "institution"),
            " · ".join(filter(None, (one.office.label, one.job))),
            " – ".join(format_date(day) if day else "" for day in (one.joined_on, one.left_on)).strip(),
            format_number(number),
        )
        for one, number in queries.of_user(caller.id)
    )
    heads = (
        gettext("Group"),
        gettext("Institution"),
        gettext("Office"),
        gettext("Days"),
        gettext("Meetings in its records"),
    )
    return Stored(gettext("Strategic action plan groups"), heads, rows, order=39) if rows else None
