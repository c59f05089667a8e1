"""A real chromium against a real server on the demo programme: the loop as people walk it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.chromium import executable

ROOT = Path(__file__).resolve().parents[2]
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
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PASSWORD = "yetkin-demo"
PATIENCE = 60.0


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
    for command in (["db", "upgrade"], ["demo", "load"]):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT,
            env=environment(folder),
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    return folder


def environment(folder: Path, port: int = 0) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YETKIN_", "DATABASE_URL", "MAIL_URL", "QUEUE_URL"))}
    return {
        **kept,
        "YETKIN_ENV": "development",
        "YETKIN_INSTANCE": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "a key for journeys only",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Yetkin as `make run` serves it: web and worker, on loopback."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=environment(folder, self.port),
            stdout=subprocess.DEVNULL,
            stderr=(folder / "server.log").open("ab"),
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                return
            except OSError:
                assert time.monotonic() < until and self.process.poll() is None, "the server did not start"
                time.sleep(0.1)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


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
    """Somebody at a browser. Every page she opens is checked: no CSP message, no axe violation, no sideways scroll."""

    def __init__(self, context: BrowserContext, server: Server, *, javascript: bool = True) -> None:
        self.context, self.server, self.javascript = context, server, javascript
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

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
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        violations = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]]
        assert not violations, (self.page.url, violations)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (self.page.url, f"scrolls sideways by {wide}px")

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

    def make(account: str | None = None, size: str = "desktop", *, javascript: bool = True, dark: bool = False) -> Visitor:
        context = chromium.new_context(
            viewport=SIZES[size],
            locale="tr-TR",
            timezone_id="Europe/Istanbul",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
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
