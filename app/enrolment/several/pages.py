"""What a step for several people is called, and how it went."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import flash

from app.core.errors import Refused
from app.enrolment.nominations.rules import MOST_SAID, Tally, refusals
from app.enrolment.several.rules import Step
from app.language import gettext, ngettext, pgettext


def words(step: Step) -> dict[str, Any]:
    """Heading, button, its icon and tone."""
    title, icon, tone = {
        Step.REMIND: (gettext("Remind"), "bell", "primary"),
        Step.YES: (gettext("Will attend"), "check", "primary"),
        Step.SUPPORT: (pgettext("application", "Approve"), "user-check", "primary"),
        Step.NO: (gettext("Record “cannot attend”"), "x", "danger"),
        Step.ACCEPT: (gettext("Give a seat"), "check", "primary"),
        Step.MOVE: (gettext("Move to another group"), "arrow-right", "primary"),
        Step.REJECT: (gettext("Do not accept"), "x", "danger"),
        Step.REMOVE: (gettext("Take the seat back"), "user-x", "danger"),
    }[step]
    return {"title": title, "icon": icon, "tone": tone}


def told(step: Step, tally: Tally, decided: Collection[int] = ()) -> None:
    """Flash for how many it was done, and each refusal with those it holds for; where it was done for nobody the
    refusals are the answer (Refused). `decided`: those for whom others are reminded.
    """
    refused = refusals(tally)
    if tally.nobody:
        raise Refused(" ".join(line for line, _ in refused[:MOST_SAID]))
    others = sum(one.id in decided for one in tally.seated) if step is Step.REMIND else 0
    if others:
        flash(
            ngettext(
                "Whoever decides on %(num)s application is reminded.",
                "Whoever decides on %(num)s applications is reminded.",
                others,
            )
        )
    if len(tally.seated) > others:
        flash(_done(step, len(tally.seated) - others))
    for line, _ in refused[:MOST_SAID]:
        flash(line, "warning")
    if len(refused) > MOST_SAID:
        more = sum(people for _, people in refused[MOST_SAID:])
        flash(gettext("For %(num)s more it could not be done.", num=more), "warning")


def _done(step: Step, num: int) -> str:
    return {
        Step.REMIND: ngettext("%(num)s person is reminded.", "%(num)s people are reminded.", num),
        Step.YES: ngettext("%(num)s “will attend” recorded.", "%(num)s “will attend” recorded.", num),
        Step.NO: ngettext("%(num)s “cannot attend” recorded.", "%(num)s “cannot attend” recorded.", num),
        Step.SUPPORT: ngettext("%(num)s application approved.", "%(num)s applications approved.", num),
        Step.ACCEPT: ngettext("%(num)s person accepted.", "%(num)s people accepted.", num),
        Step.MOVE: ngettext("%(num)s person moved.", "%(num)s people moved.", num),
        Step.REJECT: ngettext("%(num)s person not accepted.", "%(num)s people not accepted.", num),
        Step.REMOVE: ngettext("%(num)s seat taken back.", "%(num)s seats taken back.", num),
    }[step]
