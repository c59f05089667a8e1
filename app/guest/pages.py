"""What the page of one training says of how it stands."""

from __future__ import annotations

from app.core.clock import today
from app.guest.queries import Teacher, Training, from_outside
from app.guest.rules import Standing, standing
from app.language import format_datetime, gettext
from app.people.links.models import TEACHING
from app.people.links.pages import opened
from app.people.models import PersonalLink
from app.web.edge.compression import keep_plain

TONES = {Standing.COMES: "ok", Standing.ASKED: "full", Standing.UNCERTAIN: "full", Standing.WAITING: "full"}

NOTHING_TO_COME = (Standing.CANCELLED, Standing.OVER, Standing.OUT)
"""Where nobody asks when it is."""


def teacher_by(link: PersonalLink) -> Teacher:
    return Teacher(link.employee.name, link.about or 0, link=link)


def teacher(token: str) -> Teacher:
    """Who holds a trainer's link, on the staff or from outside; Closed where it leads nowhere."""
    outside = from_outside(token)
    if outside is None:
        return teacher_by(opened(token, TEACHING))
    keep_plain()  # the token stands in the page's forms
    return outside


def said(training: Training) -> tuple[Standing, str, str]:
    """How it stands, in one sentence, with its tone."""
    found, until = standing(training.enrolment, today()), format_datetime(training.enrolment.offered_until)
    words = {
        Standing.ASKED: gettext("Will you attend?"),
        Standing.OFFERED: gettext("A place is kept for you until %(when)s. Will you take it?", when=until),
        Standing.COMES: gettext("You answered: I will attend."),
        Standing.UNCERTAIN: gettext("You have a place. You will be invited once it is certain to take place."),
        Standing.POSTPONED: gettext("This training is postponed. We will write to you once it has new dates."),
        Standing.BEGUN: gettext("The training has begun; please talk to your trainer or coordinator."),
        Standing.OVER: gettext("This training is over."),
        Standing.CANCELLED: gettext("This training will not take place."),
        Standing.OUT: gettext("You have no place in this training. Your institution’s focal point can tell you more."),
        Standing.GIVEN_UP: _given_up(training),
        Standing.WAITING: gettext("You have no seat yet. We will write to you once it is decided."),
    }
    return found, words[found], TONES.get(found, "warn")


def _given_up(training: Training) -> str:
    if training.moves.take_back:
        return gettext("You gave up your place. It is still free: if things have changed, you can take it back.")
    return gettext("You gave up your place. It cannot be taken back any more.")
