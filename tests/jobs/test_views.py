"""The page of a long job: how far it is, what went wrong, the file it made."""

from __future__ import annotations

import pytest
from flask import Flask

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.core.db import db
from app.jobs import runner
from app.jobs.kinds import Done, Kind, register
from app.jobs.models import Job, JobItem, JobItemStatus, JobStatus
from tests import factories
from tests.conftest import HX, Stage


def _works(_: Job, items: object) -> dict[int, Done]:
    assert isinstance(items, list | tuple)
    return {item: Done(JobItemStatus.FAILED, f"Kayıt {item}: <b>olmadı</b>") if item == 3 else Done() for item in items}


def _finishes(job: Job) -> None:
    made = factories.document(media_type="text/plain", filename="Çıktı.txt", content=b"abc", created_by=SYSTEM.id)
    job.document_id, job.message, job.result_url = made.id, "Bitti.", "/certificates"


@pytest.fixture(autouse=True)
def counting(app: Flask) -> None:
    register(app, Kind("tests.count", _works, 2, _finishes))


def job(stage: Stage, who: str = "staff") -> int:
    made = Job(
        kind="tests.count", subject=who, title="Deneme işi", arguments={}, total=5, user_id=stage.cast.users[who]
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all([JobItem(job_id=made.id, item_id=item) for item in range(1, 6)])
    db.session.commit()
    return made.id


def test_progress_is_asked_for_until_it_is_done(stage: Stage) -> None:
    job_id = job(stage)
    page = stage.staff.page(f"/jobs/{job_id}")
    assert 'hx-trigger="every 1s"' in page.html
    assert "0 / 5" in page.text
    assert f'href="/jobs/{job_id}"' in page.html, "without JavaScript a link asks again"
    fragment = stage.staff.get(f"/jobs/{job_id}", headers=HX)
    assert "<html" not in fragment.text
    assert 'id="progress"' in fragment.text
    runner.run(job_id)
    done = stage.staff.page(f"/jobs/{job_id}")
    assert "every 1s" not in done.html
    assert f'href="/jobs/{job_id}"' not in done.html
    for text in ("5 / 5", "Bitti.", "1 kayıt başarısız oldu", "Kayıt 3: <b>olmadı</b>"):
        assert text in done.text, text
    assert 'href="/certificates"' in done.html


def test_the_file_comes_as_it_was_made(stage: Stage) -> None:
    job_id = job(stage)
    assert stage.staff.get(f"/jobs/{job_id}/file").status_code == 404
    runner.run(job_id)
    answer = stage.staff.get(f"/jobs/{job_id}/file")
    assert answer.get_data() == b"abc"
    assert "filename*=UTF-8''%C3%87%C4%B1kt%C4%B1.txt" in answer.headers["Content-Disposition"]


def test_a_job_is_its_starters_whatever_her_role(stage: Stage) -> None:
    for who in ("staff", "coordinator", "viewer", "nobody_special"):
        job_id = job(stage, who)
        runner.run(job_id)
        for name, expected in (("staff", 404), ("focal_point", 404), ("coordinator_elsewhere", 404), ("admin", 200)):
            status = 200 if name == who else expected
            assert getattr(stage, name).get(f"/jobs/{job_id}").status_code == status, (who, name)
            assert getattr(stage, name).get(f"/jobs/{job_id}/file").status_code == status, (who, name)
        assert getattr(stage, who).get(f"/jobs/{job_id}").status_code == 200
    assert stage.nobody.get(f"/jobs/{job_id}").status_code == 302
    assert stage.admin.get("/jobs/9999").status_code == 404


def test_a_failed_job_says_what_to_do(stage: Stage) -> None:
    job_id = job(stage)
    EVERYWHERE.get(Job, job_id).status = JobStatus.FAILED
    db.session.commit()
    page = stage.staff.page(f"/jobs/{job_id}")
    assert "yeniden başlatınız" in page.text
    assert "every 1s" not in page.html
