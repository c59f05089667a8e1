"""The strategic action plan of a province: begun, its goals, its document submitted and approved by somebody else."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.core.clock import today
from app.core.db import db
from app.core.errors import Missing
from app.programme.documents.models import ProgrammeDocument, ProgrammeDocumentStatus
from app.programme.groups.action_plans import pages
from app.programme.groups.models import GroupAction, StrategicGoal
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.programme.groups.stage import Sits, action, sitting, the

S = ProgrammeDocumentStatus
HERE = "/programme/action-plans/1"
GOAL = {"text_tr": "Hizmete erişim kolaylaşır", "text_en": "Services are within reach"}


def version(browser: Browser, address: str) -> dict[str, str]:
    return {"version": browser.get(address).text.split('name="version" value="')[1].split('"')[0]}


def begun(stage: Stage) -> Sits:
    found = sitting(stage.cast)
    form = stage.coordinator.page("/programme/action-plans/new").html
    assert '<option selected value="1">' in form, "where there is one province it is chosen"
    assert stage.coordinator.post("/programme/action-plans/new", data={"province_id": "1"}).location == HERE
    assert stage.coordinator.post(f"{HERE}/goals/new", data=GOAL).status_code == 303
    return found


def led(found: Sits, goal_id: int | None = 1) -> None:
    action(found).goal_id = goal_id
    db.session.commit()


def status() -> ProgrammeDocumentStatus:
    found: ProgrammeDocumentStatus = the(ProgrammeDocument, 1).status
    return found


def submit(browser: Browser, **more: str) -> int:
    address = "/programme/documents/1/submit"
    return browser.post(address, data=version(browser, address) | more).status_code


def test_it_is_written_submitted_and_approved_by_somebody_else(stage: Stage) -> None:
    found = begun(stage)
    assert "Bu hedefe bağlı eylem yok" in stage.coordinator.page("/programme/documents/1/submit").text
    led(found)
    assert submit(stage.coordinator) == 303
    assert stage.coordinator.post(f"{HERE}/goals/new", data=GOAL).status_code == 422, "it is in review"
    address = "/programme/documents/1/approve"
    assert stage.coordinator.get(address).status_code == 403
    assert stage.admin.post(address, data=version(stage.admin, address)).status_code == 303
    assert status() is S.APPROVED
    text = stage.coordinator.page("/programme/documents/1/versions/1?lang=en").text
    for said in ("1. Services are within reach", "Set up an information desk", "Nizip Municipality"):
        assert said in text
    assert stage.coordinator.get("/programme/documents/1/versions/1.pdf").data[:5] == b"%PDF-"
    stage.coordinator.post("/programme/documents/1/revise")
    assert (
        stage.coordinator.post(
            f"{HERE}/goals/1/edit",
            data=GOAL | version(stage.coordinator, f"{HERE}/goals/1/edit") | {"text_tr": "Başka"},
        ).status_code
        == 303
    )
    assert "Services are within reach" in stage.coordinator.page("/programme/documents/1/versions/1?lang=en").text


def test_a_plan_is_approved_as_it_was_seen(stage: Stage) -> None:
    """Its actions change while it is in review: whoever decides looks again."""
    found = begun(stage)
    led(found)
    assert submit(stage.coordinator) == 303
    address = "/programme/documents/1/approve"
    seen = version(stage.admin, address)
    edit = f"/programme/actions/{found.action}/edit"
    values = {"text_tr": "Sonradan yazılan", "owner_id": found.members["elif"], "due_on": "2099-12-31", "goal_id": 1}
    assert stage.coordinator.post(edit, data=version(stage.coordinator, edit) | values).status_code == 303
    answer = stage.admin.post(address, data=seen)
    assert answer.status_code == 409
    assert "Sonradan yazılan" in answer.text
    assert stage.admin.post(address, data=version(stage.admin, address)).status_code == 303


def test_of_many_actions_of_a_goal_the_first_stand_there_with_the_way_to_all(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = begun(stage)
    led(found)
    for number in range(2):
        factories.group_action(found.group, today(), f"Adım {number}", goal_id=1)
    factories.group_action(found.group, today(), "Hedefsiz")
    db.session.commit()
    assert "goal=1" not in stage.coordinator.page(HERE).html
    monkeypatch.setattr(pages, "MOST", 2)
    page = stage.coordinator.page(HERE)
    assert "Danışma masası kurulması" not in page.text
    (behind,) = (each for each in page.links if "goal=" in each)
    assert stage.coordinator.get(f"{behind}&format=csv").text.count("Gaziantep") == 3
    assert "Hedefsiz" in stage.coordinator.page("/programme/actions?goal=none").text
    assert "Adım" not in stage.coordinator.page("/programme/actions?goal=none").text


def test_the_page_of_its_document_asks_at_most_eight_questions(stage: Stage) -> None:
    led(begun(stage))
    stage.coordinator.get("/programme/documents/1")
    with statements() as seen:
        stage.coordinator.get("/programme/documents/1")
    assert len(seen) <= 8, seen


def test_a_goal_that_goes_leaves_its_actions(stage: Stage) -> None:
    found = begun(stage)
    led(found)
    assert stage.coordinator.post(f"{HERE}/goals/1/remove").status_code == 303
    assert the(GroupAction, found.action).goal_id is None
    assert "Hedefe bağlanmamış eylemler" in stage.coordinator.page(HERE).text
    with pytest.raises(Missing):
        the(StrategicGoal, 1)


def test_it_is_a_file_with_a_line_for_each_action(stage: Stage) -> None:
    led(begun(stage))
    sheet = load_workbook(BytesIO(stage.coordinator.get(f"{HERE}?format=xlsx").data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:2] == ["Hizmete erişim kolaylaşır", "Danışma masası kurulması"]


def test_a_province_has_one_plan(stage: Stage) -> None:
    begun(stage)
    assert "action-plans/new" not in stage.coordinator.page("/programme/action-plans").html
    assert stage.coordinator.post("/programme/action-plans/new", data={"province_id": "1"}).status_code == 422


def test_other_provinces_find_nothing(stage: Stage) -> None:
    begun(stage)
    elsewhere = stage.coordinator_elsewhere
    for address in (HERE, f"{HERE}/goals/new", f"{HERE}/goals/1/edit"):
        assert elsewhere.get(address).status_code == 404, address
    assert elsewhere.post(f"{HERE}/goals/1/remove").status_code == 404
    assert stage.focal_point.get(HERE).status_code == 404
    assert stage.staff.get(HERE).status_code == 403
