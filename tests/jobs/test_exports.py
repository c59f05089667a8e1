"""Exports too long for a request."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core import paging
from app.core.clock import now
from app.core.db import db
from app.files.models import Document
from app.jobs import queries, runner
from app.jobs.models import Job, JobStatus
from tests.conftest import Stage


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "DIRECT_ROWS", 2)


def run_the_job() -> Job:
    job = db.session.scalars(EVERYWHERE.select(Job)).one()
    runner.run(job.id)
    db.session.expire_all()
    return db.session.scalars(EVERYWHERE.select(Job)).one()


def test_a_long_export_is_made_in_the_background(stage: Stage, short: None) -> None:
    page = stage.admin.get("/people?format=csv&sort=name")
    assert "arka planda" in page.text
    answer = stage.admin.post("/exports", data={"address": "/people?format=csv&sort=name"})
    assert answer.status_code == 303
    job = run_the_job()
    assert job.status is JobStatus.DONE
    file = stage.admin.get(f"/jobs/{job.id}/file")
    lines = file.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 5, "a heading and the four people of the cast"
    assert stage.coordinator.get(f"/jobs/{job.id}/file").status_code == 404
    seen = db.session.scalars(sa.select(AccessEntry.facts).where(AccessEntry.event == "access.exported")).one()
    assert seen == {"what": "people", "format": "csv", "rows": 4}, "the long way leaves the same trace"


def test_the_scope_is_the_asker_s(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data={"address": "/people?format=csv"})
    job = run_the_job()
    text = stage.focal_point.get(f"/jobs/{job.id}/file").get_data().decode("utf-8-sig")
    assert "Işık" in text
    assert "Zeynep" not in text


@pytest.mark.parametrize("address", ["/audit?format=csv", "/sign-in", "/people", "/no-such-page", "/people/1"])
def test_what_she_may_not_or_what_is_no_file_fails(stage: Stage, address: str) -> None:
    stage.focal_point.post("/exports", data={"address": address})
    job = run_the_job()
    assert job.failed_items == 1
    assert db.session.query(Document).count() == 0


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "people", ""])
def test_only_our_own_addresses(stage: Stage, address: str) -> None:
    assert stage.admin.post("/exports", data={"address": address}).status_code == 404


def test_each_download_leaves_its_trace(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data={"address": "/people?format=csv"})
    job = run_the_job()
    assert stage.focal_point.get(f"/jobs/{job.id}/file").status_code == 200
    assert stage.admin.get(f"/jobs/{job.id}/file").status_code == 200
    assert stage.coordinator.get(f"/jobs/{job.id}/file").status_code == 404
    taken = sa.select(AccessEntry.actor_id, AccessEntry.facts).where(AccessEntry.event == "job.file_taken")
    facts = {"job_id": job.id, "kind": "export", "document_id": job.document_id}
    assert sorted(db.session.execute(taken).all()) == sorted(
        [(stage.cast.users["focal_point"], facts), (stage.cast.users["admin"], facts)], key=lambda row: row[0]
    )


def test_what_was_made_with_roles_she_no_longer_holds_is_not_handed_out(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data={"address": "/people?format=csv"})
    job = run_the_job()
    held = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == job.user_id)).one()
    held.role = Role.STAFF
    db.session.commit()
    for path in (f"/jobs/{job.id}", f"/jobs/{job.id}/file"):
        assert stage.focal_point.get(path).status_code == 404


def test_what_a_worker_left_running_waits_for_the_next_one(stage: Stage, short: None) -> None:
    stage.admin.post("/exports", data={"address": "/people?format=csv&sort=name"})
    job = db.session.scalars(EVERYWHERE.select(Job)).one()
    job.status, job.beat_at = JobStatus.RUNNING, now()
    db.session.commit()
    assert job.id not in queries.to_take_up()
    runner.resume_cut_short()
    assert job.id in queries.to_take_up()
    assert run_the_job().status is JobStatus.DONE
