"""The print file of a session: drawn on the spot while it is small, else in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.access.caller import Caller
from app.certificates import queries as certificates
from app.certificates import snapshot
from app.certificates.models import Certificate
from app.certificates.printing import queries
from app.certificates.services import pdf, session_of, start_job, title_of
from app.core.clock import today
from app.core.db import db, reading
from app.core.errors import Refused
from app.jobs.kinds import Done
from app.jobs.models import Job
from app.language import gettext
from app.paper.certificate import draw_certificates
from app.paper.typeface import UnprintableText
from app.post.addresses import path_to
from app.training.models import CourseSession

PRINT = "certificates.print"
"""The kind of job that draws the file in the background."""


def file_name(course_session: CourseSession, ending: str) -> str:
    """As it is saved: Belgeler BK-02-3 2026-03-20.pdf"""
    name = gettext("Certificates %(code)s", code=course_session.code.replace("/", "-"))
    return f"{name} {today():%Y-%m-%d}.{ending}"


def start_print(course_session: CourseSession, *, by: Caller) -> Job:
    """One file of all valid certificates of a session (with its course), a page each."""
    wanted = certificates.valid_ids(course_session)
    if not wanted:
        raise Refused(gettext("No valid certificate has been issued for this course session."))
    title = gettext("Print file: %(what)s", what=title_of(course_session))
    return start_job(PRINT, course_session, title, wanted, by)


def print_chunk(_: Job, certificate_ids: Sequence[int]) -> Mapping[int, Done]:
    """Nothing is changed for a single page; the file is drawn at the end, in one piece."""
    return {item: Done() for item in certificate_ids}


def finish_print(job: Job) -> None:
    """Draw outside any transaction, then store the file."""
    course_session_id, user_id = int(job.arguments["course_session_id"]), job.user_id
    db.session.rollback()
    with reading():
        course_session = session_of(job)
        found = queries.to_print(course_session)
        if not found:  # revoked meanwhile
            raise Refused(gettext("No valid certificate has been issued for this course session."))
        document = pdf(print_file(found), file_name(course_session, "pdf"), by_id=user_id)
        db.session.rollback()
    db.session.add(document)
    db.session.flush()
    job.document_id = document.id
    job.result_url = path_to("issuing.show", course_session_id=course_session_id)


def print_file(found: Sequence[Certificate]) -> bytes:
    """The pages of these certificates in this order, each as it was frozen at issue."""
    wanted = {key for row in found for key in row.snapshot.get("logos", [])}
    pictures = certificates.pictures(wanted)
    try:
        return draw_certificates([snapshot.paper_of(row, pictures) for row in found])
    except UnprintableText as problem:  # frozen texts were printable when they were issued
        raise Refused(gettext("These letters cannot be printed: %(letters)s.", letters=problem.letters)) from problem
