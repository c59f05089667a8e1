"""A needs analysis as those who take part in it see it: designed, opened, answered on phones and paper, rated, closed."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor


def make_round(coordinator: Visitor) -> str:
    """Haliliye is asked, on paper too: the address of the round, once it is open."""
    page = coordinator.open("/needs/rounds/new")
    page.get_by_label("Türkçe adı").fill("Haliliye güz analizi")
    page.get_by_label("İngilizce adı").fill("Haliliye autumn analysis")
    page.locator("#organisations summary").click()
    page.locator("#organisations [data-narrow]").fill("HALILI")
    page.get_by_label("Haliliye Belediyesi").check()
    expect(page.locator("#organisations .chip")).to_have_text("Haliliye Belediyesi")
    page.get_by_label("Kâğıttaki yanıtları").check()
    page.get_by_role("button", name="Kaydet").click()
    page.wait_for_url(re.compile(r"/needs/rounds/\d+$"))
    coordinator.look()
    address = page.url.removeprefix(coordinator.server.url)
    coordinator.open(f"{address}/open")
    page.get_by_role("button", name="Analizi aç").click()
    page.wait_for_url(re.compile("/jobs/"))
    expect(page.get_by_text("kişiye soruluyor")).to_be_visible(timeout=60_000)
    coordinator.look()
    return address


def answer(page: Page, importance: str, level: str) -> None:
    page.locator(f"label:has([name=importance][value='{importance}'])").click()
    page.locator(f"label:has([name=level][value='{level}'])").click()


def test_an_analysis_from_its_design_to_its_results(visitor: Callable[..., Visitor]) -> None:
    coordinator = visitor("koordinator.sanliurfa")
    address = make_round(coordinator)
    staff_with_javascript(visitor("personel", "phone"))
    staff_without_javascript(visitor("ik.haliliye", "phone", javascript=False))
    supervisor(visitor("personel"))
    focal_point = visitor("ik.haliliye", "phone", dark=True)
    focal_point.open(address)
    expect(focal_point.open(f"{address}/waiting?state=started").locator("main tbody tr").first).to_be_visible()
    paper(coordinator, address)
    page = coordinator.open(f"{address}/tell")
    expect(page.get_by_text("kişiye e-postayla bildirilir")).to_be_visible()
    coordinator.open(f"{address}/close")
    page.get_by_role("button", name="Analizi kapat").click()
    expect(page.get_by_text("Sonuçlar hesaplandı")).to_be_visible(timeout=60_000)
    coordinator.open(f"{address}/publish")
    page.get_by_role("button", name="Sonuçları yayımla").click()
    page.wait_for_url(re.compile(r"/needs\?round="))
    coordinator.look()


def staff_with_javascript(staff: Visitor) -> None:
    """Each tap is saved; where the network is cut the card says so, until it is saved after all."""
    page = staff.open("/needs/answer")
    page.get_by_role("link", name="Anketi başlat").click()
    staff.look()
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 700})
        staff.look()
    answer(page, "4", "2")
    expect(page.locator("#saved")).to_contain_text("1 / ")
    unsaved = page.locator("#unsaved")
    expect(unsaved).to_be_hidden()
    staff.context.set_offline(True)
    page.locator("label:has([name=level][value='3'])").click()
    expect(unsaved).to_be_visible()
    staff.context.set_offline(False)
    staff.complaints.clear()  # the browser's own, of the network that was cut
    page.locator("label:has([name=level][value='1'])").click()
    expect(unsaved).to_be_hidden()
    page.reload()
    expect(page.locator("[name=level][value='1']")).to_be_checked()
    page.get_by_role("button", name="Sonraki").click()
    page.wait_for_url(re.compile(r"/2$"))
    page.get_by_label("Görevimle ilgili değil").check()
    expect(page.locator("#saved")).to_contain_text("2 / ")


def staff_without_javascript(staff: Visitor) -> None:
    """To the end: every page by its buttons."""
    page = staff.open("/needs/answer")
    page.get_by_role("link", name="Anketi başlat").click()
    while not page.url.endswith("/last"):
        page.locator("[name=importance][value='5']").check(force=True)
        page.locator("[name=level][value='2']").check(force=True)
        page.get_by_role("button", name="Sonraki").click()
    page.get_by_label("Hangi eğitim").or_(page.locator("[name=wish]")).first.fill("Proje yazımı")
    page.get_by_role("button", name="Bitir").click()
    expect(page.get_by_text("Yanıtlarınız tamamlandı")).to_be_visible()


def paper(coordinator: Visitor, address: str) -> None:
    """A code is taken from the printed page, and typed in with two digits for each competency."""
    page = coordinator.open(f"{address}/paper")
    page.get_by_role("button", name="Göster").click()
    coordinator.look()
    code = page.locator(".paper-sheet h2 .muted").first.inner_text()
    coordinator.open(f"{address}/typing?code={code}")
    fields = page.locator("input[name=said]")
    fields.first.focus()
    for _ in range(fields.count()):
        page.keyboard.type("42")
    page.get_by_role("button", name="Kaydet").click()
    expect(page.get_by_text("Kaydedildi:")).to_be_visible()
    coordinator.look()


def supervisor(staff: Visitor) -> None:
    """The grid is filled by keyboard, and holds what was typed after it was left."""
    page = staff.open("/needs/team")
    cells = page.locator("[data-grid] input")
    cells.first.focus()
    page.keyboard.press("4")
    page.keyboard.press("3")
    page.keyboard.press("u")
    expect(cells.nth(1)).to_have_value("")
    page.keyboard.press("-")
    twin = (cells.nth(1).get_attribute("name") or "").replace("importance", "level")
    expect(page.locator(f"[name='{twin}']")).to_have_value("-")
    page.wait_for_timeout(1_000)
    staff.look()
    page = staff.open("/needs/team")
    cells = page.locator("[data-grid] input")
    expect(cells.first).to_have_value("4")
    expect(cells.nth(1)).to_have_value("-")
    cells.first.focus()
    page.keyboard.press("5")
    page.wait_for_timeout(1_000)
    staff.open("/needs/team")
    expect(cells.nth(1)).to_have_value("-")
