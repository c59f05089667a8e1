"""What waits for somebody leads to where it is done, and is gone once it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.certificates.models import Certificate
from app.completion.models import Outcome
from app.core.clock import today
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.jobs import runner
from app.people.models import Employee
from tests import factories
from tests.cast import EVENING, By, group
from tests.certificates import stage as certifying
from tests.conftest import Browser, Stage
from tests.counting import as_if_full, plans, statements
from tests.enrolment.stage import course_session, enrolled, person

MOST = 8


def waits(browser: Browser, address: str) -> bool:
    """Whether the first page leads there; if so, the address answers."""
    found = address in browser.page("/").links
    if found:
        assert browser.get(address).status_code == 200
    return found


def test_an_unmarked_sheet(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        sheet = f"/sittings/{group(stage.cast).sittings[0]}"
        for browser in (stage.coordinator, stage.trainer):
            assert waits(browser, sheet)
            assert "Yoklama eksik: 23.11.2026 09:00" in browser.page("/").text
        assert stage.trainer.post(f"{sheet}/mark-all-present").status_code == 303
        assert not waits(stage.coordinator, sheet)
        assert "Yoklama eksik: 23.11.2026 09:00" not in stage.trainer.page("/").text
        assert waits(stage.trainer, sheet), "it stands among her sittings of the day"


def test_too_few_people(stage: Stage) -> None:
    low = course_session(minimum=2, day=today() + timedelta(days=10))
    address = f"/sessions/{low.id}/enrolments"
    assert waits(stage.coordinator, address) and not waits(stage.coordinator_elsewhere, address)
    assert any(link.startswith(f"{address}/add") for link in stage.coordinator.page(address).links)
    enrolled(low, stage.cast.employees["elif"], stage.cast.employees["isik"])
    db.session.commit()
    assert not waits(stage.coordinator, address)


def test_a_nomination_and_an_application(stage: Stage) -> None:
    session = course_session()
    elif_ = person(stage.cast.employees["elif"])
    nominations.apply(session, elif_, by=By())
    db.session.commit()
    key = db.session.scalars(EVERYWHERE.select(Enrolment)).one().id
    assert waits(stage.focal_point, "/nominations")
    assert "Sizi bekleyen 1 iş" in stage.focal_point.page("/").text
    EVERYWHERE.get(Enrolment, key).status = EnrolmentStatus.NOMINATED
    db.session.commit()
    assert "Sizi bekleyen işler" in stage.focal_point.page("/").text, "nothing waits for her now"
    address = f"/sessions/{session.id}/enrolments?status=nominated"
    assert waits(stage.coordinator, address) and not waits(stage.coordinator_elsewhere, address)
    assert stage.coordinator.post(f"/enrolments/{key}/accept").status_code == 303
    assert not waits(stage.coordinator, address)


def test_certificates_to_issue(stage: Stage) -> None:
    given = certifying.arrange(stage.cast)
    address = f"/sessions/{given.session}/certificates"
    assert waits(stage.coordinator, address) and waits(stage.admin, address)
    assert not waits(stage.coordinator_elsewhere, address)
    job = stage.coordinator.post(f"{address}/issue").location
    assert job is not None
    runner.run(int(job.rsplit("/", 1)[1].partition("?")[0]))
    db.session.commit()
    assert not waits(stage.coordinator, address) and not waits(stage.admin, address)
    both = sa.select(Outcome.due_since).join(Certificate, Certificate.enrolment_id == Outcome.enrolment_id)
    marked = db.session.scalars(EVERYWHERE.restrict(both, Outcome, Certificate)).all()
    assert marked and not any(marked), "what was issued is no longer looked through"


def test_documents_that_wait_are_not_looked_for_among_all_that_were_issued(stage: Stage) -> None:
    given = certifying.arrange(stage.cast)
    address = f"/sessions/{given.session}/certificates"
    assert waits(stage.admin, address) and waits(stage.coordinator, address)
    as_if_full()
    with plans() as found:
        assert address in stage.admin.page("/").links and address in stage.coordinator.page("/").links
    asked = [steps for statement, steps in found.items() if "outcomes.document" in statement]
    assert len(asked) == 2
    for steps in asked:
        assert any(step.endswith("USING INDEX ix_outcomes_due") for step in steps), steps
        assert "SEARCH outcomes USING INTEGER PRIMARY KEY (rowid=?)" in steps, steps


def test_a_focal_point_sees_what_she_can_nominate_for(stage: Stage) -> None:
    assert "aday gösterilebilecek eğitim grubu yok" in stage.focal_point.page("/").text
    session = course_session(capacity=5)
    enrolled(session, stage.cast.employees["elif"])
    db.session.commit()
    address = f"/sessions/{session.id}/enrolments/add"
    assert waits(stage.focal_point, address) and not waits(stage.focal_point_elsewhere, address)
    page = stage.focal_point.page("/")
    assert "4 boş yer" in page.text and "kurumunuzdan 1 kişi" in page.text


@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer", "focal_point", "staff", "viewer"])
def test_a_first_page_costs_few_statements(stage: Stage, who: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        group(stage.cast)
        sits = factories.action_group()
        factories.group_member(sits.id, employee_id=stage.cast.employees["elif"])
        factories.group_meeting(sits.id, EVENING.date() + timedelta(days=9))
        db.session.commit()
        browser: Browser = getattr(stage, who)
        browser.page("/")
        with statements() as seen:
            browser.page("/me" if who == "staff" else "/")
        assert len(seen) <= MOST, "\n".join(seen)


def test_what_a_new_installation_lacks_is_told_to_whoever_can_see_to_it(stage: Stage) -> None:
    staff, trainers = "/people/import", "/trainers/new"
    signs, users = "/settings/signatories/new", "/users/new"
    began = {address for address in (signs, users, staff, trainers) if waits(stage.admin, address)}
    assert began == {signs, trainers}, "there are coordinators and staff"
    assert {address for address in (signs, users, staff, trainers) if waits(stage.coordinator, address)} == {trainers}
    factories.signatory("Nurcan Öztürk")
    factories.trainer("Ümit")
    for row in db.session.scalars(EVERYWHERE.select(Employee)):
        row.active = False
    db.session.execute(EVERYWHERE.trusting(sa.delete(Grant).where(Grant.role == Role.FOCAL_POINT), Grant))
    db.session.commit()
    for browser in (stage.admin, stage.coordinator):
        assert waits(browser, staff)
        assert not waits(browser, signs) and not waits(browser, trainers)
        assert "kurum eğitim sorumlularını" not in browser.page("/").text, "there is nobody to invite"
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).active = True
    db.session.commit()
    for browser in (stage.admin, stage.coordinator):
        assert not waits(browser, staff)
        assert "Kurum eğitim sorumlularını davet ediniz" in browser.page("/").text
