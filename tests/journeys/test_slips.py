"""Two people without an e-mail address answer an invitation on their phones, from the slips they were given."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import zxingcpp
from playwright.sync_api import expect

from tests.journeys.conftest import SMALL, Visitor
from tests.paper.reading import picture_of

Visit = Callable[..., Visitor]
UNANSWERED = "tr:has-text('Yanıt yok') input[name=enrolment_ids]"
SHOTS = os.environ.get("SHOTS", "")


def shot(visitor: Visitor, name: str) -> None:
    if SHOTS:
        visitor.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def slips(visitor: Visit, session: str) -> list[str]:
    """The addresses on two slips, as phones read them."""
    coordinator = visitor("koordinator.sanliurfa")
    page = coordinator.open(f"{session}/enrolments/slips")
    shot(coordinator, "choose")
    for box in page.locator("input[name=enrolment_ids]").all():
        box.uncheck()
    for at in range(2):
        page.locator(UNANSWERED).nth(at).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Bilgi fişlerini yazdır").click()
    found = zxingcpp.read_barcodes(picture_of(download.value.path().read_bytes(), dpi=200))
    assert len(found) == 2
    return [urlsplit(code.text).path for code in found]


def confirmed_session(visitor: Visit) -> str:
    """The next one that is confirmed and has not begun."""
    coordinator = visitor("koordinator.sanliurfa")
    page = coordinator.open("/sessions?status=confirmed&sort=starts")
    paths = [link.get_attribute("href") or "" for link in page.locator("tbody th a").all()]
    for path in paths:
        page = coordinator.open(f"{path}/enrolments/slips")
        if page.locator(UNANSWERED).count() > 1:
            return path
    raise AssertionError("the demo has no confirmed session with two who have not answered")


def test_two_people_answer_from_a_slip(visitor: Visit) -> None:
    first, second = slips(visitor, confirmed_session(visitor))
    phone = visitor(size="phone", dark=True)
    page = phone.open(first)
    shot(phone, "phone-dark")
    assert not page.evaluate(SMALL)
    page.get_by_role("button", name="Katılacağım").first.press("Enter")
    expect(page.get_by_text("Teşekkür ederiz. Sizi bekliyoruz.")).to_be_visible()
    expect(page.get_by_text("Katılacağım", exact=False).first).to_be_visible()
    phone.look()
    shot(phone, "phone-answered")
    assert {cookie["name"] for cookie in phone.context.cookies()} <= {"session", "yetkin"}
    page.goto(phone.server.url + "/me")
    assert "/sign-in" in page.url, "nobody was signed in"

    plain = visitor(size="phone", javascript=False)
    page = plain.open(second)
    page.get_by_role("link", name="Katılamayacağım").first.click()
    shot(plain, "phone-leave")
    page.get_by_label("İzinli").check()
    page.get_by_role("button", name="Yeri bırak").click()
    shot(plain, "phone-left")
    expect(page.get_by_text("bırakıldı", exact=False).first).to_be_visible()

    desk = visitor(size="desktop")
    desk.open(f"{second}?lang=en")
    expect(desk.page.get_by_role("heading", name="My trainings")).to_be_visible()
    shot(desk, "desk-en")
    desk.open("/k/7KQ2-M9XT-4HCB-W3ZD", status=404)
    shot(desk, "closed")
