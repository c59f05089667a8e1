"""Opening a finalised session again, so that attendance and scores can be corrected."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import queries
from app.certificates.pages import to_certify
from app.certificates.reopening import services
from app.language import gettext
from app.training.models import CourseSession
from app.training.pages import layout
from app.web.door import require
from app.web.forms import ReasonForm
from app.web.render import done, render

bp = Blueprint("reopening", __name__)


@bp.route("/sessions/<int:course_session_id>/reopen", methods=["GET", "POST"])
@require(Permission.SESSION_REOPEN)
def reopen(course_session_id: int) -> ResponseReturnValue:
    course_session, form = to_certify(course_session_id, Permission.SESSION_REOPEN), ReasonForm()
    if form.sent():
        with form.attempt():
            services.reopen(course_session, form.reason.data or "", by=caller)
            flash(gettext("The course session is open for corrections."))
            return done(url_for("sessions.show_session", course_session_id=course_session_id))
        course_session = to_certify(course_session_id, Permission.SESSION_REOPEN)
    return _page(course_session, form)


def _page(course_session: CourseSession, form: ReasonForm) -> ResponseReturnValue:
    return render(
        "certificates/reopening/reopen.html",
        **layout(course_session, "certificates"),
        form=form,
        valid=len(queries.valid_ids(course_session)),
        status=form.status,
    )
