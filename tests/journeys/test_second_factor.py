"""The second factor as an administrator lives with it: set up at the first sign-in, asked for, on the phone and lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import FIRST_ADMINISTRATOR, Visitor
from tests.journeys.test_from_nothing import PASSWORD, enter
from tests.journeys.test_loop import press
from tests.post.mail_server import Mailbox, serving
from tests.serving import Server

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with serving(Mailbox()) as box:
        yield box


@pytest.fixture(scope="module")
def server(welcome: tuple[Path, str], mailbox: Mailbox) -> Iterator[Server]:
    running = Server(welcome[0], MAIL_URL=mailbox.url, MAIL_RATE="0", SECOND_FACTOR="required")
    yield running
    assert running.stop() == 0


def asked(someone: Visitor) -> Page:
    """Where the password alone leads."""
    page = someone.open("/sign-in")
    page.get_by_label("E-posta").fill(FIRST_ADMINISTRATOR)
    page.get_by_label("Parola").fill(PASSWORD)
    press(someone, "Giriş yap")
    return page


def twice(page: Page, code: str) -> None:
    """The code, and an impatient finger."""
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Giriş yap").dblclick()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def told(mailbox: Mailbox, subject: str) -> None:
    for _ in range(100):
        if any(subject in str(mail["Subject"]) for mail in mailbox.mails):
            return
        time.sleep(0.1)
    raise AssertionError(f"no mail says {subject!r}")


def test_codes_recovery_codes_and_known_devices(visitor: Visit, welcome: tuple[Path, str], mailbox: Mailbox) -> None:
    letters, codes = enter(visitor(), welcome[1], FIRST_ADMINISTRATOR)
    told(mailbox, "İki adımlı doğrulama kuruldu")
    code = pyotp.TOTP(letters).at(time.time() + 30)  # the next one: that of now was used to set it up

    for plain in (visitor(size="phone", javascript=False), visitor(size="phone", dark=True)):
        page = asked(plain)
        assert "/sign-in/code" in page.url
        if plain.javascript:
            page.locator("input[name=code]").fill(code)
            press(plain, "Giriş yap")
            expect(page.get_by_text("daha önce kullanılmış").last).to_be_visible()
            page.get_by_label("Bu cihazda 30 gün boyunca kod sorma").check()
            code = codes[0]
        twice(page, code)
        plain.open("/devices")
        assert plain.page.url.endswith("/devices"), "signed in, whichever of the two requests was answered"

    plain.context.clear_cookies(name="yetkin")
    assert "/sign-in" not in asked(plain).url, "no code is asked for on a known device"
    plain.open("/account/second-factor")
    press(plain, re.compile("Yeniden kod sor"))
    told(mailbox, "Kurtarma kodu kullanıldı")
    told(mailbox, "Bir cihazda daha 30 gün boyunca kod sorulmayacak")
