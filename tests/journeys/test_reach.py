"""Within reach: on the smallest phone, with letters twice as large, by touch, by keyboard, on a wide screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import COVERED, SMALL, Visitor

Visit = Callable[..., Visitor]
PAGES = ("/", "/plans", "/sessions", "/needs", "/people", "/courses", "/certificates", "/reports", "/jobs", "/devices")


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["tr", "en"])
def test_nothing_scrolls_sideways_on_the_smallest_phone_or_in_large_letters(visitor: Visit, language: str) -> None:
    someone = visitor("koordinator.gaziantep")
    page = someone.page
    assert page.viewport_size is not None
    wide = []
    for path in PAGES:
        page.goto(f"{someone.server.url}{path}?lang={language}")
        for width, letters in ((320, 100), (390, 100), (768, 100), (1280, 100), (1280, 200)):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
            if sideways(page) > 0:
                wide.append((path, width, letters, sideways(page)))
    assert not wide, wide


@pytest.mark.parametrize("path", ["/plans", "/sessions", "/people", "/courses/new", "/audit", "/jobs", "/users"])
def test_what_is_touched_is_as_high_as_a_finger(visitor: Visit, path: str) -> None:
    small = visitor("admin", "phone").open(path).evaluate(SMALL)
    assert not small, small


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_on_the_roll_nothing_that_has_the_focus_lies_behind_a_bar(visitor: Visit, size: str) -> None:
    someone = visitor("admin", size)
    number = 1
    while not someone.page.locator(".roll-card").count():
        someone.page.goto(f"{someone.server.url}/sittings/{number}")
        number += 1
    covered = []
    for _ in range(70):
        someone.page.keyboard.press("Tab")
        if hidden := someone.page.evaluate(COVERED):
            covered.append(hidden)
    assert not covered, covered


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_shows_as_many_places_as_fit(visitor: Visit, javascript: bool) -> None:
    page = visitor("admin", javascript=javascript).page
    for width, least in ((1280, 8), (1440, 8), (800, 6)):
        page.set_viewport_size({"width": width, "height": 900})
        bar = page.locator(".topnav > a:visible")
        page.locator(".topnav > .menu > summary").click()
        assert bar.count() >= least
        places = [
            one.get_attribute("href") for one in (*bar.all(), *page.locator(".topnav .menu-list > a:visible").all())
        ]
        assert len(places) == len(set(places)) >= 13, "each of them once"
        page.locator(".topnav > .menu > summary").click()
        assert len({round(box["y"]) for one in bar.all() if (box := one.bounding_box())}) == 1 or width < 1000
