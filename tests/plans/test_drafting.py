"""A plan from its first row to a second version; and who may do none of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.catalogue.models import Course, CourseCompetency
from app.core.clock import today
from app.core.db import db
from app.needs.models import AssessmentRound, RoundStatus
from app.plans.models import PlanItem, PlanStatus, PlanVersion, TrainingPlan
from app.training.models import SessionStatus
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.paper.reading import text_of
from tests.plans.stage import BOTH, ONE, ROW, YEAR, add, another_administrator, begun, decide, needs, plan_now, row_now


@pytest.fixture
def ready(stage: Stage) -> Stage:
    needs()
    return stage


def test_from_needs_to_a_second_version(ready: Stage) -> None:
    plan_id = begun(ready.coordinator, limit_hours=30)
    proposal = ready.coordinator.page(f"/plans/{plan_id}/proposal")
    assert "44,3" in proposal.text, "(49,48 + 39,13) / 2"
    item_id = add(ready.coordinator, plan_id)
    row = row_now(item_id)
    assert (row.round_id, row.score, row.eligible, row.gap_points) == (1, Decimal("44.3056"), 6, Decimal(24))
    decide(ready.coordinator, plan_id, "submit")
    assert "Onay bekliyor" in ready.admin.page(f"/plans/{plan_id}").text
    decide(ready.admin, plan_id, "return", remarks="İkinci çeyrek daha uygun.")
    assert "İkinci çeyrek daha uygun." in ready.coordinator.page(f"/plans/{plan_id}/versions").text
    changed = {**ROW, "quarter": 2, "version": row_now(item_id).version}
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/edit", data=changed).status_code == 303
    decide(ready.coordinator, plan_id, "submit")
    decide(ready.admin, plan_id, "approve")
    page = ready.focal_point.page(f"/plans/{plan_id}")
    assert "Eğitim SH-01" in page.text and "Planlanan grup 2" in page.text
    assert f"/sessions/new?plan_item={item_id}" in ready.coordinator.page(f"/plans/{plan_id}").links

    assert ready.coordinator.post(f"/plans/{plan_id}/revise").status_code == 303
    fields = {**ROW, "quarter": 2, "groups": 5, "version": row_now(item_id).version}
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/edit", data=fields).status_code == 303
    new_id = add(ready.coordinator, plan_id, course=ONE, origin="law", origin_text="6698 sayılı Kanun.")
    assert row_now(item_id).groups == 2, "what is in force counts until the revision is approved"
    text = ready.focal_point.page(f"/plans/{plan_id}").text
    assert "Planlanan grup 2" in text and "6698" not in text
    decide(ready.coordinator, plan_id, "submit", 422)
    decide(ready.coordinator, plan_id, "submit", reason="Yasa değişti.")
    decide(ready.admin, plan_id, "approve")
    assert (row_now(item_id).groups, row_now(new_id).approved, plan_now(plan_id).edition) == (5, True, 2)
    old = ready.focal_point.page(f"/plans/{plan_id}/versions/1")
    assert "6698" not in old.text
    difference = ready.focal_point.page(f"/plans/{plan_id}/versions/2/changes").text
    assert "Yeni satırlar" in difference and "Yasa değişti." in difference
    assert "kendisiyle aynıdır" in ready.focal_point.page(f"/plans/{plan_id}/versions/2/changes?since=2").text
    paper = ready.focal_point.get(f"/plans/{plan_id}/versions/1.pdf")
    assert paper.data.startswith(b"%PDF") and ready.coordinator.get(f"/plans/{plan_id}/draft.pdf").status_code == 200
    second = text_of(ready.focal_point.get(f"/plans/{plan_id}/versions/2.pdf").data)
    assert "6698 sayılı Kanun. " in second, "with one full stop"
    assert ready.focal_point.get(f"/plans/{plan_id}/versions/1?format=xlsx").status_code == 200


def test_who_is_eligible_stands_beside_how_a_competency_was_rated(ready: Stage) -> None:
    competency = db.session.scalars(sa.select(CourseCompetency.competency_id).filter_by(course_id=BOTH)).first()
    page = ready.coordinator.page(f"/needs/{competency}/ratings")
    address = f"/plans/eligible/{competency}?round=1&province=1"
    assert address in page.links, "also without JavaScript"
    with statements() as found:
        shown = ready.coordinator.page(address)
    assert len(found) <= 8
    assert "Eğitim SH-01 SH-01 · 6 kişi uygun" in shown.text
    assert ready.coordinator.get(f"/plans/eligible/{competency}?province=99").status_code == 404
    assert "/plans/eligible/" not in " ".join(ready.focal_point.page(f"/needs/{competency}/ratings").links)


def test_nobody_decides_what_they_submitted(ready: Stage) -> None:
    plan_id = begun(ready.admin, "programme")
    add(ready.admin, plan_id, place="all")
    decide(ready.admin, plan_id, "submit")
    for step, values in (("approve", {}), ("return", {"remarks": "Olmadı"})):
        assert "başka biri verir" in decide(ready.admin, plan_id, step, 422, **values)
    assert plan_now(plan_id).status is PlanStatus.SUBMITTED
    decide(another_administrator(ready), plan_id, "approve")
    assert plan_now(plan_id).status is PlanStatus.APPROVED


def test_who_may_do_none_of_it(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    item_id = add(ready.coordinator, plan_id)
    pages = ("draft", "limits", "proposal", "rows/new", f"rows/{item_id}/edit", "submit", "draft.pdf")
    for page in pages:
        path = f"/plans/{plan_id}/{page}"
        assert ready.coordinator.get(path).status_code == 200, path
        assert ready.admin.get(path).status_code == 200, path
        assert ready.coordinator_elsewhere.get(path).status_code == 404, path
        for name in ("focal_point", "trainer", "staff", "viewer"):
            assert getattr(ready, name).get(path).status_code == 403, (name, path)
    for step in ("approve", "return"):
        assert ready.coordinator.get(f"/plans/{plan_id}/{step}").status_code == 403
    assert ready.focal_point.get(f"/plans/{plan_id}").status_code == 404, "no version is in force"
    assert ready.focal_point.get(f"/plans/{plan_id}/versions").status_code == 404
    other = begun(ready.coordinator_elsewhere, "2")
    assert ready.coordinator_elsewhere.get(f"/plans/{other}/rows/{item_id}/edit").status_code == 404
    assert ready.coordinator_elsewhere.post(f"/plans/{plan_id}/rows/{item_id}/drop").status_code == 404
    assert ready.coordinator.get(f"/plans/{plan_id}/proposal?province=2").status_code == 404
    assert ready.coordinator.get(f"/plans/{plan_id}/proposal?organisation=3").status_code == 404
    answer = ready.coordinator.post(f"/plans/{plan_id}/rows/new", data=ROW | {"place": "p2", "quarter": 3})
    assert answer.status_code == 422
    answer = ready.coordinator.post("/plans/new", data={"year": YEAR + 1, "province": "programme"})
    assert answer.status_code == 422


@pytest.mark.parametrize(("ahead", "quarter"), [(0, (today().month + 2) // 3), (1, 1)])
def test_a_row_of_the_year_under_way_is_offered_the_quarter_it_is(ready: Stage, ahead: int, quarter: int) -> None:
    """Not the first, which may be over."""
    plan_id = begun(ready.coordinator, year=today().year + ahead)
    page = ready.coordinator.get(f"/plans/{plan_id}/rows/new").text.partition('name="quarter"')[2]
    assert f'<option selected value="{quarter}">' in page.partition("</select>")[0]


def test_one_plan_a_year_and_place(ready: Stage) -> None:
    begun(ready.coordinator)
    answer = ready.coordinator.post("/plans/new", data={"year": YEAR, "province": "1"})
    assert answer.status_code == 422 and "zaten var" in answer.text
    begun(ready.admin, "programme")
    assert ready.admin.post("/plans/new", data={"year": YEAR, "province": "programme"}).status_code == 422
    assert ready.admin.post("/plans/new", data={"year": 2099, "province": "2"}).status_code == 422


def test_approved_while_somebody_edits(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    item_id = add(ready.coordinator, plan_id)
    typed = {**ROW, "groups": 9, "version": row_now(item_id).version}
    decide(ready.coordinator, plan_id, "submit")
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/edit", data=typed).status_code == 409
    decide(ready.admin, plan_id, "approve")
    answer = ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/edit", data=typed)
    assert answer.status_code == 409 and "side-yours" in answer.text
    assert row_now(item_id).groups == 2
    limits = ready.coordinator.post(f"/plans/{plan_id}/limits", data={"limit_hours": 5, "version": 1})
    assert limits.status_code == 409


def test_what_is_decided_is_what_was_seen(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    add(ready.coordinator, plan_id)
    seen = plan_now(plan_id).version
    add(ready.coordinator, plan_id, course=ONE)
    assert ready.coordinator.post(f"/plans/{plan_id}/submit", data={"version": seen}).status_code == 409
    decide(ready.coordinator, plan_id, "submit")
    assert "Onay bekliyor" in decide(ready.coordinator, plan_id, "submit", 422), "submitted twice"


def test_limits(ready: Stage) -> None:
    plan_id = begun(ready.coordinator, limit_hours=27, limit_cost=0)
    add(ready.coordinator, plan_id)
    text = ready.coordinator.page(f"/plans/{plan_id}/draft").text
    assert "Sınırın %88,8 kadarı kullanıldı." in text
    assert "Planlanan: 10.000. Sınır: 0. Sınır aşıldı." in text
    check = {**ROW, "course": ONE, "groups": 1, "cost": ""}
    answer = ready.coordinator.post(f"/plans/{plan_id}/rows/check", data=check, headers=HX)
    assert "Planlanan: 36. Sınır: 27." in answer.text, "shown while it is typed"
    assert db.session.scalar(sa.select(sa.func.count(PlanItem.id))) == 1


def test_rows_of_other_origins_say_where_they_come_from(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    answer = ready.coordinator.post(f"/plans/{plan_id}/rows/new", data=ROW | {"origin": "field"})
    assert answer.status_code == 422 and "birkaç sözcükle" in answer.text
    add(ready.coordinator, plan_id, origin="field", origin_text="Dil desteği")
    twice = ready.coordinator.post(f"/plans/{plan_id}/rows/new", data=ROW)
    assert twice.status_code == 422 and "bu eğitimin bir satırı var" in twice.text


def test_a_course_that_is_retired(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    add(ready.coordinator, plan_id)
    db.session.get_one(Course, BOTH).active = False
    db.session.commit()
    assert "artık verilmiyor" in ready.coordinator.page(f"/plans/{plan_id}/draft").text
    assert "Eğitim SH-01" in decide(ready.coordinator, plan_id, "submit", 422)
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/new", data=ROW | {"quarter": 4}).status_code == 422


def test_a_row_in_force_is_dropped_and_keeps_its_sessions(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    item_id, other = add(ready.coordinator, plan_id), add(ready.coordinator, plan_id, course=ONE)
    decide(ready.coordinator, plan_id, "submit")
    decide(ready.admin, plan_id, "approve")
    day = {"starts_on": ready_day(), "ends_on": ready_day()}
    factories.course_session(course_id=BOTH, plan_item_id=item_id, province_id=1, status=SessionStatus.FINALISED, **day)
    db.session.commit()
    ready.coordinator.post(f"/plans/{plan_id}/revise")
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/drop").status_code == 303
    assert "Açılan grup 1 / 4" in ready.coordinator.page(f"/plans/{plan_id}").text, "until it is approved"
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/restore").status_code == 303
    assert row_now(item_id).pending == {}
    ready.coordinator.post(f"/plans/{plan_id}/rows/{item_id}/drop")
    decide(ready.coordinator, plan_id, "submit", reason="Gerek kalmadı")
    decide(ready.admin, plan_id, "approve")
    assert (row_now(item_id).groups, row_now(item_id).dropped) == (0, True)
    text = ready.coordinator.page(f"/plans/{plan_id}").text
    assert "Açılan grup 0 / 2" in text and "Planı aşan: 1" in text
    assert row_now(other).approved


def ready_day() -> object:
    from datetime import date

    return date(YEAR, 3, 2)


def test_rows_move_and_a_draft_goes(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    first, second = add(ready.coordinator, plan_id), add(ready.coordinator, plan_id, course=ONE)
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{second}/up").status_code == 303
    assert row_now(second).position < row_now(first).position
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{second}/up").status_code == 303, "it is the first"
    assert ready.coordinator.post(f"/plans/{plan_id}/rows/{first}/drop").status_code == 303
    assert ready.coordinator.post(f"/plans/{plan_id}/delete").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(TrainingPlan.id))) == 0


def test_without_needs(stage: Stage) -> None:
    factories.course("SH-01", "Eğitim SH-01")
    db.session.commit()
    plan_id = begun(stage.coordinator)
    assert "ölçülmüş bir ihtiyaç yok" in stage.coordinator.page(f"/plans/{plan_id}/proposal").text
    add(stage.coordinator, plan_id, course=1, origin="manager", origin_text="Müdürlerin talebi")
    assert "Planda henüz satır yok" in decide(
        stage.coordinator_elsewhere, begun(stage.coordinator_elsewhere, "2"), "submit", 422
    )


def test_versions_are_kept(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    add(ready.coordinator, plan_id)
    decide(ready.coordinator, plan_id, "submit")
    decide(ready.admin, plan_id, "approve")
    for change in (sa.update(PlanVersion).values(reason="Başka"), sa.delete(PlanVersion)):
        with pytest.raises(sa.exc.DatabaseError, match="only added to"):
            db.session.execute(change)
        db.session.rollback()
    assert ready.coordinator.post(f"/plans/{plan_id}/delete").status_code == 409


def test_from_a_competency_to_a_plan(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    assert f"/plans/add?course={BOTH}&place=p1" in ready.coordinator.page("/needs/1").links
    page = ready.coordinator.page("/needs/1/ratings")
    assert f"/plans/add?course={BOTH}&place=p1" in page.links
    answer = ready.coordinator.get(f"/plans/add?course={BOTH}&place=p1")
    assert answer.location == f"/plans/{plan_id}/rows/new?course={BOTH}&place=p1"
    text = ready.coordinator.page(answer.location).text
    assert "44,3" in text and "Uygun kişi 6" in text and "Grup 1" in text
    assert "/plans/add" not in ready.focal_point.page("/needs/1/ratings").html


def test_a_round_that_was_withdrawn(ready: Stage) -> None:
    plan_id = begun(ready.coordinator)
    item_id = add(ready.coordinator, plan_id)
    assert "yayımda değil" not in ready.coordinator.page(f"/plans/{plan_id}/draft").text
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.CLOSED
    db.session.commit()
    assert "yayımda değil" in ready.coordinator.page(f"/plans/{plan_id}/draft").text
    assert row_now(item_id).score == Decimal("44.3056"), "what was frozen stays"
    assert "ölçülmüş bir ihtiyaç yok" in ready.coordinator.page(f"/plans/{plan_id}/proposal").text
