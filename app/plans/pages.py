"""The plan in the menu; where a row of it applies."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext, in_language
from app.plans.queries import ItemRow
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.PLAN_READ):
        yield NavItem(gettext("Training plan"), url_for("plans.show_plans"), "clipboard-list", 35)


def place_of(row: ItemRow) -> str:
    place = row.item.organisation or row.item.province
    return in_language(place, "name") if place is not None else gettext("Whole programme")
