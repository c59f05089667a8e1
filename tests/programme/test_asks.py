"""From what asks for a competency to a row of a plan, and back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app.catalogue.models import CourseCompetency
from app.core.db import db
from app.plans.models import Origin
from app.programme.groups.models import ActionAsk
from app.programme.pilots.models import PilotAsk
from app.programme.studies.models import FindingAsk
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.plans.stage import ONE, add, begun, needs, row_now
from tests.programme.groups.stage import sitting
from tests.programme.test_studies import FINDING, begin, every, supporting
from tests.web.test_at_once import at_once


def asking(stage: Stage, kind: str) -> tuple[str, str, type[Any]]:
    """What asks for a competency that the course `ONE` builds: its page, the key of its ask, its table."""
    wanted = db.session.scalars(sa.select(CourseCompetency.competency_id).filter_by(course_id=ONE)).one()
    if kind == "finding":
        finding_id, ask_id = supporting(stage.coordinator, begin(stage.coordinator), wanted)
        return f"/programme/findings/{finding_id}", f"finding-{ask_id}", FindingAsk
    thing_id = sitting(stage.cast).action if kind == "action" else factories.pilot().id
    if kind == "pilot":
        factories.pilot_staff(thing_id, stage.cast.employees["elif"])
    db.session.commit()
    asked = {"competency": wanted, "reason": "Gerekli"}
    assert stage.coordinator.post(f"/programme/asks/{kind}/{thing_id}/new", data=asked).status_code == 303
    page = f"/programme/actions/{thing_id}" if kind == "action" else f"/programme/pilots/{thing_id}/staff"
    return page, f"{kind}-1", ActionAsk if kind == "action" else PilotAsk


@pytest.mark.parametrize("kind", ["finding", "action", "pilot"])
def test_tied_to_a_row_that_is_there_and_untied(stage: Stage, kind: str) -> None:
    needs()
    by, plan_id = stage.coordinator, begun(stage.coordinator)
    item_id = add(by, plan_id, course=ONE, origin="manager", origin_text="Başkanın isteği")
    page, key, model = asking(stage, kind)
    assert f"/programme/asks/{key}/row" in by.page(page).links
    assert f'<option selected value="{item_id}">' in by.page(f"/programme/asks/{key}/row").html, "the only one"
    assert by.post(f"/programme/asks/{key}/row", data={}).status_code == 422
    assert by.post(f"/programme/asks/{key}/row", data={"row": item_id}).status_code == 303
    assert every(model)[0].plan_item_id == item_id
    assert f"/plans/{plan_id}" in by.page(page).links
    draft = by.page(f"/plans/{plan_id}/draft")
    assert page in draft.links, "from the row back to what asked for it"
    assert "Başkanın isteği, " in draft.text, "the row keeps its own origin, which leads nowhere"
    assert row_now(item_id).origin is Origin.MANAGER
    answer = by.post(f"/programme/asks/{key}/row", data={"row": item_id})
    assert answer.status_code == 422 and "zaten buna dayanıyor" in answer.text
    by.post(f"/programme/asks/{key}/withdraw")
    assert every(model), "a row rests on it"
    assert by.post(f"/programme/asks/{key}/untie").status_code == 303
    assert every(model)[0].plan_item_id is None and row_now(item_id).groups == 2
    by.post(f"/programme/asks/{key}/untie")
    assert by.post(f"/programme/asks/{key}/withdraw").status_code == 303 and not every(model)


@pytest.mark.parametrize("kind", ["finding", "action", "pilot"])
def test_two_competencies_that_become_one_are_asked_for_once(stage: Stage, kind: str) -> None:
    """What stays leads to the row of the plan that the other one led to."""
    needs()
    by, plan_id = stage.coordinator, begun(stage.coordinator)
    item_id = add(by, plan_id, course=ONE)
    _, key, model = asking(stage, kind)
    kept = factories.competency("Aynı yetkinlik").id
    db.session.commit()
    merged, thing_id = every(model)[0].competency_id, getattr(every(model)[0], f"{kind}_id")
    assert by.post(f"/programme/asks/{key}/row", data={"row": item_id}).status_code == 303
    asked = {"competency": kept, "reason": "Gerekli"}
    assert by.post(f"/programme/asks/{kind}/{thing_id}/new", data=asked).status_code == 303
    merge = {"into": kept, "version": "1"}
    assert stage.admin.post(f"/reference/competencies/{merged}/merge", data=merge).status_code == 303
    assert [(ask.competency_id, ask.plan_item_id) for ask in every(model)] == [(kept, item_id)]


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["finding", "action", "pilot"])
def test_four_windows_at_one_moment_ask_once(stage: Stage, kind: str) -> None:
    needs()
    _, key, model = asking(stage, kind)
    thing_id = getattr(every(model)[0], f"{kind}_id")
    assert stage.coordinator.post(f"/programme/asks/{key}/withdraw").status_code == 303
    with stage.coordinator.session_transaction() as cookie:
        signed_in = dict(cookie)
    browsers = [stage.app.test_client() for _ in range(4)]
    for each in browsers:
        with each.session_transaction() as cookie:
            cookie.update(signed_in)
    path, asked = f"/programme/asks/{kind}/{thing_id}/new", {"competency": "1", "reason": "Gerekli"}
    sent = [asked | {"request_key": f"window-{number}"} for number in range(4)]
    answers = at_once(*(partial(one.post, path, data=form) for one, form in zip(browsers, sent, strict=True)))
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert len(every(model)) == 1


def test_only_to_a_row_of_the_province_that_gives_the_competency(stage: Stage) -> None:
    needs()
    by, plan_id = stage.coordinator, begun(stage.coordinator)
    address = f"/programme/asks/{asking(stage, 'finding')[1]}/row"
    assert "Hiçbir planda böyle bir satır yok" in by.page(address).text
    everywhere = factories.plan_item(ONE, quarter=4)
    other = add(by, plan_id, course=factories.course("XX-01").id, quarter=3)
    abroad = add(stage.coordinator_elsewhere, begun(stage.coordinator_elsewhere, "2"), course=ONE, place="p2")
    gone = add(by, plan_id, course=ONE)
    row_now(gone).dropped = True
    db.session.commit()
    for item_id in (abroad, gone, other, 99):
        answer = by.post(address, data={"row": item_id})
        assert answer.status_code == 422 and "Bu seçenek kullanılamıyor." in answer.text, item_id
    with statements() as few:
        assert f'<option selected value="{everywhere.id}">' in by.page(address).html, (
            "a row for the whole programme gives it here, too"
        )
    assert len(few) <= 8, "\n".join(few)
    assert by.post(address, data={"row": everywhere.id}).status_code == 303


def test_who_ties_nothing(stage: Stage) -> None:
    needs()
    page, key, _ = asking(stage, "finding")
    for browser, status in ((stage.coordinator_elsewhere, 404), (stage.focal_point, 403), (stage.staff, 403)):
        _refused(browser, key, status)
    for wrong in ("finding-99", "nothing-1", "finding"):
        _refused(stage.coordinator, wrong, 404)
    assert stage.coordinator.get("/programme/asks/nothing/1/new").status_code == 404
    assert stage.admin.get(f"/programme/asks/{key}/row").status_code == 200
    assert "/row" not in stage.focal_point.page(page).html.replace("/rows", "")


def _refused(browser: Browser, key: str, status: int) -> None:
    assert browser.get(f"/programme/asks/{key}/row").status_code == status
    for step in ("row", "untie", "withdraw"):
        assert browser.post(f"/programme/asks/{key}/{step}", data={"row": 1}).status_code == status, step


def test_what_was_tied_stands_in_the_history_and_a_draft_is_tied_to_nothing(stage: Stage) -> None:
    needs()
    by, plan_id = stage.coordinator, begun(stage.coordinator)
    item_id = add(by, plan_id, course=ONE)
    page, key, _ = asking(stage, "finding")
    by.post(f"/programme/asks/{key}/row", data={"row": item_id})
    by.post(f"/programme/asks/{key}/untie")
    history = by.page(page).text
    assert "Plan satırına bağlandı" in history and "Plan satırıyla bağı kaldırıldı" in history
    assert by.post(f"{page}/take-back", data=by.page(page).hidden(f"{page}/take-back")).status_code == 303
    assert by.get(f"/programme/asks/{key}/row").status_code == 404
    assert f"/programme/asks/{key}/row" not in by.page(page).links
    assert FINDING["statement_tr"] in by.page(page).text


def test_nobody_adds_a_row_for_what_is_not_there(stage: Stage) -> None:
    plan_id = begun(stage.coordinator)
    for key in ("finding-99", "finding-", "nothing-1", "1", "finding-1-2"):
        assert stage.coordinator.get(f"/plans/add?asked={key}").status_code == 404, key
        assert stage.coordinator.get(f"/plans/{plan_id}/rows/new?asked={key}").status_code == 404, key


def test_a_row_may_come_from_a_pilot(stage: Stage) -> None:
    needs()
    plan_id = begun(stage.coordinator)
    item_id = add(stage.coordinator, plan_id, origin="pilot", origin_text="PP-27-01")
    assert row_now(item_id).origin is Origin.PILOT
    assert "Pilot proje: PP-27-01" in stage.coordinator.page(f"/plans/{plan_id}/draft").text
