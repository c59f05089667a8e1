from __future__ import annotations

from app.access.caller import Caller
from app.enrolment.feed import queries
from app.language import format_datetime, gettext
from app.web.parts import Stored


def own_data(caller: Caller, _: object) -> Stored | None:
    """The addresses of their calendar, of which only this is stored."""
    rows = tuple((feed.name or "–", format_datetime(feed.created_at)) for feed in queries.feeds_of(caller.id))
    return (
        Stored(gettext("Calendar addresses"), (gettext("Name"), gettext("Made on")), rows, order=38) if rows else None
    )
