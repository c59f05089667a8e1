"""What the pages of a session say of letters to participants."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.caller import Caller
from app.core.clock import today
from app.enrolment.models import SEAT_HOLDING, Answer
from app.enrolment.notices.queries import addressed
from app.enrolment.rules import begun
from app.language import gettext, ngettext
from app.training.models import CourseSession, SessionStatus

NAMED = 8


def on_moving(caller: Caller, course_session: CourseSession) -> Iterator[str]:
    """Whom other days, rooms or trainers hit: who hears of it, whose answer is asked anew, whom no letter reaches."""
    held = addressed(course_session, SEAT_HOLDING)
    if not held:
        yield gettext("Nobody holds a seat yet.")
        return
    if course_session.status is not SessionStatus.CONFIRMED:
        yield ngettext(
            "%(num)s person holds a seat; invitations with the dates go out once the session is confirmed.",
            "%(num)s people hold a seat; invitations with the dates go out once the session is confirmed.",
            len(held),
        )
        return
    yield ngettext("%(num)s participant gets one message.", "%(num)s participants get one message each.", len(held))
    yes = sum(1 for each in held if each.enrolment.answer is Answer.YES)
    if yes and not begun(course_session, today()):
        yield ngettext("%(num)s had said yes: asked again.", "%(num)s had said yes: asked again.", yes)
    mute = [each.to.name for each in held if not each.to.address]
    if mute:
        names = ", ".join(mute[:NAMED]) + ("…" if len(mute) > NAMED else "")
        yield gettext("Without an e-mail address, to be told by phone: %(names)s.", names=names)
