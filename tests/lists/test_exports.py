"""Exports too long for a request."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core.clock import now
from app.core.db import db
from app.files.models import Document
from app.jobs import forget_old, owners, queries, runner
from app.jobs.models import Job, JobItem, JobStatus
from app.lists import pages
from tests.conftest import Stage


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "DIRECT_ROWS", 2)


PEOPLE = {"list": "people", "format": "csv", "sort": "name", "of": ""}


def run_the_job() -> Job:
    job = db.session.scalars(EVERYWHERE.select(Job)).one()
    runner.run(job.id)
    db.session.expire_all()
    return db.session.scalars(EVERYWHERE.select(Job)).one()


def test_a_long_export_is_made_in_the_background(stage: Stage, short: None) -> None:
    page = stage.admin.get("/people?format=csv&sort=name")
    assert "arka planda" in page.text
    answer = stage.admin.post("/exports", data=PEOPLE)
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
    stage.focal_point.post("/exports", data=PEOPLE)
    job = run_the_job()
    text = stage.focal_point.get(f"/jobs/{job.id}/file").get_data().decode("utf-8-sig")
    assert "Işık" in text
    assert "Zeynep" not in text


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"list": "audit"}, "Bu listeyi dışa aktarma yetkiniz yok."),
        ({"list": "needs_people", "of": "999"}, "Bu liste artık yok."),
        ({"list": "needs_people", "of": ""}, "Bu liste artık yok."),
        ({"list": "plan", "of": "999"}, "Bu liste artık yok."),
    ],
)
def test_what_is_refused_says_why(stage: Stage, asked: dict[str, str], why: str) -> None:
    assert stage.focal_point.post("/exports", data=PEOPLE | asked).status_code == 303
    failed(stage, run_the_job(), why)


def failed(stage: Stage, job: Job, why: str) -> None:
    assert job.status is JobStatus.FAILED
    assert db.session.query(Document).count() == 0
    for page in (f"/jobs/{job.id}", "/jobs"):
        text = stage.focal_point.page(page).text
        assert why in text and "Başarısız" in text and "Tamamlandı" not in text and "Ayrıntı yok" not in text, page


def test_what_was_asked_of_an_earlier_release_is_refused(stage: Stage, short: None) -> None:
    """There a job carried the address of its list."""
    stage.focal_point.post("/exports", data=PEOPLE)
    db.session.scalars(EVERYWHERE.select(Job)).one().arguments = {"address": "/people?format=csv", "language": "tr"}
    db.session.commit()
    failed(stage, run_the_job(), "Bu liste artık yok.")


def test_what_a_long_list_is_narrowed_to_goes_along(stage: Stage, short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "/people?format=csv&sort=registry&direction=desc&organisation=1&page=3&nonsense=1"
    directly = stage.admin.get(address)
    assert directly.headers["Content-Type"].startswith("text/csv"), "two rows are not too many"
    monkeypatch.setattr(pages, "DIRECT_ROWS", 1)
    stage.admin.post("/exports", data=stage.admin.page(address).hidden("/exports"))
    assert stage.admin.get(f"/jobs/{run_the_job().id}/file").data == directly.data


def test_one_s_own_work_is_listed_newest_first_with_the_way_to_it(stage: Stage, short: None) -> None:
    made = []
    for sort in ("name", "registry"):
        stage.focal_point.post("/exports", data=PEOPLE | {"sort": sort})
        made.append(db.session.scalars(EVERYWHERE.select(Job).order_by(Job.id.desc())).first().id)
        runner.run(made[-1])
    page = stage.focal_point.page("/jobs")
    assert page.html.index(f'href="/jobs/{made[1]}"') < page.html.index(f'href="/jobs/{made[0]}"')
    assert f'href="/jobs/{made[0]}/file"' in page.html and "Liste aktarımı" in page.text
    assert 'href="/jobs"' in stage.focal_point.page("/").html, "it is in the account menu"
    assert 'href="/jobs"' in stage.focal_point.page(f"/jobs/{made[0]}").html
    for other in (stage.coordinator, stage.admin):
        assert "/jobs/" not in other.page("/jobs").html, "nobody else's, also for administrators"
    assert stage.nobody.get("/jobs").status_code == 302


def test_what_was_started_with_other_roles_is_not_listed(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data=PEOPLE)
    held = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == stage.cast.users["focal_point"])).one()
    held.role = Role.STAFF
    db.session.commit()
    assert "/jobs/" not in stage.focal_point.page("/jobs").html


def test_a_file_can_be_fetched_for_a_week_and_its_job_is_listed_for_a_season(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data=PEOPLE)
    job = run_the_job()
    job_id = job.id
    for days, file, listed in ((6, 200, True), (8, 404, True), (91, 404, False)):
        EVERYWHERE.get(Job, job_id).finished_at = now() - timedelta(days=days)
        db.session.commit()
        forget_old()
        assert stage.focal_point.get(f"/jobs/{job_id}/file").status_code == file, days
        assert (f'href="/jobs/{job_id}"' in stage.focal_point.page("/jobs").html) is listed, days
        assert db.session.query(Document).count() == (file == 200)
    assert db.session.scalars(EVERYWHERE.select(JobItem)).all() == []


@pytest.mark.parametrize("wrong", [{"list": "nothing"}, {"list": ""}, {"format": ""}, {"format": "pdf"}])
def test_what_is_no_list_or_no_file_starts_nothing(stage: Stage, wrong: dict[str, str]) -> None:
    assert stage.admin.post("/exports", data=PEOPLE | wrong).status_code == 404
    assert db.session.scalars(EVERYWHERE.select(Job)).all() == []


def test_each_download_leaves_its_trace(stage: Stage, short: None) -> None:
    stage.focal_point.post("/exports", data=PEOPLE)
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
    stage.focal_point.post("/exports", data=PEOPLE)
    job = run_the_job()
    held = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == job.user_id)).one()
    held.role = Role.STAFF
    db.session.commit()
    for path in (f"/jobs/{job.id}", f"/jobs/{job.id}/file"):
        assert stage.focal_point.get(path).status_code == 404


def test_what_a_worker_left_running_waits_for_the_next_one(stage: Stage, short: None) -> None:
    stage.admin.post("/exports", data=PEOPLE)
    job = db.session.scalars(EVERYWHERE.select(Job)).one()
    with owners.claiming() as owner:
        job.status, job.owner, job.beat_at = JobStatus.RUNNING, owner, now()
        db.session.commit()
        assert job.id not in queries.to_take_up()
    assert job.id in queries.to_take_up()
    assert run_the_job().status is JobStatus.DONE
