"""The certificates of one course session: who is due what, issuing, files of all, opening the session again."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.events import Exported
from app.access.permissions import Permission
from app.audit import journal
from app.certificates import archive, bulk, queries, services, session_page, sources
from app.certificates.forms import ReasonForm
from app.core.clock import today
from app.core.errors import Missing
from app.files.sheets import content_disposition
from app.language import gettext
from app.training.models import CourseSession
from app.training.pages import layout, places_of
from app.web.door import require, traced
from app.web.forms import Form
from app.web.listing import download
from app.web.render import done, render

bp = Blueprint("session_certificates", __name__)


def _session(course_session_id: int, permission: Permission = Permission.CERTIFICATE_ISSUE) -> CourseSession:
    return queries.session_to_certify(caller.scope_for(permission), course_session_id)


def _typed_id(name: str) -> int | None:
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None


@bp.get("/sessions/<int:course_session_id>/certificates")
@require(Permission.CERTIFICATE_ISSUE)
def show(course_session_id: int) -> ResponseReturnValue:
    return _page(course_session_id, Form())


def _page(course_session_id: int, form: Form) -> ResponseReturnValue:
    scope = caller.scope_for(Permission.CERTIFICATE_ISSUE)
    course_session = queries.session_to_certify(scope, course_session_id)
    sittings = sources.dated_sittings(course_session)
    return render(
        "certificates/session.html",
        **layout(course_session, "certificates", places_of(sittings)),
        board=session_page.of(course_session, sittings),
        form=form,
        status=form.status,
    )


@bp.post("/sessions/<int:course_session_id>/certificates/issue")
@require(Permission.CERTIFICATE_ISSUE)
def issue(course_session_id: int) -> ResponseReturnValue:
    """All that are due, or with `only` the one enrolment."""
    course_session, form = _session(course_session_id), Form()
    if form.sent():
        with form.attempt():
            job = bulk.start_issue(course_session, by=caller, only=_typed_id("only"))
            return done(url_for("jobs.show", job_id=job.id))
    return _page(course_session_id, form)


@bp.post("/sessions/<int:course_session_id>/certificates/thanks")
@require(Permission.CERTIFICATE_ISSUE)
def thank(course_session_id: int) -> ResponseReturnValue:
    course_session, form = _session(course_session_id), Form()
    giving = {trainer.id: trainer for trainer, _ in sources.trainers_of(course_session)}
    trainer = giving.get(_typed_id("trainer") or 0)
    if trainer is None:
        raise Missing
    if form.sent():
        with form.attempt():
            made = services.issue_thanks(course_session, trainer, by=caller)
            flash(gettext("The letter of thanks %(number)s was issued.", number=made.number))
            return done(url_for("session_certificates.show", course_session_id=course_session_id))
    return _page(course_session_id, form)


@bp.get("/sessions/<int:course_session_id>/certificates.zip")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def all_files(course_session_id: int) -> ResponseReturnValue:
    course_session = _session(course_session_id)
    wanted = queries.valid_ids(course_session)
    if not wanted:
        raise Missing
    journal.trace(Exported("certificates", "zip", len(wanted)), by=caller, required=True)
    size, parts = archive.of(wanted)
    response = Response(parts, mimetype="application/zip")
    response.headers["Content-Disposition"] = content_disposition(_file_name(course_session, "zip"))
    response.content_length = size
    return response


@bp.get("/sessions/<int:course_session_id>/certificates.pdf")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def print_file(course_session_id: int) -> ResponseReturnValue:
    """One file to print, drawn on the spot while it is small; `print_in_background` makes larger ones."""
    course_session = _session(course_session_id)
    found = queries.to_print(course_session)
    if not 0 < len(found) <= bulk.DIRECT_PAGES:
        raise Missing
    journal.trace(Exported("certificates", "pdf", len(found)), by=caller, required=True)
    return download(bulk.print_file(found), services.PDF, _file_name(course_session, "pdf"))


def _file_name(course_session: CourseSession, ending: str) -> str:
    name = gettext("Certificates %(code)s", code=course_session.code.replace("/", "-"))
    return f"{name} {today():%Y-%m-%d}.{ending}"


@bp.post("/sessions/<int:course_session_id>/certificates/print")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def print_in_background(course_session_id: int) -> ResponseReturnValue:
    course_session, form = _session(course_session_id), Form()
    if form.sent():
        with form.attempt():
            job = bulk.start_print(course_session, by=caller)
            journal.trace(Exported("certificates", "pdf", job.total), by=caller, required=True)
            return done(url_for("jobs.show", job_id=job.id))
    return _page(course_session_id, form)


@bp.get("/sessions/<int:course_session_id>/reopen")
@require(Permission.SESSION_REOPEN)
def ask_reopen(course_session_id: int) -> ResponseReturnValue:
    return _reopen_page(_session(course_session_id, Permission.SESSION_REOPEN), ReasonForm())


@bp.post("/sessions/<int:course_session_id>/reopen")
@require(Permission.SESSION_REOPEN)
def reopen(course_session_id: int) -> ResponseReturnValue:
    course_session, form = _session(course_session_id, Permission.SESSION_REOPEN), ReasonForm()
    if form.sent():
        with form.attempt():
            services.reopen(course_session, form.reason.data or "", by=caller)
            flash(gettext("The course session is open for corrections."))
            return done(f"/sessions/{course_session_id}")
    return _reopen_page(_session(course_session_id, Permission.SESSION_REOPEN), form)


def _reopen_page(course_session: CourseSession, form: ReasonForm) -> ResponseReturnValue:
    return render(
        "certificates/reopen.html",
        **layout(course_session, "certificates"),
        form=form,
        valid=len(queries.valid_ids(course_session)),
        status=form.status,
    )
