"""What is shown of memberships where somebody leaves, and to whoever asks what is stored about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import format_date, format_number, gettext, in_language, language
from app.people.leaving.models import Leaving, Tie
from app.programme.groups.members import queries
from app.programme.groups.models import ActionGroup, GroupMember
from app.programme.groups.pages import institution
from app.web.parts import Consequence, Stored


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
            institution(one),
            " · ".join(filter(None, (one.office.label, one.job))),
            " – ".join(filter(None, (format_date(one.joined_on), format_date(one.left_on)))),
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
