"""The report: asked for on the page, made in the background, and saying what the page says under the rule of five."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from app.access.models import User
from app.access.queries import caller_of
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.paging import ListQuery
from app.jobs import runner
from app.jobs.models import Job, JobStatus
from app.language import force_locale
from app.needs import services as needs_services
from app.needs.models import AssessmentRound
from app.needs.report import contents, services
from app.needs.report.queries import report
from app.paper.typeface import unprintable
from tests.conftest import Stage
from tests.needs.stage import (
    CASE_MANAGEMENT,
    CORRESPONDENCE,
    NIZIP,
    SAHINBEY,
    YAKUTIYE,
    Four,
    name_all,
    people,
    rate,
    scenery,
    worked_example,
)

HIGH: Four = (5, 2, 5, 2)


@pytest.fixture
def needs(stage: Stage) -> Stage:
    """Six people of the worked example in Nizip; three of Şahinbey and seven of Yakutiye."""
    scenery()
    ids = list(worked_example(NIZIP).values())
    for home, count, competency in ((SAHINBEY, 3, CORRESPONDENCE), (YAKUTIYE, 7, CASE_MANAGEMENT)):
        for key in people(count, home, f"K{home}"):
            rate(key, competency, HIGH)
            ids.append(key)
    needs_services.recompute_needs(db.session.get_one(AssessmentRound, 1), ids)
    db.session.commit()
    return stage


def made(stage: Stage, name: str, format: str, **filters: object) -> bytes:
    browser = getattr(stage, name)
    answer = browser.post("/needs/report", data={"format": format, **filters})
    assert answer.status_code == 303, answer.status_code
    job_id = int(re.search(r"/jobs/(\d+)", answer.location).group(1))  # type: ignore[union-attr]  # or it fails
    runner.run(job_id)
    job = EVERYWHERE.get(Job, job_id)
    assert job.status is JobStatus.DONE, job.message
    content: bytes = browser.get(f"/jobs/{job_id}/file").data
    return content


def sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_says_what_the_page_says(needs: Stage) -> None:
    found = sheets(made(needs, "admin", "xlsx"))
    assert list(found) == ["Özet", "Sıralama", "Isı haritası", "Gruplara göre"]
    page = openpyxl.load_workbook(io.BytesIO(needs.admin.get("/needs?format=xlsx").data)).active
    assert found["Sıralama"] == list(page.iter_rows(values_only=True))
    assert dict(found["Özet"])["Yanıtlayan kişi"] == "16"


def test_the_rule_of_five_holds_for_whoever_is_handed_it(needs: Stage) -> None:
    """The page shows three people's figures to whom the notice names; a paper goes to others."""
    name_all()
    asked = needs.coordinator.get("/needs?view=matrix&format=csv").data.decode("utf-8-sig")
    assert "<5" not in asked
    heat = sheets(made(needs, "coordinator", "xlsx"))["Isı haritası"]
    assert any("<5" in row for row in heat)


def test_a_paper_of_a_few_pages(needs: Stage) -> None:
    pdf = made(needs, "coordinator", "pdf", organisation=NIZIP, province=1)
    assert pdf.startswith(b"%PDF-1.4")
    assert pdf.count(b"/Type /Page\n") >= 1


def test_who_may_not_read_needs_asks_for_nothing(needs: Stage) -> None:
    assert needs.staff.post("/needs/report", data={"format": "pdf"}).status_code == 403
    assert needs.viewer.post("/needs/report", data={"format": "pdf"}).status_code == 403
    assert needs.coordinator.post("/needs/report", data={"format": "pdf", "organisation": YAKUTIYE}).status_code == 404
    assert needs.coordinator.post("/needs/report", data={"format": "doc"}).status_code == 404


def test_asked_twice_it_is_made_once_and_each_gets_their_own(needs: Stage) -> None:
    first = needs.admin.post("/needs/report", data={"format": "pdf"}).location
    assert needs.admin.post("/needs/report", data={"format": "pdf"}).location == first
    assert needs.coordinator.post("/needs/report", data={"format": "pdf"}).location != first


def test_a_round_that_is_gone_is_said(needs: Stage) -> None:
    job = services.ask({"round": "99"}, "pdf", by=caller_of(EVERYWHERE.get(User, needs.cast.users["admin"])))
    db.session.commit()
    runner.run(job.id)
    job = EVERYWHERE.get(Job, job.id)
    assert job.status is JobStatus.FAILED
    assert "artık yok" in job.message


def test_our_typefaces_have_every_letter_of_it(needs: Stage) -> None:
    """In either language; what they lack would be a line to write on."""
    for language in ("tr", "en"):
        with force_locale(language):
            parts = contents.parts(report(EVERYWHERE, ListQuery()))
        texts = re.findall(r"'([^']*)'|\"([^\"]*)\"", repr(parts))
        assert len(texts) > 50
        assert unprintable("".join(map("".join, texts))) == ""
