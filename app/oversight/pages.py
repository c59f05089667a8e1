"""Reports and the activity log, in the menu."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.oversight.figures import queries as figures
from app.programme.parts import Indicator
from app.web.parts import NavItem


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.REPORT_READ):
        yield NavItem(
            gettext("Reports"),
            url_for("oversight.show_reports"),
            "chart-column",
            80,
            place=not caller.may(Permission.SEARCH),
        )
    if caller.may(Permission.AUDIT_READ):
        yield NavItem(gettext("Activity log"), url_for("oversight.show_audit"), "history", 97)


def trained(caller: Caller, _: object) -> Indicator | None:
    """G01 on the picture of the programme: exact or published, as the reports show it to the same reader."""
    if not caller.may(Permission.REPORT_READ):
        return None
    return Indicator(
        "G01",
        gettext("People trained"),
        5,
        lambda year: figures.trained(figures.Reader.of(caller), year),
        (),
        lambda year, province_id: url_for("oversight.show_reports", year=year, province=province_id),
        Permission.REPORT_READ,
    )
