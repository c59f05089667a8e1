"""The thread as somebody walks it: from what a field study found to people trained, and back to what asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from app.core.clock import today
from tests.journeys.conftest import Visitor
from tests.journeys.test_loop import (
    call_roll,
    enter_scores,
    fill_session,
    finish,
    press,
    sittings_of,
    working_days_before,
)

FOUND = "yanlış birime"


def to_plan_row(coordinator: Visitor) -> tuple[str, str]:
    """Two clicks from a finding to a row of the plan; the addresses of both."""
    page = coordinator.page
    coordinator.open("/programme/field-studies")
    coordinator.open("/programme/findings")
    press(coordinator, re.compile(FOUND))
    finding = re.sub(r"^https?://[^/]+", "", page.url)
    press(coordinator, "Plana ekle")
    expect(page.locator("[name=origin]")).to_have_value("field")
    expect(page.locator("[name=origin_text]")).to_have_value(re.compile(FOUND))
    expect(page.locator("[name=course]")).not_to_have_value("")
    press(coordinator, "Kaydet", exact=True)
    plan = re.search(r"/plans/\d+", page.url)
    assert plan is not None, page.url
    expect(page.locator("main").get_by_role("link", name=re.compile(FOUND))).to_have_attribute("href", finding)
    return finding, plan[0]


def approve(coordinator: Visitor, admin: Visitor, plan: str) -> None:
    coordinator.open(f"{plan}/submit")
    press(coordinator, "Onaya sun")
    admin.open(f"{plan}/approve")
    press(admin, re.compile("onayla", re.IGNORECASE))


def give(coordinator: Visitor, plan: str, scan: Path) -> str:
    """A session of that row, on a day that is over: filled, called, finalised; its id."""
    session = begin_session(coordinator, plan)
    fill_session(coordinator, session, people=11)
    for sitting in sittings_of(coordinator, session):
        call_roll(coordinator, sitting, absent=0)
    enter_scores(coordinator, session)
    finish(coordinator, session, scan)
    return session


def begin_session(coordinator: Visitor, plan: str) -> str:
    """From the row one click to a new session, given on a recent day on which a trainer is free."""
    page = coordinator.open(plan)
    row = page.locator("tr", has=page.get_by_role("link", name=re.compile(FOUND)))
    address = row.get_by_role("link", name="Yeni grup").get_attribute("href") or ""
    for place, day in enumerate(working_days_before(today(), 5), 1):
        coordinator.open(address)
        page.get_by_label("İlk gün").fill(day.isoformat())
        page.get_by_label("Gün sayısı").fill("1")
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)  # whoever is free then is drawn anew
        page.wait_for_load_state("networkidle")
        page.locator("summary", has_text="Diğer eğitmenler").click()
        trainers = page.locator("[name=trainer_ids]:visible")
        trainers.nth(trainers.count() - place).check()
        page.get_by_label("Uyarıya rağmen kaydetme gerekçesi").fill("Kısaltılmış uygulama")
        press(coordinator, "Taslak olarak kaydet")
        if made := re.search(r"/sessions/(\d+)$", page.url):
            return made[1]
    raise AssertionError(page.locator("[data-error-summary]").inner_text())


def test_from_a_finding_to_a_finalised_session_and_back(visitor: Callable[..., Visitor], signed_scan: Path) -> None:
    coordinator, admin = visitor("koordinator.erzurum"), visitor("admin", "phone", dark=True)
    finding, plan = to_plan_row(coordinator)
    approve(coordinator, admin, plan)
    session = give(coordinator, plan, signed_scan)
    page = coordinator.open(finding)
    thread = page.locator(".thread", has=page.locator(f"a[href='/sessions/{session}']"))
    expect(thread).to_contain_text("Sonuçlandırıldı")
    thread.locator(f"a[href='/sessions/{session}']").click()
    coordinator.look()
    expect(page.locator("h1")).to_be_visible()
    page.locator(".thread").get_by_role("link", name=re.compile(FOUND)).click()
    expect(page).to_have_url(re.compile(finding + "$"))
    coordinator.open("/programme/thread?reach=delivered")
    expect(page.locator(f"a[href='/sessions/{session}']")).to_be_visible()
    phone = admin.open(finding)
    expect(phone.locator(".thread").first).to_be_visible()
    for path in (
        "/programme",
        "/programme/field-studies",
        "/programme/thread",
        "/programme/field-studies/3/interviews",
    ):
        admin.open(path)
