"""Files of all certificates of a session."""

from __future__ import annotations

import io
import tempfile
import zipfile
from typing import IO, Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.models import AccessEntry
from app.certificates.printing import archive
from app.core.db import db
from app.jobs import runner
from app.jobs.models import Job, JobStatus
from tests.certificates.stage import Given, issued, issued_to, many
from tests.conftest import Stage


def test_all_files_come_as_one_archive_and_one_print_file(stage: Stage, given: Given) -> None:
    made = [issued(given, "elif"), issued(given, "isik")]
    answer = stage.coordinator.get(f"/sessions/{given.session}/certificates.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        names = archive.namelist()
        assert names == [f"{row.printed_name} {row.number.replace('/', '-')}.pdf" for row in made]
        for row, name in zip(made, names, strict=True):
            assert archive.read(name) == stage.admin.get(f"/certificates/{row.id}.pdf").get_data()
    printed = stage.coordinator.get(f"/sessions/{given.session}/certificates.pdf")
    assert printed.mimetype == "application/pdf"
    from tests.paper.reading import reader, text_of

    assert len(reader(printed.get_data()).pages) == 2
    assert made[1].number in text_of(printed.get_data(), 1)
    traces = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).all()
    assert [(t.facts["format"], t.facts["rows"]) for t in traces] == [("zip", 2), ("pdf", 2)]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[IO[bytes]]:
    """What was put on disk for an answer."""
    made: list[IO[bytes]] = []

    def kept() -> IO[bytes]:
        made.append(tempfile.TemporaryFile())  # noqa: SIM115 - who closes it is what is asked
        return made[-1]

    monkeypatch.setattr(archive, "TemporaryFile", kept)
    return made


def test_the_file_of_an_archive_nobody_reads_is_closed(stage: Stage, given: Given, files: list[IO[bytes]]) -> None:
    issued(given, "elif")
    path = f"/sessions/{given.session}/certificates.zip"
    told = stage.coordinator.head(path)
    assert told.status_code == 200 and told.content_length, "a HEAD says how much there would be"
    for answer in (told, stage.coordinator.get(path)):  # closed by the server, also where the line broke
        answer.close()
    assert [file.closed for file in files] == [True, True]


def test_the_file_of_an_archive_that_may_not_leave_is_closed(
    stage: Stage, given: Given, files: list[IO[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> AccessEntry:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    issued(given, "elif")
    path = f"/sessions/{given.session}/certificates.zip"
    with monkeypatch.context() as patched:
        patched.setattr(journal, "AccessEntry", full)
        assert stage.coordinator.get(path).status_code == 503, "without its trace it may not be seen"
    with monkeypatch.context() as patched:
        patched.setattr(zipfile.ZipFile, "writestr", lambda *_: full())
        assert stage.coordinator.get(path).status_code == 503
    assert [file.closed for file in files] == [True, True]


def test_a_large_print_file_is_made_in_the_background(stage: Stage, given: Given) -> None:
    for enrolment in many(given, 51):
        issued_to(given, enrolment)
    assert stage.coordinator.get(f"/sessions/{given.session}/certificates.pdf").status_code == 404
    location = stage.coordinator.post(f"/sessions/{given.session}/certificates/print").location
    job_id = int(location.rsplit("/", 1)[1])
    runner.run(job_id)
    db.session.expire_all()
    assert EVERYWHERE.get(Job, job_id).status is JobStatus.DONE
    answer = stage.coordinator.get(f"{location}/file")
    from tests.paper.reading import reader

    assert len(reader(answer.get_data()).pages) == 51
    assert stage.coordinator_elsewhere.get(f"{location}/file").status_code == 404


def test_without_certificates_there_is_no_file(stage: Stage, given: Given) -> None:
    assert stage.coordinator.get(f"/sessions/{given.session}/certificates.zip").status_code == 404
    assert stage.coordinator.post(f"/sessions/{given.session}/certificates/print").status_code == 422
