"""The sittings of one day together, for the day on which nobody will work after all."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.core.errors import Missing, Refused
from app.language import gettext, lazy_gettext, ngettext
from app.training.days import pages
from app.training.days.forms import PostponeDayForm
from app.training.days.queries import AffectedSession, why
from app.training.sessions import services
from app.web.door import require
from app.web.render import done, render

bp = Blueprint("days", __name__)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing from None


def _page(day: date, sessions: list[AffectedSession], form: PostponeDayForm) -> ResponseReturnValue:
    section = {"day": day, "sessions": sessions, "form": form}
    return render("training/days/day.html", day=day, why=why(day), section=section, status=form.status)


@bp.get("/sessions/on/<day>")
@require(Permission.SESSION_WRITE)
def show_day(day: str) -> ResponseReturnValue:
    sessions = pages.sessions_on(caller, _day(day))
    return _page(_day(day), sessions, PostponeDayForm.of(pages.found_ids(sessions), why(_day(day))))


@bp.post("/sessions/on/<day>/postpone")
@require(Permission.SESSION_WRITE)
def postpone_day(day: str) -> ResponseReturnValue:
    when = _day(day)
    sessions = pages.sessions_on(caller, when)
    form = PostponeDayForm.of(pages.found_ids(sessions))
    if form.sent():
        with form.attempt():
            count = _postpone(sessions, form, when)
            text = ngettext("%(num)s sitting is postponed.", "%(num)s sittings are postponed.", count)
            hint = gettext("Give them new dates as soon as you can.")
            flash(f"{text} {hint}")
            return done(url_for("days.show_day", day=day))
        sessions = pages.sessions_on(caller, when)
    return _page(when, sessions, form)


def _postpone(sessions: list[AffectedSession], form: PostponeDayForm, day: date) -> int:
    """Each ticked session through its own service: all of them or none. How many sittings lost their date."""
    chosen = [each for each in sessions if each.course_session.id in form.sessions.chosen]
    if not chosen:
        raise Refused(lazy_gettext("Tick at least one session."), field="sessions")
    return sum(
        len(services.postpone_day(each.course_session, day, reason=form.reason.data or "", kept=each.kept, by=caller))
        for each in chosen
    )
