"""Many at once: two issuers, a worker that is killed, a name that cannot be printed."""

from __future__ import annotations

import contextvars
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.certificates.issuing import queries, services
from app.certificates.models import Certificate, CertificateStatus
from app.certificates.printing import services as printing
from app.certificates.register import services as register
from app.core.clock import now
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.files.models import Document
from app.jobs import runner
from app.jobs.models import Job, JobItem, JobItemStatus, JobStatus
from app.people.leaving import services as leaving
from app.people.models import Employee
from app.post.models import Message
from tests.cast import Cast
from tests.certificates.stage import Given, issued, many, person, session_of
from tests.serving import PATIENCE


def start(cast: Cast, given: Given, who: str = "coordinator") -> int:
    caller = caller_of(EVERYWHERE.get(User, cast.users[who]))
    job = services.start_issue(session_of(given), by=caller)
    db.session.commit()
    return job.id


def facts() -> tuple[list[int], list[int]]:
    """Ordinals of all numbers, and enrolments of all valid certificates."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.execute(
        EVERYWHERE.restrict(sa.select(Certificate.number, Certificate.enrolment_id), Certificate).where(
            Certificate.status == CertificateStatus.VALID
        )
    ).all()
    return sorted(int(number.rsplit("/", 1)[1]) for number, _ in rows), [
        enrolment for _, enrolment in rows if enrolment
    ]


def assert_each_once(wanted: int) -> None:
    ordinals, enrolments = facts()
    assert ordinals == list(range(1, wanted + 1)), "no gap, no duplicate"
    assert len(enrolments) == len(set(enrolments)) == wanted
    documents = db.session.scalar(sa.select(sa.func.count()).select_from(Document))
    letters = db.session.scalars(sa.select(Message.occasion)).all()
    assert documents == wanted, "no orphaned file"
    assert len(set(letters)) == len(letters) <= wanted


def test_a_job_issues_what_is_due_and_tells_each_holder_once(cast: Cast, given: Given) -> None:
    many(given, 45)
    job_id = start(cast, given)
    runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert (job.status, job.done, job.total, job.failed_items) == (JobStatus.DONE, 47, 47, 0)
    assert job.result_url == f"/sessions/{given.session}/certificates"
    assert_each_once(47)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 47
    runner.run(job_id)
    assert_each_once(47)
    with pytest.raises(Refused):
        start(cast, given)


def test_one_name_that_cannot_be_printed_does_not_stop_the_others(cast: Cast, given: Given) -> None:
    many(given, 4)
    person(cast, "isik").set_identity("Işık 李", "Çınar", "N-002", "isik@ornek.example")
    db.session.commit()
    job_id = start(cast, given)
    runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert (job.status, job.done, job.failed_items) == (JobStatus.DONE, 6, 1)
    failed = db.session.scalars(EVERYWHERE.select(JobItem).where(JobItem.status == JobItemStatus.FAILED)).one()
    assert failed.item_id == given.enrolments["isik"]
    assert "ÇINAR" in failed.message
    assert "李" in failed.message
    assert_each_once(5)
    assert job.message == "5 belge verildi."


def test_a_print_file_of_which_all_were_revoked_meanwhile_says_so(cast: Cast, given: Given) -> None:
    made = issued(given, "elif")
    job_id = printing.start_print(session_of(given), by=caller_of(EVERYWHERE.get(User, cast.users["coordinator"]))).id
    register.revoke(made, "Yoklama yanlıştı", by=SYSTEM)
    db.session.commit()
    runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert job.status is JobStatus.FAILED and "geçerli bir belge" in job.message


def test_somebody_issued_meanwhile_is_left_out(cast: Cast, given: Given) -> None:
    job_id = start(cast, given)
    issued(given, "elif", tell=False)
    runner.run(job_id)
    skipped = db.session.scalars(EVERYWHERE.select(JobItem).where(JobItem.status == JobItemStatus.SKIPPED)).one()
    assert skipped.item_id == given.enrolments["elif"]
    assert_each_once(2)


def test_two_issuers_of_the_same_forty_make_forty(app: Flask, cast: Cast, given: Given) -> None:
    """Each certifies everybody one by one, as two impatient people (or two workers) would."""
    many(given, 38)
    db.session.remove()
    barrier = threading.Barrier(2)
    refused: list[str] = []
    broken: list[BaseException] = []

    def issue_all(reverse: bool) -> None:
        with app.app_context():
            set_writing(True)
            barrier.wait()
            try:
                enrolments = [row.enrolment_id for row in queries.candidates(session_of(given)) if row.document]
                db.session.rollback()
                for enrolment in sorted(enrolments, reverse=reverse):
                    course_session = session_of(given)
                    outcome = queries.outcomes_to_certify(course_session, [enrolment])[0]
                    try:
                        services.issue(course_session, outcome, by=SYSTEM)
                        db.session.commit()
                    except Refused as refusal:
                        db.session.rollback()
                        refused.append(str(refusal))
            except BaseException as error:  # told to the test
                broken.append(error)
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(issue_all, reverse)) for reverse in (False, True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    assert len(refused) == 40
    assert_each_once(40)


def test_two_workers_take_the_same_job_once(app: Flask, cast: Cast, given: Given) -> None:
    many(given, 38)
    job_id = start(cast, given)
    db.session.remove()

    def work() -> None:
        with app.app_context():
            runner.run(job_id)
            db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(work,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert EVERYWHERE.get(Job, job_id).status is JobStatus.DONE
    assert_each_once(40)


def test_a_worker_killed_half_way_is_followed_by_one_that_finishes(app: Flask, cast: Cast, given: Given) -> None:
    many(given, 98)
    job_id = start(cast, given)
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    killed_at = []
    for _ in range(2):
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.certificates.issuing.worker", database, str(job_id), "0.01"]
        )
        try:
            killed_at.append(_wait_for_progress(job_id, killed_at[-1] if killed_at else 0))
            time.sleep(0.1)  # into the midst of the next chunk
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        ordinals, _ = facts()
        assert ordinals == list(range(1, len(ordinals) + 1)), "what was committed has no gap"
        _silent_for_long(job_id)
    assert 0 < killed_at[0] < 100
    runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert (job.status, job.done, job.failed_items) == (JobStatus.DONE, 100, 0)
    assert_each_once(100)


def _wait_for_progress(job_id: int, beyond: int) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        db.session.rollback()
        set_writing(False)
        done = db.session.scalar(EVERYWHERE.restrict(sa.select(Job.done), Job).where(Job.id == job_id)) or 0
        db.session.rollback()
        set_writing(True)
        if done > beyond:
            return done
        time.sleep(0.02)
    raise AssertionError("the worker did nothing")


def _silent_for_long(job_id: int) -> None:
    """As if a minute had passed since the worker was last heard of."""
    EVERYWHERE.get(Job, job_id).beat_at = now() - timedelta(minutes=2)
    db.session.commit()


def test_whoever_leaves_while_certificates_are_issued_loses_none(app: Flask, cast: Cast, given: Given) -> None:
    db.session.remove()
    barrier = threading.Barrier(2)
    broken: list[BaseException] = []

    def issue() -> None:
        course_session = session_of(given)
        outcome = queries.outcomes_to_certify(course_session, [given.enrolments["elif"]])[0]
        services.issue(course_session, outcome, by=SYSTEM)

    def leave() -> None:
        by = caller_of(EVERYWHERE.get(User, cast.users["coordinator"]))
        leaving.leave(EVERYWHERE.get(Employee, cast.employees["elif"]), by=by)

    def run(work: Callable[[], None]) -> None:
        with app.app_context():
            set_writing(True)
            barrier.wait()
            try:
                work()
                db.session.commit()
            except BaseException as error:  # told to the test
                broken.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(run, work)) for work in (issue, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    held = EVERYWHERE.select(Certificate).where(Certificate.enrolment_id == given.enrolments["elif"])
    certificate = db.session.scalars(held).one()
    assert certificate.status is CertificateStatus.VALID
    assert EVERYWHERE.get(Employee, cast.employees["elif"]).active is False
    told = sa.select(Message.status).where(Message.occasion == f"certificate:{certificate.id}")
    assert db.session.scalar(told) == "queued", "a certificate that is ready is still announced"
