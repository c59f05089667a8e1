"""The certificates of one course session: who is due what and who holds one; issuing them."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.certificates import queries
from app.certificates.issuing import services
from app.certificates.issuing.pages import page
from app.certificates.pages import to_certify
from app.core.db import typed_id
from app.core.errors import Missing
from app.language import gettext
from app.web.door import require
from app.web.forms import Form
from app.web.render import done

bp = Blueprint("issuing", __name__)


@bp.get("/sessions/<int:course_session_id>/certificates")
@require(Permission.CERTIFICATE_ISSUE)
def show(course_session_id: int) -> ResponseReturnValue:
    return page(course_session_id, Form())


@bp.post("/sessions/<int:course_session_id>/certificates/issue")
@require(Permission.CERTIFICATE_ISSUE)
def issue(course_session_id: int) -> ResponseReturnValue:
    """All that are due, or with `only` the one enrolment."""
    course_session, form = to_certify(course_session_id), Form()
    if form.sent():
        with form.attempt():
            job = services.start_issue(course_session, by=caller, only=typed_id(request.form.get("only", "")))
            return done(url_for("jobs.show", job_id=job.id))
    return page(course_session_id, form)


@bp.post("/sessions/<int:course_session_id>/certificates/thanks")
@require(Permission.CERTIFICATE_ISSUE)
def thank(course_session_id: int) -> ResponseReturnValue:
    course_session, form = to_certify(course_session_id), Form()
    giving = {trainer.id: trainer for trainer, _ in queries.trainers_of(course_session)}
    trainer = giving.get(typed_id(request.form.get("trainer", "")) or 0)
    if trainer is None:
        raise Missing
    if form.sent():
        with form.attempt():
            made = services.issue_thanks(course_session, trainer, by=caller)
            flash(gettext("The letter of thanks %(number)s was issued.", number=made.number))
            return done(url_for("issuing.show", course_session_id=course_session_id))
    return page(course_session_id, form)
