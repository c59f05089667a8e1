"""What became of several people at once, as messages."""

from __future__ import annotations

from flask import flash

from app.core.errors import Refused
from app.enrolment.services import Tally
from app.language import gettext, ngettext

MOST_SAID = 10


def told(tally: Tally) -> None:
    """Flash how many got what, and each refusal; where nobody got anything the refusals are the answer (Refused)."""
    refused = [f"{employee.name}: {message}" for employee, message in tally.refused]
    if not (tally.seated or tally.waiting or tally.nominated):
        raise Refused(" ".join(refused[:MOST_SAID]))
    for people, words in (
        (tally.seated, ngettext("%(num)s person enrolled.", "%(num)s people enrolled.", len(tally.seated))),
        (
            tally.waiting,
            ngettext(
                "%(num)s person put on the waiting list.",
                "%(num)s people put on the waiting list.",
                len(tally.waiting),
            ),
        ),
        (tally.nominated, ngettext("%(num)s person nominated.", "%(num)s people nominated.", len(tally.nominated))),
    ):
        if people:
            flash(words)
    for line in refused[:MOST_SAID]:
        flash(line, "warning")
    if len(refused) > MOST_SAID:
        flash(gettext("%(num)s more could not be added.", num=len(refused) - MOST_SAID), "warning")
