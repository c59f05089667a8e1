from __future__ import annotations

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.enrolment.models import Quota
from app.training.models import CourseSession
from tests.conftest import Stage
from tests.counting import statements
from tests.enrolment.stage import course, course_session, enrolled


@pytest.fixture
def session(stage: Stage) -> CourseSession:
    return course_session(capacity=5)


def address(session: CourseSession) -> str:
    return f"/sessions/{session.id}/enrolments/quotas"


def send(stage: Stage, session: CourseSession, typed: dict[str, str]) -> TestResponse:
    hidden = stage.coordinator.page(address(session)).hidden(address(session))
    return stage.coordinator.post(address(session), data=hidden | typed)


def kept() -> dict[int, int]:
    db.session.expire_all()
    return {one.organisation_id: one.seats for one in db.session.scalars(EVERYWHERE.select(Quota))}


def test_seats_are_kept_from_the_page(stage: Stage, session: CourseSession) -> None:
    page = stage.coordinator.page(address(session))
    assert "Nizip" in page.text and "Şahinbey" in page.text
    assert "Yakutiye" not in page.text
    answer = send(stage, session, {"seats-1": "2", "seats-2": "1", "release_on": "2030-01-07"})
    assert answer.status_code == 303
    assert kept() == {1: 2, 2: 1}
    assert EVERYWHERE.get(CourseSession, session.id).quota_release_at is not None


def test_too_many_are_refused_and_stay_typed(stage: Stage, session: CourseSession) -> None:
    answer = send(stage, session, {"seats-1": "4", "seats-2": "3"})
    assert answer.status_code == 422
    assert "toplam 7 yer" in answer.text and 'value="4"' in answer.text
    assert kept() == {}


def test_a_proposal_by_staff_is_filled_in_and_not_kept(stage: Stage, session: CourseSession) -> None:
    answer = send(stage, session, {"share": "1"})
    assert answer.status_code == 200 and 'value="3"' in answer.text
    assert kept() == {}


def test_whoever_does_not_run_it_finds_nothing(stage: Stage, session: CourseSession) -> None:
    assert stage.coordinator_elsewhere.get(address(session)).status_code == 404
    assert stage.focal_point.get(address(session)).status_code == 403
    assert stage.nobody.get(address(session)).status_code in (302, 303)


def test_it_takes_no_more_than_eight_statements(stage: Stage, session: CourseSession) -> None:
    stage.coordinator.get("/devices")
    with statements() as seen:
        assert stage.coordinator.get(address(session)).status_code == 200
    assert len(seen) <= 8, "\n".join(seen)


def test_a_focal_point_sees_the_seats_that_could_be_theirs(stage: Stage, session: CourseSession) -> None:
    send(stage, session, {"seats-2": "4"})
    page = stage.focal_point.get(f"/sessions/{session.id}/enrolments").text
    assert '<div class="stat-value">1</div>' in page.partition("Boş yer")[2][:120]


def test_their_list_tells_the_quota_and_what_is_left_of_it(stage: Stage, session: CourseSession) -> None:
    send(stage, session, {"seats-1": "3", "seats-2": "2"})
    course_session(course("BK-09", "Uyum"), capacity=5)
    enrolled(session, stage.cast.employees["elif"])
    rows = {row.partition("</a>")[0][-30:]: row for row in stage.focal_point.get("/nominations").text.split("<tr>")}
    here = next(row for name, row in rows.items() if "BK-02/1" in name)
    there = next(row for name, row in rows.items() if "BK-09/1" in name)
    cells = [" ".join(cell.split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", here, re.DOTALL)]
    assert (cells[1], cells[2]) == ("2", '3 yer<span class="sub">2 yer kaldı</span>')
    assert 'data-label="Boş yer">5<' in there and 'data-label="Kontenjanınız">–<' in there
    assert "4 boş yer" not in stage.focal_point.page("/").text and "2 boş yer" in stage.focal_point.page("/").text
    elsewhere = stage.focal_point_elsewhere.get("/nominations").text
    assert "Kontenjanınız" not in elsewhere, "no column for what nobody has"


def test_nobody_is_told_a_quota_that_was_released(stage: Stage, session: CourseSession) -> None:
    send(stage, session, {"seats-2": "5", "release_on": today().isoformat()})
    EVERYWHERE.get(CourseSession, session.id).quota_release_at = now() - timedelta(hours=1)
    db.session.commit()
    assert 'data-label="Boş yer">5<' in stage.focal_point.get("/nominations").text
