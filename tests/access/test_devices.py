"""What a device is called, and which are open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.models import SignIn
from app.access.scope import EVERYWHERE
from app.access.sign_in import devices
from app.audit.models import AccessEntry
from app.core.clock import now
from app.core.db import db
from tests.conftest import Browser, Stage

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
)
AGENTS = {
    CHROME: "Chrome · Android telefon",
    CHROME.replace("Mobile ", ""): "Chrome · Android tablet",
    CHROME + " EdgA/141.0.0.0": "Edge · Android telefon",
    CHROME.replace("Chrome/", "SamsungBrowser/28.0 Chrome/"): "Samsung Internet · Android telefon",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
    " Mobile/15E148 Safari/604.1": "Safari · iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0"
    " Mobile/15E148 Safari/604.1": "Chrome · iPhone",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0": "Firefox · Windows bilgisayar",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
    " Safari/537.36 Edg/141.0.0.0": "Edge · Windows bilgisayar",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    " YaBrowser/25.10 Safari/537.36": "Yandex · Windows bilgisayar",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
    " Safari/605.1.15": "Safari · Mac",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
    " Safari/537.36": "Chrome · Linux bilgisayar",
    "curl/8.14.1": "",
    "": "",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_device_is_called_by_what_people_call_it(app: Flask, agent: str) -> None:
    with app.test_request_context():
        assert devices.called(agent) == AGENTS[agent]
        assert devices.called(devices.marks(agent)) == AGENTS[agent], "what is kept says the same"
    assert len(devices.marks(agent)) <= 40


def another(stage: Stage, name: str, agent: str) -> Browser:
    browser = stage.app.test_client()
    assert isinstance(browser, Browser)
    browser.as_user(stage.cast.users[name])
    latest = db.session.scalars(EVERYWHERE.select(SignIn).order_by(SignIn.id.desc())).first()
    assert latest is not None
    latest.device = agent
    db.session.commit()
    return browser


def test_the_list_says_which_devices_and_which_is_this(stage: Stage) -> None:
    page = stage.coordinator.page("/devices").text
    assert "Bu cihaz" in page
    assert "Başka her yerde oturumu kapat" not in page, "there is nowhere else"
    another(stage, "coordinator", CHROME)
    page = stage.coordinator.page("/devices").text
    assert "Chrome · Android telefon" in page
    assert "Mozilla" not in page


def test_everywhere_else_ends_the_others_and_leaves_its_trace(stage: Stage) -> None:
    phone = another(stage, "coordinator", CHROME)
    assert phone.get("/devices").status_code == 200
    assert stage.coordinator.post("/devices/end-all").status_code == 303
    assert phone.get("/devices").status_code == 302, "ended on the server, whatever cookie is sent"
    assert stage.coordinator.get("/devices").status_code == 200
    facts = db.session.scalars(sa.select(AccessEntry.facts).where(AccessEntry.event == "access.signed_out")).one()
    assert facts == {"user_id": stage.cast.users["coordinator"], "everywhere": True}


def test_what_lay_idle_too_long_is_not_shown_as_open(stage: Stage) -> None:
    stage.coordinator.get("/devices")
    another(stage, "coordinator", CHROME)
    another(stage, "staff", CHROME)
    for sign_in in db.session.scalars(EVERYWHERE.select(SignIn).where(SignIn.device == CHROME)):
        sign_in.seen_at = now() - timedelta(hours=1)
    db.session.commit()
    assert "Android telefon" not in stage.coordinator.page("/devices").text
    assert "Android telefon" in stage.staff.page("/devices").text, "only those who see others' data go idle"
