"""What became of several people at once, as messages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash

from app.core.errors import Refused
from app.enrolment.services import Tally
from app.enrolment.untold import Person
from app.language import gettext, ngettext

MOST_SAID = 10


def told(tally: Tally) -> None:
    """Flash how many got what, and each refusal with those it holds for; where nobody got anything the refusals are
    the answer (Refused).
    """
    refused = _refusals(tally)
    if not (tally.seated or tally.waiting or tally.nominated):
        raise Refused(" ".join(line for line, _ in refused[:MOST_SAID]))
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
    for line, _ in refused[:MOST_SAID]:
        flash(line, "warning")
    if len(refused) > MOST_SAID:
        more = sum(people for _, people in refused[MOST_SAID:])
        flash(gettext("%(num)s more could not be added.", num=more), "warning")


def told_confirmed(unwritten: Sequence[Person], *, over: bool) -> None:
    """Flash that invitations are on their way, and whom none reaches; nobody is invited to what is over."""
    if over:
        flash(gettext("The course session is confirmed. Its dates are in the past: no invitation is sent."))
        return
    flash(gettext("The course session is confirmed. Invitations are on their way."))
    if unwritten:
        names = ", ".join(person.name for person in unwritten)
        flash(f"{without_address(len(unwritten))} {names}", "warning")


def without_address(number: int) -> str:
    return ngettext("Without an e-mail address: %(num)s person.", "Without an e-mail address: %(num)s people.", number)


def _refusals(tally: Tally) -> list[tuple[str, int]]:
    """Each reason once, after the names it holds for, and how many those are."""
    names: dict[str, list[str]] = {}
    for employee, message in tally.refused:
        names.setdefault(str(message), []).append(employee.name)
    return [(f"{', '.join(who)}: {message}", len(who)) for message, who in names.items()]
