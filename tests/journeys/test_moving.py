"""Days in a browser: a confirmed session moved by a week in two clicks and one letter a person; days picked for a new one."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.journeys.conftest import Visitor

Visit = Callable[..., Visitor]
OFFICERS = {
    1: "koordinator.diyarbakir",
    2: "koordinator.erzurum",
    3: "koordinator.gaziantep",
    4: "koordinator.sanliurfa",
}


def rows(folder: Path, statement: str) -> list[tuple[int, ...]]:
    with sqlite3.connect(folder / "yetkin.db", timeout=20) as database:
        return database.execute(statement).fetchall()


def upcoming(folder: Path) -> list[tuple[int, ...]]:
    """(session, province) of confirmed ones that have not begun, the last first."""
    later = f"status = 'confirmed' AND starts_on > '{date.today() + timedelta(days=1)}'"  # noqa: DTZ011 as the demo does
    return rows(folder, f"SELECT id, province_id FROM course_sessions WHERE {later} ORDER BY starts_on DESC")


def movable(visitor: Visit, folder: Path) -> tuple[Visitor, int]:
    """A session nothing blocks a week later, its first page open."""
    for key, province in upcoming(folder):
        someone = visitor(OFFICERS[province])
        page = someone.open(f"/sessions/{key}/move")
        expect(page.locator("#conflicts table")).to_be_visible()
        if not page.get_by_text("Bu hâliyle kaydedilemez.").count():
            someone.open(f"/sessions/{key}")
            return someone, key
    raise AssertionError("every session is blocked a week later")


def test_a_week_later_in_two_clicks_and_one_letter_each(visitor: Visit, demo_instance: Path) -> None:
    someone, key = movable(visitor, demo_instance)
    page = someone.page
    (begun,) = rows(demo_instance, f"SELECT starts_on FROM course_sessions WHERE id = {key}")
    (last,) = rows(demo_instance, "SELECT max(id) FROM messages")
    clicks = 0

    def click(target: object) -> None:
        nonlocal clicks
        clicks += 1
        target.click()  # type: ignore[attr-defined]  # a locator

    click(page.locator(".page-head").get_by_role("link", name="Taşı"))
    expect(page.locator("#conflicts")).to_contain_text("Kimler etkilenir?")
    someone.look()
    if page.locator("#conflicts").get_by_text("Gerekçe yazarsanız").count() or page.locator(".tone-warn").count():
        page.get_by_label("Uyarıya rağmen kaydetme gerekçesi").fill("Salon bakımda")
    click(page.locator("main form").get_by_role("button", name="Taşı"))
    page.wait_for_url(re.compile(rf"/sessions/{key}$"))
    someone.look()
    expect(page.get_by_text("Taşındı. İlgili herkese birer ileti gider.")).to_be_visible()
    expect(page.locator(".meta").get_by_text("Kesinleşti")).to_be_visible()
    assert clicks <= 4
    (moved,) = rows(demo_instance, f"SELECT starts_on FROM course_sessions WHERE id = {key}")
    assert date.fromisoformat(str(moved[0])) >= date.fromisoformat(str(begun[0])) + timedelta(days=7)
    told = rows(demo_instance, f"SELECT to_address FROM messages WHERE id > {last[0]}")
    assert told and max(Counter(told).values()) == 1, "one letter each"


def test_without_a_script_it_is_looked_at_by_a_button(visitor: Visit, demo_instance: Path) -> None:
    key, province = upcoming(demo_instance)[0]
    page = visitor(OFFICERS[province], "phone", javascript=False).open(f"/sessions/{key}/move")
    page.get_by_role("button", name="Denetle").click()
    expect(page.locator("#conflicts")).to_contain_text("Kimler etkilenir?")
    expect(page.locator("#conflicts")).to_contain_text("birer ileti gider")


def days(page: Page) -> list[str]:
    ticked: list[str] = page.evaluate("[...document.querySelectorAll('[name=picked]:checked')].map(e => e.value)")
    return ticked


def test_days_a_room_and_a_trainer_are_ticked_for_a_new_session(visitor: Visit, demo_instance: Path) -> None:
    someone = visitor("koordinator.gaziantep")
    (course,) = rows(demo_instance, "SELECT id FROM courses WHERE active AND days = 2 ORDER BY id LIMIT 1")
    page = someone.open(f"/sessions/new?course={course[0]}&province=3")
    monday = date.today() + timedelta(days=70 - date.today().weekday())  # noqa: DTZ011 far enough to be free
    page.get_by_label("İlk gün").fill(str(monday))
    page.get_by_label("Gün sayısı").focus()
    expect(page.locator(f"#picked-{monday}")).to_be_checked()
    extra = monday + timedelta(days=3)
    page.locator(f"#picked-{extra}").check()
    expect(page.locator("#conflicts .checklist")).to_contain_text(f"{extra.day} ")
    page.locator("#room_id").get_by_role("radio").nth(1).check()
    expect(page.locator("#room_id").get_by_role("radio", checked=True)).to_have_count(1)
    page.locator("#trainer_ids").get_by_role("checkbox").first.check()
    page.wait_for_timeout(800)
    someone.look()
    assert str(extra) in days(page) and str(monday) in days(page)
    page.get_by_label("Uyarıya rağmen kaydetme gerekçesi").fill("Deneme")
    page.get_by_role("button", name="Taslak olarak kaydet").click()
    page.wait_for_url(re.compile(r"/sessions/\d+$"))
    someone.look()


def test_what_is_ticked_while_an_answer_is_on_its_way_stays_ticked(visitor: Visit, demo_instance: Path) -> None:
    """The answer knows nothing of it; the next question, asked a moment later, does."""
    (course,) = rows(demo_instance, "SELECT id FROM courses WHERE active AND days = 2 ORDER BY id LIMIT 1")
    page = visitor("koordinator.gaziantep").open(f"/sessions/new?course={course[0]}&province=3")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/sessions/new/check", lambda route: held.append((route, route.fetch())), times=1)
    monday = date.today() + timedelta(days=77 - date.today().weekday())  # noqa: DTZ011 far enough to be free
    page.get_by_label("İlk gün").fill(str(monday))
    page.get_by_label("Gün sayısı").focus()
    while not held:
        page.wait_for_timeout(50)
    boxes = ("[name=trainer_ids]", "[name=room_id]:not([value=''])")
    trainer, room = (page.locator(f"#{page.locator(box).first.get_attribute('id')}") for box in boxes)
    for box in boxes:
        page.evaluate("(box) => document.querySelector(box).click()", box)  # at once: the next question waits 150 ms
    held[0][0].fulfill(response=held[0][1])
    expect(page.locator(f"#picked-{monday}")).to_be_checked()
    expect(trainer).to_be_checked()
    expect(room).to_be_checked()
    page.wait_for_load_state("networkidle")
    expect(trainer).to_be_checked()


def test_the_weeks_of_rooms_and_trainers_lead_to_a_new_session(visitor: Visit) -> None:
    for size in ("desktop", "phone"):
        someone = visitor("koordinator.diyarbakir", size)
        for path in ("/venues/1/rooms/1", "/trainers/1/weeks", "/trainers/1/ledger"):
            someone.open(path)
        someone.open("/trainers/1/weeks")
        someone.page.locator(".picker-free").first.click()
        expect(someone.page.get_by_role("heading", name="Yeni eğitim grubu")).to_be_visible()
