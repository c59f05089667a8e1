"""What the pages of enrolment cost: no more than eight statements each, sign-in and shell included."""

from __future__ import annotations

from datetime import time

import pytest

from app.catalogue.models import CoursePrerequisite
from app.core.db import db
from app.enrolment.nominations import services as nominations
from app.training.models import Acceptance, SessionStatus
from tests.cast import By
from tests.conftest import Stage
from tests.counting import as_if_full, plans, statements
from tests.enrolment.stage import course, course_session, enrolled, need, person, trainer
from tests.factories import employee

MOST = 8


def crowded(stage: Stage, status: SessionStatus = SessionStatus.OPEN) -> tuple[int, int, int]:
    """A session with seats, nominations, a waiting list although a seat is free, a clash, a prerequisite and people
    with a need: its id, an enrolment and one that waits.
    """
    this, required = course(), course("BK-01", "Temel ilkeler")
    here = stage.cast.employees
    many = [employee("Çok", f"Kişi{number}", f"K-{number}", 1 + number % 2).id for number in range(12)]
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(8)), here["isik"])
    session = course_session(this, capacity=4)
    seats = enrolled(session, here["elif"], *many[:5])
    session.acceptance = Acceptance.BY_HAND
    nominations.nominate(session, person(many[6]), by=By())
    db.session.add(CoursePrerequisite(course_id=this.id, required_id=required.id))
    for key in many[7:]:
        need(key, "5", "2")
    trainer(session, user_id=stage.cast.users["trainer"])
    session.capacity, session.status = 6, status
    db.session.commit()
    return session.id, seats[0].id, seats[-1].id


@pytest.mark.parametrize("status", [SessionStatus.OPEN, SessionStatus.CONFIRMED, SessionStatus.FINALISED])
@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "trainer", "staff"])
def test_no_page_costs_more_than_eight_statements(stage: Stage, who: str, status: SessionStatus) -> None:
    session, seat, waits = crowded(stage, status)
    browser, base = getattr(stage, who), f"/sessions/{session}/enrolments"
    browser.get("/devices")
    asked = 0
    for path in (
        base,
        f"{base}?status=waitlisted&sort=queue&direction=desc",
        f"{base}?q=kişi",
        f"{base}?format=csv",
        f"{base}/add",
        f"{base}/add?q=kişi",
        f"{base}/balance?employee_ids={stage.cast.employees['isik']}",
        f"{base}/paste",
        f"/enrolments/{seat}",
        f"/enrolments/{waits}",
        "/nominations",
        "/me/calendar",
    ):
        with statements() as seen:
            answer = browser.get(path)
        if answer.status_code == 200:
            # what leaves a trace writes that as well
            told = [line for line in seen if not line.startswith("INSERT")]
            assert len(told) <= MOST, (path, len(told), "\n".join(told))
            asked += 1
    assert asked >= {"admin": 10, "coordinator": 10, "focal_point": 9, "trainer": 2, "staff": 3}[who]


def test_nobody_merged_does_not_make_a_roll_walk_all_enrolments(stage: Stage) -> None:
    """There the planner took the key nobody has for useless."""
    session, *_ = crowded(stage)
    as_if_full()
    with plans() as found:
        assert stage.trainer.get(f"/sessions/{session}/attendance").status_code == 200
    asked = [steps for statement, steps in found.items() if "merged_into_id" in statement]
    assert asked
    for steps in asked:
        assert not [step for step in steps if step.startswith("SCAN enrol")], steps


def test_suggestions_begin_with_what_the_course_builds(stage: Stage) -> None:
    session, _, _ = crowded(stage)
    stage.admin.get("/devices")
    as_if_full()
    with plans() as found:
        assert "İhtiyaç analizine göre" in stage.admin.page(f"/sessions/{session}/enrolments/add").text
    asked = [steps for statement, steps in found.items() if "needs.gap" in statement]
    assert asked
    for steps in asked:
        assert any("INDEX ix_needs_round_competency" in step for step in steps), steps


def test_what_waits_for_a_focal_point_is_looked_for_where_sessions_go_on(stage: Stage) -> None:
    crowded(stage)
    stage.focal_point.get("/devices")
    as_if_full()
    with plans() as found:
        stage.focal_point.page("/nominations")
    asked = [steps for statement, steps in found.items() if "JOIN employees" in statement]
    assert asked
    for steps in asked:
        assert not [step for step in steps if step.startswith("SCAN enrolments")], steps
