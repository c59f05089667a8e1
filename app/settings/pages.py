"""What the settings show around their pages: a place in the menu, the words of their parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from app.access.caller import Caller
from app.access.permissions import Permission
from app.language import gettext
from app.web.parts import NavItem


@dataclass(frozen=True)
class Part:
    """A page of settings: its title, and what they are for."""

    title: str
    text: str


def parts() -> dict[str, Part]:
    return {
        "names": Part(
            gettext("Names and funding"), gettext("How the programme calls itself on pages, sheets and certificates.")
        ),
        "thresholds": Part(
            gettext("Thresholds and deadlines"),
            gettext(
                "Attendance and pass mark are the defaults of new courses; courses and sessions that exist keep theirs."
                " Deadlines count for every session."
            ),
        ),
        "verification": Part(
            gettext("Verification page"), gettext("What anybody sees who scans the code of a certificate.")
        ),
        "mail": Part(
            gettext("Mail and reminders"),
            gettext("Nobody gets more than one reminder a day; who has acted already gets none."),
        ),
    }


def nav(caller: Caller, _: object) -> Iterator[NavItem]:
    if caller.may(Permission.SETTINGS_WRITE):
        yield NavItem(gettext("Settings"), url_for("settings.show_settings"), "settings", 95)
