"""Whom no letter reaches: told by phone or in person."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.clock import today
from app.core.errors import Missing
from app.enrolment.notices import queries, services, untold
from app.enrolment.pages import MANAGE, managed
from app.enrolment.queries import participants
from app.enrolment.rules import begun
from app.language import gettext
from app.lists.events import Exported
from app.people.links import pages as links
from app.training import letters as training_letters
from app.training import queries as training
from app.training.assignments.untold import told as trainer_was_told
from app.training.assignments.untold import waiting
from app.training.models import SessionStatus
from app.training.pages import layout
from app.web.door import require, traced
from app.web.render import done, render

bp = Blueprint("notices", __name__)


@bp.get("/sessions/<int:key>/enrolments/untold")
@require(*MANAGE)
def show_untold(key: int) -> ResponseReturnValue:
    """Whom no letter reaches, with what to tell them: to be printed, phoned and ticked off."""
    course_session, mine = managed(key)
    return render(
        "enrolment/notices/untold.html",
        **layout(course_session, "enrolments"),
        people=untold.without_address(mine.scope, course_session),
        trainers=waiting(mine.scope, course_session) if mine.runs else [],
        days=training_letters.days(training.sittings(course_session)),
        asks=course_session.status is SessionStatus.CONFIRMED and not begun(course_session, today()),
    )


@bp.get("/sessions/<int:key>/enrolments/slips")
@require(*MANAGE)
def choose_slips(key: int) -> ResponseReturnValue:
    """Who has a seat, to be ticked: whom no letter reaches is ticked already."""
    course_session, mine = managed(key)
    people = participants(mine.scope, course_session)
    ticked = {each.enrolment_id for each in untold.without_address(mine.scope, course_session)}
    return render("enrolment/notices/slips.html", **layout(course_session, "enrolments"), people=people, ticked=ticked)


@bp.post("/sessions/<int:key>/enrolments/slips")
@require(*MANAGE)
@traced(Exported)
def print_slips(key: int) -> ResponseReturnValue:
    """A slip for each of those ticked; whom no letter reaches counts as told."""
    course_session, mine = managed(key)
    found = queries.chosen(mine.scope, course_session, links.ticked("enrolment_ids"))
    if not found:
        flash(gettext("Tick somebody first."), "warn")
        return done(url_for("notices.choose_slips", key=key))
    return links.handed_out(services.slips(course_session, found, by=caller), len(found), by=caller)


@bp.post("/sessions/<int:key>/trainers/<int:trainer_key>/told")
@require(Permission.ENROLMENT_WRITE)
def trainer_told(key: int, trainer_key: int) -> ResponseReturnValue:
    """A trainer no letter reaches was told by phone or in person."""
    course_session, mine = managed(key)
    if not mine.runs:
        raise Missing
    trainer_was_told(course_session, trainer_key, by=caller)
    flash(gettext("It is noted that the person was told."))
    return done(url_for("notices.show_untold", key=key))
