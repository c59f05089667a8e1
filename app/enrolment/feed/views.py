"""The personal calendar addresses, and what calendars read there."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, Response, flash, make_response, request, session, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.core import slots
from app.core.clock import today
from app.core.errors import Missing
from app.enrolment.feed import queries, services
from app.enrolment.feed.forms import FeedForm
from app.language import force_locale, gettext
from app.post.addresses import public_address
from app.post.calendars import ics, series
from app.web.door import public, signed_in
from app.web.edge.compression import keep_plain
from app.web.render import done, render

bp = Blueprint("feed", __name__)
SHOWN_ONCE = "calendar_token"


@bp.get("/me/calendar")
@signed_in
def show_calendar() -> ResponseReturnValue:
    """Which addresses there are; one itself only directly after it was made."""
    token = session.pop(SHOWN_ONCE, None)
    return _page(FeedForm(formdata=None), public_address("feed.calendar_file", token=token) if token else "")


def _page(form: FeedForm, address: str = "") -> ResponseReturnValue:
    keep_plain()
    return render(
        "enrolment/feed/calendar.html",
        feeds=queries.feeds_of(caller.id),
        address=address,
        subscription=f"webcal://{address.partition('://')[2]}" if address else "",
        form=form,
        status=form.status,
    )


@bp.post("/me/calendar")
@signed_in
def make_calendar() -> ResponseReturnValue:
    form = FeedForm()
    if form.sent():
        with form.attempt():
            session[SHOWN_ONCE] = services.make(caller.id, form.name.data or "", by=caller)
            return done(url_for("feed.show_calendar"))
    return _page(form)


@bp.post("/me/calendar/<int:feed_id>/revoke")
@signed_in
def revoke_calendar(feed_id: int) -> ResponseReturnValue:
    services.revoke(queries.feed(caller.id, feed_id), by=caller)
    flash(gettext("Your calendar address no longer works."))
    return done(url_for("feed.show_calendar"))


@bp.get("/calendar/<token>.ics")
@public
def calendar_file(token: str) -> ResponseReturnValue:
    """Their own sittings, for a calendar that subscribes. It says whose they are to nobody."""
    user = queries.owner(token)
    with force_locale(user.language):
        events = [event for one in queries.sittings(user) for event in queries.events(one.course_session, [one])]
        events += slots.collect("feed.events", None, user)
        name = gettext("Yetkin: my trainings")
    stamp = datetime.combine(today(), time.min, UTC)
    response = _file(ics.feed(events, name, stamp=stamp))
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/calendar/<uid>/series.ics")
@public
def series_file(uid: str) -> ResponseReturnValue:
    """One training as it was mailed, for whoever has the mail. It says whose it is to nobody."""
    found = series.file(uid)
    if found is None:
        raise Missing
    return _file(found)


def _file(data: bytes) -> Response:
    response: Response = make_response(data)
    response.headers["Content-Type"] = ics.MEDIA_TYPE
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
