"""What the room shows on the pages of others."""

from __future__ import annotations

from app.access.caller import Caller
from app.language import format_datetime, gettext, in_language
from app.needs.running import queries
from app.web.parts import Stored


def own_data(caller: Caller, _: object) -> Stored:
    """The questionnaires of whoever asks; what they said of each competency stands among the ratings."""
    rows = tuple(
        (
            in_language(found, "name"),
            format_datetime(one.told_at),
            format_datetime(one.started_at),
            format_datetime(one.finished_at),
            one.past,
            one.wish,
            one.remark,
        )
        for found, one in queries.own(caller.id)
    )
    heads = (
        gettext("Needs analysis round"),
        gettext("Told on"),
        gettext("Begun on"),
        gettext("Finished on"),
        gettext("Earlier trainings"),
        gettext("Wish"),
        gettext("Remark"),
    )
    return Stored(gettext("Questionnaires"), heads, rows, order=14)
