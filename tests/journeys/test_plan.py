"""A plan as those who make it see it: proposed from needs, returned, approved by somebody else, worked off."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from app.core.clock import today
from tests.journeys.conftest import Visitor
from tests.journeys.test_loop import press

YEAR = today().year


def draft(coordinator: Visitor) -> str:
    """Diyarbakır's, with a limit: the address of the plan."""
    page = coordinator.open("/plans/new")
    page.locator("[name=year]").fill(str(YEAR))
    page.locator("[name=limit_hours]").fill("40")
    press(coordinator, "Taslağı başlat")
    found = re.search(r"/plans/\d+", page.url)
    assert found is not None
    return found[0]


def pick(coordinator: Visitor, plan: str, at: int) -> None:
    """A course of the proposal, with the reason why."""
    page = coordinator.open(f"{plan}/proposal")
    page.get_by_role("link", name="Plana ekle").nth(at).click()
    page.locator("[name=reason]").wait_for()
    coordinator.look()
    page.locator("[name=reason]").fill("Puanı ve uygun kişi sayısı en yüksek")
    press(coordinator, "Kaydet", exact=True)


def test_a_plan_from_its_proposal_to_a_session(visitor: Callable[..., Visitor]) -> None:
    coordinator, admin = visitor("koordinator.diyarbakir"), visitor("admin", "phone", dark=True)
    page = coordinator.page
    coordinator.open("/needs?view=matrix")
    plan = draft(coordinator)
    pick(coordinator, plan, 0)
    pick(coordinator, plan, 1)
    coordinator.open(f"{plan}/draft")
    expect(page.locator("main table tbody tr")).to_have_count(2)
    coordinator.open(f"{plan}/submit")
    press(coordinator, "Onaya sun")
    coordinator.open(f"{plan}/approve", status=403)
    admin.open("/plans/work")
    admin.open(f"{plan}/return")
    admin.page.locator("main textarea").fill("İkinci satırın gerekçesini ayrıntılandırınız.")
    press(admin, re.compile("geri|iade", re.IGNORECASE))
    coordinator.open(f"{plan}/versions")
    expect(page.get_by_text("ayrıntılandırınız").first).to_be_visible()
    coordinator.open(f"{plan}/submit")
    press(coordinator, "Onaya sun")
    admin.open(f"{plan}/approve")
    press(admin, re.compile("onayla", re.IGNORECASE))
    coordinator.open(plan)
    expect(page.get_by_text(re.compile(r"^0 / \d+$")).first).to_be_visible()
    work_off(coordinator)


def work_off(coordinator: Visitor) -> None:
    """A new session of the first row has the row filled in."""
    page = coordinator.page
    page.get_by_role("link", name="Yeni grup").first.click()
    page.locator("[name=start]").wait_for()
    coordinator.look()
    expect(page.locator("[name=plan_item_id]")).not_to_have_value("")
