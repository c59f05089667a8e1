"""The yearly plan: who sees which rows, and what was opened from them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from app.audit.models import AccessEntry
from app.core.db import db
from app.plans.models import Origin, PlanStatus, TrainingPlan
from app.training.models import SessionStatus
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.needs.stage import scenery


def session(ordinal: int, plan_item_id: int, province_id: int, status: SessionStatus, **days: date | None) -> None:
    """Opened from this row, on two days in May or on these."""
    days = {"starts_on": date(2026, 5, 4), "ends_on": date(2026, 5, 5)} | days
    where = {"plan_item_id": plan_item_id, "province_id": province_id}
    factories.course_session(ordinal=ordinal, status=status, **where, **days)


@pytest.fixture
def plan(stage: Stage) -> Stage:
    scenery()
    factories.plan(2026, status=PlanStatus.APPROVED, approved_at=datetime(2026, 1, 15, 9, tzinfo=UTC))
    factories.plan(2027, status=PlanStatus.SUBMITTED)
    factories.plan(2028)
    factories.plan_item(1, province_id=1)
    law = {"origin": Origin.LAW, "origin_text": "6698", "score": None, "eligible": None, "gap_points": None}
    factories.plan_item(2, province_id=2, quarter=3, **law)
    factories.plan_item(2, groups=1, reason="")
    session(1, 1, 1, SessionStatus.CONFIRMED)
    session(2, 1, 1, SessionStatus.CANCELLED)
    session(3, 2, 2, SessionStatus.DRAFT)
    db.session.commit()
    return stage


def rows(answer: bytes) -> list[tuple[object, ...]]:
    return [tuple(row) for row in openpyxl.load_workbook(io.BytesIO(answer)).active.iter_rows(values_only=True)]


def test_who_may_look(plan: Stage) -> None:
    assert plan.nobody.get("/plans").status_code == 302
    for name in ("staff", "trainer", "viewer", "nobody_special"):
        assert getattr(plan, name).get("/plans").status_code == 403, name
        assert getattr(plan, name).get("/plans/1").status_code == 403, name


def test_the_plan_in_force_with_what_was_opened(plan: Stage) -> None:
    page = plan.coordinator.page("/plans")
    assert "Eğitim planı 2026" in page.text
    assert "43,2" in page.text
    assert "Yüksek" in page.text
    assert "2,50" in page.text, "60 / (2 groups × 12 hours)"
    assert "Göç alan mahalleler" in page.text
    assert "Planlanan 2, açılan 1" in page.text
    assert "/sessions/1" in page.links
    assert "/sessions/2" in page.links
    assert "/sessions/new?plan_item=1" in page.links
    assert "/sessions/new?plan_item=3" not in page.links, "a row of the whole programme is opened by the administrator"
    assert "/sessions/new?plan_item=3" in plan.admin.page("/plans").links


def test_each_sees_her_provinces_and_the_programme(plan: Stage) -> None:
    def groups(name: str) -> int:
        return sum(int(str(row[4])) for row in rows(getattr(plan, name).get("/plans?format=xlsx").data)[1:])

    assert groups("admin") == 5
    assert groups("coordinator") == 3
    assert groups("coordinator_elsewhere") == 3
    assert groups("focal_point") == 3
    assert "6698" not in plan.coordinator.page("/plans").text
    assert "/sessions/new" not in plan.focal_point.page("/plans").html


def test_a_draft_of_elsewhere_is_not_told(plan: Stage) -> None:
    assert "/sessions/3" in plan.coordinator_elsewhere.page("/plans").links
    assert "/sessions/3" not in plan.focal_point_elsewhere.page("/plans").links


def test_filters_and_order(plan: Stage) -> None:
    assert len(rows(plan.admin.get("/plans?quarter=3&format=xlsx").data)) == 2
    assert len(rows(plan.admin.get("/plans?origin=law&format=xlsx").data)) == 2
    assert len(rows(plan.admin.get("/plans?province=1&format=xlsx").data)) == 2
    assert "uyan plan satırı yok" in plan.admin.page("/plans?quarter=1").text
    assert plan.admin.get("/plans?origin=no").status_code == 404
    for sort in ("place", "quarter", "course", "score", "eligible", "points", "groups"):
        assert plan.admin.get(f"/plans?sort={sort}&direction=desc").status_code == 200, sort


def test_other_years_and_drafts(plan: Stage) -> None:
    """What no version of is in force yet is for those who draft and decide it."""
    assert "Onay bekliyor" in plan.admin.page("/plans/2").text
    assert "Taslak" in plan.admin.page("/plans/3").text
    for path in ("/plans/2", "/plans/3", "/plans/9"):
        assert plan.coordinator.get(path).status_code == 404
    assert plan.admin.get("/plans/9").status_code == 404


def test_an_export_leaves_a_trace(plan: Stage) -> None:
    found = rows(plan.coordinator.get("/plans?format=xlsx").data)
    assert {row[2] for row in found[1:]} == {"SH-01", "SH-02"}
    entry = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported")).one()
    assert entry.facts == {"what": "plan", "format": "xlsx", "rows": 2}


def test_as_a_fragment_and_before_any_plan(plan: Stage) -> None:
    answer = plan.coordinator.get("/plans", headers=HX)
    assert "<html" not in answer.text
    assert 'id="list"' in answer.text
    db.session.execute(sa.update(TrainingPlan).values(status=PlanStatus.DRAFT, edition=1))
    db.session.commit()
    assert "onaylanmış bir plan yok" in plan.coordinator.page("/plans").text


def test_the_number_of_statements(plan: Stage) -> None:
    """Sign-in, shell, plans, totals, sessions, rows, what asked for them, choices; as many for forty rows as for two."""
    for ordinal in range(10, 20):
        session(ordinal, 1, 1, SessionStatus.CONFIRMED)
    db.session.commit()
    for name in ("admin", "coordinator", "focal_point"):
        browser = getattr(plan, name)
        for path in ("/plans", "/plans/1", "/plans?theme=1&province=1"):
            browser.get(path)
            with statements() as found:
                assert browser.get(path).status_code == 200
            assert len(found) <= 8, (name, path, found)
    for _ in range(60):
        factories.plan_item(1, province_id=1)
    db.session.commit()
    with statements() as found:
        page = plan.coordinator.page("/plans?page=2")
    assert len(found) <= 8
    assert "51" in page.text


def test_many_groups_of_one_row_are_counted(plan: Stage) -> None:
    for ordinal in range(10, 20):
        session(ordinal, 1, 1, SessionStatus.CONFIRMED)
    db.session.commit()
    with statements() as found:
        page = plan.coordinator.page("/plans")
    assert "açılan 2" in page.text
    assert "Planı aşan: 9" in page.text
    assert "4 tane daha" in page.text
    assert "/sessions/9" in page.links and "/sessions/10" not in page.links
    (asked,) = [statement for statement in found if "delivered" in statement]
    assert "LIMIT" in asked, "only those that are named are fetched"
    (row,) = [row for row in rows(plan.coordinator.get("/plans?format=xlsx").data) if row[0] == "Gaziantep"]
    assert str(row[8]).count("SH-01/") == 12, "a file names all"


def test_what_is_opened_is_part_of_what_is_planned(plan: Stage) -> None:
    """Four of the first row's two groups, none of the others'; a draft and one of another year fill no group."""
    session(4, 1, 1, SessionStatus.OPEN)
    session(5, 1, 1, SessionStatus.FINALISED)
    session(6, 2, 2, SessionStatus.CONFIRMED, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 4))
    session(7, 3, 1, SessionStatus.POSTPONED, starts_on=None, ends_on=None)
    db.session.commit()
    page = plan.admin.page("/plans")
    assert "Planlanan grup 5 3 satır" in page.text
    assert "Açılan grup 3 / 5 %60 · Planı aşan: 1" in page.text
    assert "Tamamlanan grup 1 / 5 %20" in page.text
    assert "(2027)" in page.text
    assert "/sessions/new?plan_item=2" in page.links, "a draft leaves its group to be opened"
    found = {(row[0], row[2]): row[4:8] for row in rows(plan.admin.get("/plans?format=xlsx").data)[1:]}
    assert found["Gaziantep", "SH-01"] == (2, 2, 1, 1)
    assert found["Erzurum", "SH-02"] == (2, 0, 0, 0)
    assert "Gerçekleşme oranı %20 Tamamlanan grup: 1 / 5" in plan.admin.page("/reports").text
    assert "Gerçekleşme oranı %20" in plan.viewer.page("/").text


def test_every_row_counts_what_was_opened_whoever_looks(plan: Stage) -> None:
    session(4, 3, 2, SessionStatus.CONFIRMED)
    db.session.commit()
    for name in ("admin", "coordinator", "coordinator_elsewhere", "focal_point"):
        browser = getattr(plan, name)
        links = browser.page("/plans").links
        (programme,) = [row for row in rows(browser.get("/plans?format=xlsx").data) if row[0] == "Tüm program"]
        assert programme[4:8] == (1, 1, 0, 0), name
        assert ("/sessions/4" in links) == (name in ("admin", "coordinator_elsewhere")), name
        assert (programme[8] or "") == ("SH-01/4 (Kesinleşti)" if "/sessions/4" in links else ""), name


def test_a_row_of_one_province_does_not_deliver_for_another(plan: Stage) -> None:
    """Nor a group beyond one row for the groups missing in another, nor one of no plan or of a plan not approved."""
    for ordinal in range(10, 14):
        session(ordinal, 1, 1, SessionStatus.FINALISED)
    unapproved = factories.plan_item(1, province_id=2, plan_id=2)
    session(20, unapproved.id, 2, SessionStatus.FINALISED)
    session(21, 2, 1, SessionStatus.FINALISED)
    db.session.commit()
    for province, wanted in (("1", "%100 Tamamlanan grup: 2 / 2 · Planı aşan: 2"), ("2", "%50 Tamamlanan grup: 1 / 2")):
        page = plan.admin.page(f"/reports?province={province}")
        assert f"Gerçekleşme oranı {wanted}" in page.text


def test_a_row_planned_without_figures_is_no_zero(plan: Stage) -> None:
    text = plan.admin.page("/plans?origin=law").text
    assert "Uygun kişi –" in text
    assert "Yetkinlik açığı puanı –" in text
    together = plan.admin.page("/plans").text
    assert "Uygun kişi 68" in together
    assert together.count("1 satırda bilinmiyor") == 2


def test_rows_behind_their_quarter_are_a_task(plan: Stage) -> None:
    """One of the first row's two groups was opened; of the others none, and that in autumn is not due."""
    factories.plan_item(2, province_id=1, quarter=1, approved=False)
    db.session.commit()
    with time_machine.travel(datetime(2026, 7, 2, 9, tzinfo=UTC)):
        seen = {name: getattr(plan, name).as_user(plan.cast.users[name]) for name in ("admin", "coordinator")}
        assert "Planın 2 satırı çeyreğinin gerisinde" in seen["admin"].page("/").text
        assert "Planın 1 satırı çeyreğinin gerisinde" in seen["coordinator"].page("/").text
        page = seen["coordinator"].page("/plans/behind")
        assert page.links.count("/sessions/new?plan_item=1") == 1 and "1 / 2" in page.text
        elsewhere = plan.coordinator_elsewhere.as_user(plan.cast.users["coordinator_elsewhere"])
        assert "çeyreğinin gerisinde" not in elsewhere.page("/").text
    with time_machine.travel(datetime(2026, 6, 30, 9, tzinfo=UTC)):
        admin = plan.admin.as_user(plan.cast.users["admin"])
        assert "satır yok" in admin.page("/plans/behind").text
    assert plan.focal_point.get("/plans/behind").status_code == 403
