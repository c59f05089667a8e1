"""Issue one, or all that are due. Number, row and file come into being in one transaction, or none of them does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.access.caller import Caller
from app.audit import journal
from app.audit.journal import Actor, System
from app.certificates import codes, snapshot
from app.certificates.events import CertificateIssued
from app.certificates.issuing import letters, numbers, queries
from app.certificates.issuing.rules import ISSUE
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.queries import number_held
from app.certificates.services import certifiable, lock, pdf, require_finalised, session_of, start_job, title_of
from app.certificates.snapshot import Shared
from app.completion.models import DocumentKind, Outcome
from app.core.clock import local, now
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.services import wait_to_be_told
from app.files.models import Document
from app.jobs import queries as job_queries
from app.jobs.kinds import Done
from app.jobs.models import Job, JobItemStatus
from app.language import gettext, lazy_gettext, ngettext
from app.language.turkish import search_key
from app.paper.certificate import draw_certificate
from app.paper.typeface import UnprintableText
from app.post.addresses import path_to
from app.post.services import Place
from app.trainers.models import Trainer
from app.training.assignments import untold
from app.training.models import CourseSession

#: Drawn under the write lock, for the number is printed: 20 hold it for about a tenth of a second.
CHUNK = 20


class AlreadyHeld(Refused):
    """A valid certificate is there: whoever asked twice has what they asked for."""

    def __init__(self, number: str) -> None:
        super().__init__(lazy_gettext("A valid certificate is held already: %(number)s.", number=number))
        self.number = number


def issue(
    course_session: CourseSession,
    outcome: Outcome,
    *,
    by: Actor,
    shared: Shared | None = None,
    at: datetime | None = None,
    tell: bool = True,
) -> Certificate:
    """Issue the document an outcome is due. `course_session` with course and province, `outcome` as
    `outcomes_to_certify` loads it. For many of one session pass `shared`; `at` (now) decides date and year.

    Refused where nothing is due, a valid one is held, or a text cannot be printed.
    """
    lock(course_session)
    require_finalised(course_session)
    if outcome.document is None or outcome.enrolment.merged_into_id is not None:
        raise Refused(lazy_gettext("No document is due: %(why)s.", why=outcome.result.label))
    # asked under the lock: of two who issue at once the second finds the first one's
    held = number_held(Certificate.enrolment_id == outcome.enrolment_id)
    if held is not None:
        raise AlreadyHeld(held)
    shared = shared or certifiable(course_session)
    employee = outcome.enrolment.employee
    facts = snapshot.of_participant(shared, outcome.enrolment, outcome.document)
    made = _make(
        course_session, facts, shared, name_sort=employee.name_sort, at=at, by=by, enrolment_id=outcome.enrolment_id
    )
    outcome.due_since = None
    place = Place(course_session.province_id, employee.organisation_id)
    if tell and not letters.tell(made, employee.user, employee.email, place):
        wait_to_be_told(outcome.enrolment)
    return made


def issue_thanks(
    course_session: CourseSession,
    trainer: Trainer,
    *,
    by: Actor,
    shared: Shared | None = None,
    at: datetime | None = None,
    tell: bool = True,
) -> Certificate:
    """A letter of thanks for a trainer who gave a sitting; `trainer` as `trainers_of` of the room loads them."""
    lock(course_session)
    require_finalised(course_session)
    held = number_held(Certificate.course_session_id == course_session.id, Certificate.trainer_id == trainer.id)
    if held is not None:
        raise AlreadyHeld(held)
    shared = shared or certifiable(course_session)
    if not shared.of_trainer.get(trainer.id):
        raise Refused(lazy_gettext("%(name)s gave no sitting of this course session.", name=trainer.name))
    facts = snapshot.of_trainer(shared, course_session, trainer)
    made = _make(course_session, facts, shared, name_sort=trainer.name_sort, at=at, by=by, trainer_id=trainer.id)
    if tell and not letters.tell(made, trainer.user, trainer.email, Place(course_session.province_id)):
        untold.wait(course_session, trainer.id)
    return made


def _make(
    course_session: CourseSession,
    facts: dict[str, Any],
    shared: Shared,
    *,
    name_sort: str,
    by: Actor,
    at: datetime | None,
    enrolment_id: int | None = None,
    trainer_id: int | None = None,
) -> Certificate:
    made = _numbered(course_session, facts, name_sort, at or now())
    made.enrolment_id, made.trainer_id, made.issued_by = enrolment_id, trainer_id, by.id
    document = _drawn(made, shared, by)
    db.session.add(document)
    db.session.flush()
    made.document_id = document.id
    db.session.add(made)
    db.session.flush()
    journal.record(CertificateIssued(made.id, course_session.id, made.kind.value), by=by)
    return made


def _numbered(course_session: CourseSession, facts: dict[str, Any], name_sort: str, moment: datetime) -> Certificate:
    """What it says from now on, under the next number and a code of its own."""
    issued_on = local(moment).date()
    code, name = codes.new(), facts["printed_name"]
    number = numbers.take(issued_on, course_session.province.doc_abbr if course_session.province else None)
    return Certificate(
        number=number,
        code=code,
        course_session_id=course_session.id,
        kind=DocumentKind(facts["kind"]),
        language=facts["language"],
        status=CertificateStatus.VALID,
        printed_name=name,
        name_sort=name_sort,
        search_text=search_key(f"{name} {number} {codes.printed(code)} {code}"),
        snapshot=facts,
        issued_on=issued_on,
        issued_at=moment,
    )


def _drawn(certificate: Certificate, shared: Shared, by: Actor) -> Document:
    """The file, drawn this once; from now on it is only read."""
    try:
        data = draw_certificate(snapshot.paper_of(certificate, shared.pictures))
    except UnprintableText as problem:
        raise Refused(
            lazy_gettext(
                "These letters cannot be printed: %(letters)s. Correct the name first.",
                letters=" ".join(problem.letters),
            )
        ) from problem
    return pdf(data, f"{certificate.number.replace('/', '-')}.pdf", by_id=by.id)


# --- all that are due, in the background ------------------------------------------------------------------


def start_issue(course_session: CourseSession, *, by: Caller, only: int | None = None) -> Job:
    """Issue what is due in a session (with its course), or to one enrolment; an open job for it is given back."""
    found = queries.candidates(course_session)
    if only is None:
        wanted = [row.enrolment_id for row in found if row.due]
    else:
        wanted = [row.enrolment_id for row in found if row.enrolment_id == only and row.may_be_issued]
    if not wanted:
        raise Refused(gettext("No certificate is due in this course session."))
    # refused now, before a job stands there that can only fail
    certifiable(course_session)
    return start_job(ISSUE, course_session, title_of(course_session), wanted, by)


def issue_chunk(job: Job, enrolment_ids: Sequence[int]) -> Mapping[int, Done]:
    """Issue a chunk in the caller's transaction. What one item is refused for does not hold up the others."""
    course_session = session_of(job)
    try:
        shared = certifiable(course_session)
    except Refused as refusal:
        return {item: Done(JobItemStatus.FAILED, str(refusal.message)) for item in enrolment_ids}
    outcomes = queries.outcomes_to_certify(course_session, enrolment_ids)
    by = System(job.user_id)
    return {row.enrolment_id: _issue_one(course_session, row, shared, by) for row in outcomes}


def _issue_one(course_session: CourseSession, outcome: Outcome, shared: Shared, by: System) -> Done:
    """In a savepoint: a refusal gives back the number it had taken."""
    name = outcome.enrolment.employee.printed_name
    try:
        with db.session.begin_nested():
            issue(course_session, outcome, by=by, shared=shared)
    except AlreadyHeld as held:
        message = gettext("%(name)s: holds %(number)s already.", name=name, number=held.number)
        return Done(JobItemStatus.SKIPPED, message)
    except Refused as refusal:
        return Done(JobItemStatus.FAILED, f"{name}: {refusal.message}")
    return Done()


def finish_issue(job: Job) -> None:
    issued = job.done - job_queries.left_out(job)
    job.message = ngettext("%(num)s certificate was issued.", "%(num)s certificates were issued.", issued)
    job.result_url = path_to("issuing.show", course_session_id=int(job.arguments["course_session_id"]))
