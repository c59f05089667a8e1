"""Steps more than one sub-room takes: who waits for whom, what is refused first, files and jobs of a session."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.caller import Caller
from app.access.permissions import Permission, Role
from app.certificates import queries, rules
from app.certificates.snapshot import Shared
from app.core.db import db
from app.core.errors import Missing, Refused
from app.files.models import Document
from app.jobs import queries as job_queries
from app.jobs import services as jobs
from app.jobs.models import Job
from app.language import gettext, in_language, language, lazy_gettext
from app.training.models import CourseSession, SessionStatus

PDF = "application/pdf"


def lock(course_session: CourseSession) -> None:
    """Whoever issues for a session waits for whoever does so already (SQLite: the write lock is held anyway)."""
    db.session.refresh(course_session, attribute_names=["status", "version"], with_for_update=True)


def require_finalised(course_session: CourseSession) -> None:
    if course_session.status is not SessionStatus.FINALISED:
        raise Refused(lazy_gettext("Certificates are issued once the course session has been finalised."))


def certifiable(course_session: CourseSession) -> Shared:
    """What its certificates say alike. Refused where there is nothing to certify or nobody signs."""
    shared = queries.shared_of(course_session)
    if shared.obstacle is not None:
        raise Refused(shared.obstacle)
    return shared


def pdf(data: bytes, filename: str, *, by_id: int | None) -> Document:
    """A file to be stored, to be recognised by its bytes."""
    return Document(
        sha256=rules.digest(data),
        media_type=PDF,
        filename=filename,
        size=len(data),
        content=data,
        created_by=by_id,
    )


# --- in the background ------------------------------------------------------------------------------------


def start_job(kind: str, course_session: CourseSession, title: str, items: Sequence[int], by: Caller) -> Job:
    """A job of this kind for a session (with its course); one that is open is given back to whoever started it."""
    about = {"course_session_id": course_session.id, "language": language()}
    job = jobs.start(kind, rules.subject(course_session.id), title, items, about, by=by)
    if job.user_id != by.id and not by.is_a(Role.ADMINISTRATOR):
        raise Refused(gettext("Somebody else has started this already. It will be done in a moment."))
    return job


def title_of(course_session: CourseSession) -> str:
    name = in_language(course_session.course, "name")
    return gettext("Certificates: %(code)s %(course)s", code=course_session.code, course=name)


def session_of(job: Job) -> CourseSession:
    """As its owner may see it now: she may have lost the role since she asked."""
    scope = job_queries.owner(job).scope_for(Permission.CERTIFICATE_ISSUE)
    try:
        return queries.session_to_certify(scope, int(job.arguments["course_session_id"]))
    except Missing:
        raise Refused(gettext("You may no longer issue certificates of this course session.")) from None
