"""A link that was opened, the page of one that leads nowhere."""

from __future__ import annotations

from flask import Response, request

from app.access.caller import Caller
from app.access.sign_in import throttling
from app.audit import journal
from app.core.clock import today
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import format_date, format_datetime, gettext
from app.lists.events import Exported
from app.people.links import queries
from app.people.models import PersonalLink
from app.web.edge.compression import keep_plain
from app.web.listing import download
from app.web.parts import Stored
from app.web.render import render

WRONG_TOKENS = 30
MOST = 200
"""Slips made at once."""


class Closed(Missing):
    """A link that leads nowhere. Why, nobody is told: one that never was looks like one that was taken back."""


def opened(token: str, *purposes: str) -> PersonalLink:
    """The link, with whose it is; Closed where it leads nowhere, or to none of what is asked for. Wrong ones are
    counted for the address they come from; right ones work from there all the same, for a whole town hall may have one.
    """
    found = queries.opened_by(token)
    if found is None or (purposes and found.purpose not in purposes):
        door = throttling.key_of("link", request.remote_addr or "")
        throttling.check(door)
        throttling.failed(door, free=WRONG_TOKENS, growing=False)
        raise Closed
    keep_plain()  # the token stands in the page's forms
    return found


def own_data(caller: Caller, _: object) -> Stored:
    """The links that were made for whoever asks; where they lead is a secret that is not stored."""
    rows = tuple(
        (format_datetime(one.created_at), format_date(one.used_on), format_datetime(one.revoked_at))
        for one in queries.own(caller.id)
    )
    return Stored(
        gettext("Personal links"), (gettext("Made on"), gettext("Last answered"), gettext("Taken back on")), rows, 12
    )


def closed(_: Closed) -> Response:
    return render("people/links/closed.html", status=404)


def ticked(name: str) -> list[int]:
    """The ids a form of people to tick carries."""
    return [key for each in request.form.getlist(name)[:MOST] if (key := typed_id(each)) is not None]


def handed_out(content: bytes, people: int, *, by: Caller) -> Response:
    """A sheet of slips as a file."""
    journal.trace(Exported("slips", "pdf", people), by=by, required=True)
    return download(content, "application/pdf", f"{gettext('Information slips')} {today():%Y-%m-%d}.pdf")
