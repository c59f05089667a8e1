from __future__ import annotations

from app.access.caller import Caller
from app.enrolment.feed import queries
from app.language import format_datetime, gettext
from app.web.parts import Stored


def own_data(caller: Caller, _: object) -> Stored | None:
    """The address of their calendar, of which only this is stored."""
    feed = queries.feed_of(caller.id)
    if feed is None:
        return None
    rows = ((format_datetime(feed.created_at),),)
    return Stored(gettext("Calendar address"), (gettext("Made on"),), rows, order=38)
