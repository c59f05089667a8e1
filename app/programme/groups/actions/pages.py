"""What actions show on the pages of others: tasks, the indicator, what they ask of the training."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.paging import ListQuery
from app.language import gettext, in_language, lazy_gettext, lazy_pgettext, ngettext, pgettext
from app.lists.models import Columns
from app.plans.models import Origin
from app.post.addresses import path_to
from app.programme.asks.models import Asker
from app.programme.asks.pages import hits_of
from app.programme.groups.actions import queries
from app.programme.groups.models import ActionAsk, ActionGroup, ActionState, GroupAction, GroupMember
from app.programme.groups.pages import running
from app.programme.parts import Filter, Indicator, filter_of, flag_filter, province_filter, theme_filter, words
from app.web.parts import Counted, Task

MODELS = (GroupAction, ActionGroup, GroupMember)


def columns() -> Columns:
    return [
        (pgettext("group", "Action"), lambda row: row.text_tr),
        (gettext("Action (English)"), lambda row: row.text_en),
        (gettext("Group"), lambda row: in_language(row.group, "name")),
        (gettext("Province"), lambda row: in_language(row.group.province, "name")),
        (gettext("Thematic area"), lambda row: in_language(row.theme, "name") if row.theme else ""),
        (gettext("Decided on"), lambda row: row.meeting.date if row.meeting else None),
        (gettext("Institution"), lambda row: in_language(row.owner, "institution") if row.owner else ""),
        (gettext("Due on"), lambda row: row.due_on),
        (gettext("State"), lambda row: row.state.label),
        (gettext("Percent done"), lambda row: row.percent),
        (gettext("Done on"), lambda row: row.done_on),
    ]


def filters(caller: Caller) -> list[Filter]:
    counted = [("on_time", gettext("Done on time")), ("fell_due", gettext("Date is past"))]
    years = [(str(year), str(year)) for year in range(queries.FIRST_YEAR, today().year + 3)]
    return [
        province_filter(caller),
        theme_filter(),
        filter_of("state", gettext("State"), [*words(ActionState), *counted]),
        filter_of("year", gettext("Year"), years),
        flag_filter("owner", gettext("Who answers for it"), "left", gettext("No longer a member")),
    ]


hits = hits_of(
    lazy_gettext("Actions of the groups"),
    queries.sought,
    queries.ACTION_SORTS["due"],
    lambda key: url_for("actions.show_action", action_id=key),
    "actions.show_actions",
    41,
)


def counted(caller: Caller, _: object) -> Iterator[Counted]:
    """Actions past their date, for whoever looks after them."""
    if caller.may(Permission.PROGRAMME_WRITE):
        overdue = ListQuery(sort="due", filters={"state": "late"})
        number = queries.actions(caller.scope_for(Permission.PROGRAMME_WRITE), overdue).number
        yield Counted(number, MODELS, _late)


def _late(number: int) -> Task:
    said = ngettext("%(num)s action is past its date", "%(num)s actions are past their date", number)
    url = url_for("actions.show_actions", state="late")
    return Task(said, url, gettext("Say how far it is, or give it another date."), "hourglass", order=31)


def indicator(_: Caller, __: object) -> Indicator:
    return Indicator(
        "G14",
        gettext("Actions done on time"),
        30,
        queries.indicated,
        MODELS,
        lambda year, province: url_for("actions.show_actions", year=year, province=province, state="on_time"),
    )


def asker() -> Asker:
    return Asker(
        key="action",
        label=lazy_pgettext("group", "Action"),
        origin=Origin.ACTION_PLAN,
        model=ActionAsk,
        pointer=ActionAsk.action_id,
        thing=GroupAction,
        name="text",
        owned=ActionGroup,
        written=lambda scope, key: queries.action(running(scope), key),
        url=lambda key: path_to("actions.show_action", action_id=key),
        joins=((ActionGroup, ActionGroup.id == GroupAction.group_id),),
    )
