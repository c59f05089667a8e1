"""Many certificates at once, in the background: an item is an enrolment, done once however often it is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.audit.journal import System
from app.certificates import due, queries, services, snapshot, sources
from app.certificates.models import Certificate
from app.certificates.snapshot import Shared
from app.completion.models import Outcome
from app.core.clock import today
from app.core.db import db, reading
from app.core.errors import Missing, Refused
from app.files.models import Document
from app.jobs import queries as job_queries
from app.jobs import services as jobs
from app.jobs.kinds import Done
from app.jobs.models import Job, JobItemStatus
from app.language import gettext, in_language, language, ngettext
from app.paper.certificate import draw_certificates
from app.paper.typeface import UnprintableText
from app.training.models import CourseSession

ISSUE = due.ISSUE
PRINT = "certificates.print"
#: Drawn under the write lock, for the number is printed: 20 hold it for about a tenth of a second.
CHUNK = 20
#: A print file of more pages than this is made in the background.
DIRECT_PAGES = 50


def start_issue(course_session: CourseSession, *, by: Caller, only: int | None = None) -> Job:
    """Issue what is due in a session (with its course), or to one enrolment; an open job for it is given back."""
    found = due.candidates(course_session)
    if only is None:
        wanted = [row.enrolment_id for row in found if row.due]
    else:
        wanted = [row.enrolment_id for row in found if row.enrolment_id == only and row.may_be_issued]
    if not wanted:
        raise Refused(gettext("No certificate is due in this course session."))
    snapshot.shared_of(course_session)
    return _start(ISSUE, course_session, _title(course_session), wanted, by)


def start_print(course_session: CourseSession, *, by: Caller) -> Job:
    """One file of all valid certificates of a session (with its course), a page each."""
    wanted = queries.valid_ids(course_session)
    if not wanted:
        raise Refused(gettext("No valid certificate has been issued for this course session."))
    title = gettext("Print file: %(what)s", what=_title(course_session))
    return _start(PRINT, course_session, title, wanted, by)


def _start(kind: str, course_session: CourseSession, title: str, items: Sequence[int], by: Caller) -> Job:
    about = {"course_session_id": course_session.id, "language": language()}
    job = jobs.start(kind, due.about(course_session.id), title, items, about, by=by)
    if job.user_id != by.id and not by.is_a(Role.ADMINISTRATOR):
        raise Refused(gettext("Somebody else has started this already. It will be done in a moment."))
    return job


def _title(course_session: CourseSession) -> str:
    name = in_language(course_session.course, "name")
    return gettext("Certificates: %(code)s %(course)s", code=course_session.code, course=name)


# --- issuing ----------------------------------------------------------------------------------------------


def issue_chunk(job: Job, enrolment_ids: Sequence[int]) -> Mapping[int, Done]:
    """Issue a chunk in the caller's transaction. What one item is refused for does not hold up the others."""
    course_session = _session_of(job)
    try:
        shared = snapshot.shared_of(course_session)
    except Refused as refusal:
        return {item: Done(JobItemStatus.FAILED, str(refusal.message)) for item in enrolment_ids}
    outcomes = due.outcomes_to_certify(course_session, enrolment_ids)
    by = System(job.user_id)
    return {row.enrolment_id: _issue_one(course_session, row, shared, by) for row in outcomes}


def _issue_one(course_session: CourseSession, outcome: Outcome, shared: Shared, by: System) -> Done:
    """In a savepoint: a refusal gives back the number it had taken."""
    name = outcome.enrolment.employee.printed_name
    try:
        with db.session.begin_nested():
            services.issue(course_session, outcome, by=by, shared=shared)
    except services.AlreadyHeld as held:
        message = gettext("%(name)s: holds %(number)s already.", name=name, number=held.number)
        return Done(JobItemStatus.SKIPPED, message)
    except Refused as refusal:
        return Done(JobItemStatus.FAILED, f"{name}: {refusal.message}")
    return Done()


def finish_issue(job: Job) -> None:
    issued = job.done - job_queries.left_out(job)
    job.message = ngettext("%(num)s certificate was issued.", "%(num)s certificates were issued.", issued)
    job.result_url = f"/sessions/{int(job.arguments['course_session_id'])}/certificates"


def _session_of(job: Job) -> CourseSession:
    """As its owner may see it now: she may have lost the role since she asked."""
    scope = job_queries.owner(job).scope_for(Permission.CERTIFICATE_ISSUE)
    try:
        return queries.session_to_certify(scope, int(job.arguments["course_session_id"]))
    except Missing:
        raise Refused(gettext("You may no longer issue certificates of this course session.")) from None


# --- printing ---------------------------------------------------------------------------------------------


def print_chunk(_: Job, certificate_ids: Sequence[int]) -> Mapping[int, Done]:
    """Nothing is changed for a single page; the file is drawn at the end, in one piece."""
    return {item: Done() for item in certificate_ids}


def finish_print(job: Job) -> None:
    """Draw outside any transaction, then store the file."""
    course_session_id, user_id = int(job.arguments["course_session_id"]), job.user_id
    db.session.rollback()
    with reading():
        course_session = _session_of(job)
        certificates = queries.to_print(course_session)
        if not certificates:  # revoked meanwhile
            raise Refused(gettext("No valid certificate has been issued for this course session."))
        data = print_file(certificates)
        name = gettext("Certificates %(code)s", code=course_session.code.replace("/", "-"))
        db.session.rollback()
    document = Document(
        sha256=services.digest(data),
        media_type=services.PDF,
        filename=f"{name} {today():%Y-%m-%d}.pdf",
        size=len(data),
        content=data,
        created_by=user_id,
    )
    db.session.add(document)
    db.session.flush()
    job.document_id = document.id
    job.result_url = f"/sessions/{course_session_id}/certificates"


def print_file(certificates: Sequence[Certificate]) -> bytes:
    """The pages of these certificates in this order, each as it was frozen at issue."""
    wanted = {key for row in certificates for key in row.snapshot.get("logos", [])}
    pictures = sources.pictures(wanted)
    try:
        return draw_certificates([snapshot.paper_of(row, pictures) for row in certificates])
    except UnprintableText as problem:  # frozen texts were printable when they were issued
        raise Refused(gettext("These letters cannot be printed: %(letters)s.", letters=problem.letters)) from problem
