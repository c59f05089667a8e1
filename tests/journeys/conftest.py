"""A real chromium against a real server on the demo programme: the loop as people walk it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.chromium import executable
from tests.serving import ROOT, Server, flask

AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Targets lower than a finger: how far above and below its middle a touch still meets it. Not links in running text.
SMALL = """() => {
  const found = [];
  const control = "a, button, summary, label, input, select, textarea";
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.matches(".visually-hidden, .skip")) continue;
    const style = getComputedStyle(one);
    const beside = [...one.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 1);
    if (!one.getBoundingClientRect().width || (style.display === "inline" && beside)) continue;
    const label = /^(checkbox|radio)$/.test(one.type) && one.labels[0];
    const own = (hit) => hit && (one.contains(hit) || hit.closest(control) === one || (label && label.contains(hit)));
    one.scrollIntoView({ block: "center", behavior: "instant" });
    const box = (label || one).getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 60), box.top + box.height / 2];
    let high = 0;
    for (const way of [-1, 1]) for (let n = 1; n <= 22 && own(document.elementFromPoint(x, y + way * n)); n++) high++;
    if (high < 43) found.push([one.outerHTML.slice(0, 120), high]);
  }
  scrollTo({ top: 0, behavior: "instant" });
  return found;
}"""
# What has the focus, if a bar that sticks to the screen covers a part of it.
COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;  // past the last one nothing has it
  const bars = [...document.querySelectorAll(".tabbar, .action-bar")].filter((bar) => {
    const at = bar.getBoundingClientRect();
    return !bar.contains(one) && at.height && /fixed|sticky/.test(getComputedStyle(bar).position)
      && box.bottom > at.top + 1 && box.top < at.bottom - 1;
  });
  return bars.length ? one.outerHTML.slice(0, 120) : null;
}"""
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PASSWORD = "yetkin-demo"
FIRST_ADMINISTRATOR = "ayse.kaya@proje.example"
"""Of an installation nobody has used yet."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one server: they stay on one worker. Without a chromium they are left out, loudly."""
    here = [item for item in items if "tests/journeys" in item.path.as_posix()]
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
    if here and executable() is None and os.environ.get("CI") != "true":
        for item in here:
            item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo programme as of today, loaded by the commands a person would use."""
    folder = tmp_path_factory.mktemp("journey")
    flask(folder, "db", "upgrade")
    flask(folder, "demo", "load")
    return folder


@pytest.fixture(scope="module")
def welcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An installation as a programme office makes it: its folder, and the path of the first administrator's link."""
    if executable() is None:
        pytest.skip("no chromium on this machine")
    folder = tmp_path_factory.mktemp("empty")
    person = ("--email", FIRST_ADMINISTRATOR, "--given", "Ayşe", "--family", "Kaya")
    found = re.search(r"/welcome/\S+", flask(folder, "setup", *person))
    assert found is not None
    return folder, found[0]


@pytest.fixture(scope="session")
def server(demo_instance: Path) -> Iterator[Server]:
    running = Server(demo_instance)
    yield running
    assert running.stop() == 0, "SIGTERM drains and ends with 0"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser. Every page they open is checked: no CSP message, no axe violation, no sideways scroll."""

    def __init__(self, context: BrowserContext, server: Server, *, javascript: bool = True) -> None:
        self.context, self.server, self.javascript = context, server, javascript
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.asked: list[str] | None = None
        """What the browser asked before it left a page, where somebody expects it to, and stays; nobody else is asked."""
        self.page.on("console", self._heard)
        self.page.on("dialog", self._leaving)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _leaving(self, dialog: Dialog) -> None:
        """Without a listener Playwright answers yes for them, and no journey sees the question."""
        if self.asked is None:
            self.complaints.append(f"{self.page.url}: asks before it is left")
            dialog.accept()
        else:
            self.asked.append(dialog.type)
            dialog.dismiss()

    def open(self, path: str, *, status: int = 200) -> Page:
        answer = self.page.goto(self.server.url + path)
        assert answer is not None and answer.status == status, (path, answer and answer.status)
        self.look()
        return self.page

    def look(self) -> None:
        """What every page must keep to, wherever a click has led."""
        assert not self.complaints, self.complaints
        if not self.javascript:
            return
        found, wide = self._seen()
        violations = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]]
        assert not violations, (self.page.url, violations)
        assert wide <= 0, (self.page.url, f"scrolls sideways by {wide}px")

    def _seen(self) -> tuple[dict[str, Any], int]:
        """What axe found and px the page scrolls sideways; a page that is just being left is awaited and its goal seen.

        A document that goes away under axe ends in whatever axe was at: a context destroyed, `document` without an
        element. So every error is tried again, and one that is not of leaving comes five times.
        """
        for _ in range(4):
            with contextlib.suppress(PlaywrightError):
                return self._seen_once()
            self.page.wait_for_load_state()
        return self._seen_once()

    def _seen_once(self) -> tuple[dict[str, Any], int]:
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        root = "document.documentElement"
        return found, int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    def sign_in(self, account: str) -> Page:
        self.open("/sign-in")
        self.page.get_by_label("E-posta").fill(f"{account}@yetkin.example")
        self.page.get_by_label("Parola").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.look()
        return self.page


@pytest.fixture
def visitor(chromium: Browser, server: Server) -> Iterator[object]:
    """`visitor("koordinator.gaziantep", "phone")`: signed in where an account is named."""
    contexts: list[BrowserContext] = []

    def make(
        account: str | None = None, size: str = "desktop", *, javascript: bool = True, dark: bool = False
    ) -> Visitor:
        context = chromium.new_context(
            viewport=SIZES[size],
            locale="tr-TR",
            timezone_id="Europe/Istanbul",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        found = Visitor(context, server, javascript=javascript)
        if account:
            found.sign_in(account)
        return found

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session", autouse=True)
def poppler() -> None:
    """Printed papers are looked at through pdftoppm."""
    if os.environ.get("CI") == "true":
        assert shutil.which("pdftoppm"), "poppler-utils is missing"


@pytest.fixture(scope="session")
def signed_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture as a scanner makes one."""
    from PIL import Image

    path = tmp_path_factory.mktemp("scan") / "imza çizelgesi.png"
    Image.new("RGB", (400, 280), "white").save(path)
    return path
