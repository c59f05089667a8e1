"""Files of all certificates of a session: one to print, one archive."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from app.access.current import caller
from app.access.permissions import Permission
from app.audit import journal
from app.certificates import queries as certificates
from app.certificates.issuing.pages import page
from app.certificates.issuing.rules import DIRECT_PAGES
from app.certificates.pages import to_certify
from app.certificates.printing import archive, queries, services
from app.certificates.printing.services import file_name
from app.certificates.services import PDF
from app.core.errors import Missing
from app.files.sheets import content_disposition
from app.lists.events import Exported
from app.web.door import require, traced
from app.web.forms import Form
from app.web.listing import download
from app.web.render import done

bp = Blueprint("printing", __name__)


@bp.get("/sessions/<int:course_session_id>/certificates.zip")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def all_files(course_session_id: int) -> ResponseReturnValue:
    course_session = to_certify(course_session_id)
    wanted = certificates.valid_ids(course_session)
    if not wanted:
        raise Missing
    journal.trace(Exported("certificates", "zip", len(wanted)), by=caller, required=True)
    name = content_disposition(file_name(course_session, "zip"))
    file = archive.of(wanted)
    response = Response(archive.read(file), mimetype="application/zip", headers={"Content-Disposition": name})
    response.content_length = file.tell()
    response.call_on_close(file.close)  # a HEAD, or whoever is gone, never begins to read it
    return response


@bp.get("/sessions/<int:course_session_id>/certificates.pdf")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def print_file(course_session_id: int) -> ResponseReturnValue:
    """One file to print, drawn on the spot while it is small; `print_in_background` makes larger ones."""
    course_session = to_certify(course_session_id)
    found = queries.to_print(course_session)
    if not 0 < len(found) <= DIRECT_PAGES:
        raise Missing
    journal.trace(Exported("certificates", "pdf", len(found)), by=caller, required=True)
    return download(services.print_file(found), PDF, file_name(course_session, "pdf"))


@bp.post("/sessions/<int:course_session_id>/certificates/print")
@require(Permission.CERTIFICATE_ISSUE)
@traced(Exported)
def print_in_background(course_session_id: int) -> ResponseReturnValue:
    course_session, form = to_certify(course_session_id), Form()
    if form.sent():
        with form.attempt():
            job = services.start_print(course_session, by=caller)
            journal.trace(Exported("certificates", "pdf", job.total), by=caller, required=True)
            return done(url_for("jobs.show", job_id=job.id))
    return page(course_session_id, form)
