"""A supervisor reads the published results of their own people, where the notice said so; nobody else, and it is logged."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry
from app.core.db import db
from app.needs.models import AssessmentRound, Respondent
from app.people.models import Employee
from tests.conftest import Browser, Stage
from tests.needs.running.stage import move, opened
from tests.needs.stage import CASE_MANAGEMENT, PLAIN_LANGUAGE, rate, scenery

LIST = "/needs/team/results"
NAMES = ("administrator", "supervisor")


def stands(stage: Stage, *, readers: tuple[str, ...] = NAMES, publish: bool = True) -> str:
    """Işık, whom Elif supervises, needs case management; the address of what Elif may read of it."""
    scenery()
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).supervisor_id = stage.cast.employees["elif"]
    made = opened(stage.cast, readers=readers)
    rate(stage.cast.employees["isik"], CASE_MANAGEMENT, (5, 2, 5, 2), made.id)
    rate(stage.cast.employees["isik"], PLAIN_LANGUAGE, (3, 5, 3, 5), made.id)
    db.session.commit()
    move(stage.cast, made, "close")
    if publish:
        move(stage.cast, db.session.get_one(AssessmentRound, made.id), "publish")
    theirs = EVERYWHERE.select(Respondent).where(Respondent.person_id == stage.cast.employees["isik"])
    return f"{LIST}/{db.session.scalars(theirs).one().id}"


def looks() -> list[str]:
    db.session.commit()
    asked = sa.select(AccessEntry.event).where(AccessEntry.event == "needs.team_result_viewed")
    return list(db.session.scalars(EVERYWHERE.trusting(asked, AccessEntry)))


def test_a_supervisor_reads_it_and_each_look_is_logged(stage: Stage) -> None:
    address = stands(stage)
    assert LIST in stage.staff.get("/me").text
    listed = stage.staff.get(LIST).text
    assert "Işık" in listed and address in listed and not looks()
    page = stage.staff.get(address).text
    assert page.index("Güçlü yönler") < page.index("Çok dilli hizmet") < page.index("Vaka yönetimi")
    assert "apply" not in page, "nobody applies for another"
    assert looks() == ["needs.team_result_viewed"]


@pytest.mark.parametrize("who", ["admin", "coordinator", "focal_point", "trainer", "viewer"])
def test_nobody_else_does(stage: Stage, who: str) -> None:
    address = stands(stage)
    browser: Browser = getattr(stage, who)
    assert "Işık" not in browser.get(LIST).text and LIST not in browser.get("/me").text
    assert browser.get(address).status_code == 404 and not looks()


def test_it_is_theirs_only_where_the_notice_names_supervisors(stage: Stage) -> None:
    address = stands(stage, readers=("administrator", "coordinator"))
    assert stage.staff.get(address).status_code == 404 and "Işık" not in stage.staff.get(LIST).text


def test_not_before_it_is_published(stage: Stage) -> None:
    address = stands(stage, publish=False)
    assert stage.staff.get(address).status_code == 404


def test_the_questionnaire_says_that_the_supervisor_sees_it(stage: Stage) -> None:
    scenery()
    opened(stage.cast, readers=("focal_point", "supervisor"))
    text = stage.staff.get("/needs/answer").text
    assert "Amir" in text.partition("dışında")[2][:400] or "Amir." in text
