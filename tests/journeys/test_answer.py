"""Somebody answers an invitation from the mail on a phone, without signing in, and takes the “no” back; a colleague in
personnel sees it.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.conftest import SMALL, Visitor
from tests.journeys.test_slips import shot

Visit = Callable[..., Visitor]
NARROW = {"width": 320, "height": 700}


def seat(visitor: Visit) -> str:
    """Somebody of Haliliye who has just got a seat in a confirmed session."""
    personnel = visitor("ik.haliliye")
    page = personnel.open("/sessions?status=confirmed&sort=starts")
    for path in reversed([link.get_attribute("href") or "" for link in page.locator("tbody th a").all()]):
        page = personnel.open(f"{path}/enrolments/add?q=er")
        rows = page.locator("#found tbody tr").filter(has_not_text=re.compile("aynı saatte|tamamla"))
        if rows.count():
            name = rows.first.locator("label").inner_text().split("\n")[0].strip()
            rows.first.locator("input[name=employee_ids]").check()
            with page.expect_event("load"):
                page.get_by_role("button", name="Seçilenleri aday göster").click()
            if page.get_by_text("1 kişi kaydedildi").count():
                return name
    raise AssertionError("the demo has no confirmed session with a seat for somebody of Haliliye")


def mailed(folder: Path, name: str) -> str:
    """Where the invitation to this person leads, once the worker has sent it."""
    for _ in range(120):
        for file in sorted((folder / "outbox").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            text = body.get_content() if body is not None else ""
            if f"Sayın {name}," in text and (found := re.search(r"http\S+/k/\S+", text)):
                return urlsplit(found[0]).path
        time.sleep(0.5)
    raise AssertionError(f"no invitation to {name} left")


def test_an_invitation_is_answered_from_its_mail_on_a_phone(visitor: Visit, demo_instance: Path) -> None:
    name = seat(visitor)
    link = mailed(demo_instance, name)
    phone = visitor(size="phone")
    phone.page.set_viewport_size(NARROW)
    page = phone.open(link)
    assert not page.evaluate(SMALL)
    shot(phone, "answer-320")
    page.get_by_role("link", name="Katılamayacağım").click()
    phone.look()
    page.get_by_label("İzinli").check()
    page.get_by_role("button", name="Yeri bırak").click()
    expect(page.get_by_role("button", name="Vazgeçtim, katılacağım")).to_be_visible()
    phone.look()
    shot(phone, "answer-given-up")

    personnel = visitor("ik.haliliye")
    sees = personnel.open("/nominations/answers?answer=no")
    expect(sees.locator("tr", has_text=name)).to_contain_text("İzinli")

    plain = visitor(size="phone", javascript=False)  # the same link, on another device
    page = plain.open(link)
    page.get_by_role("button", name="Vazgeçtim, katılacağım").click()
    expect(page.get_by_text("Yanıtınız: Katılacağım.")).to_be_visible()
    page.goto(plain.server.url + "/me")
    assert "/sign-in" in page.url, "nobody was signed in"
    assert sees.goto(f"{plain.server.url}/nominations/answers?answer=yes") is not None
    expect(sees.locator("tr", has_text=name).first).to_be_visible()
    personnel.look()
