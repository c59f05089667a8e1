"""Within reach: on the smallest phone, with letters twice as large, by touch, by keyboard, on a wide screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import COVERED, SMALL, Visitor

Visit = Callable[..., Visitor]
PAGES = ("/", "/plans", "/sessions", "/needs", "/people", "/courses", "/certificates", "/reports", "/jobs", "/devices")


FILES = re.compile(r"\.\w+$|/(?:file|evidence|attachment|signed-sheet)$|/signed-sheets/\d+$")
# Everything that can have the focus gets it once; which of them a bar covers then.
ALL_COVERED = """(covered) => {
  const found = [], look = eval(covered);
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    one.focus();
    if (document.activeElement === one && one.offsetHeight < innerHeight / 2 && look()) found.push(look());
  }
  document.activeElement.blur();
  return found;
}"""


def one_of_each_kind(visitor: Visitor, seen: set[str]) -> Iterator[str]:
    """Follows the links from the first page; a kind of page is its address without the numbers in it."""
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"/(\d[\d-]*|[0-9A-Z]{16})(?=/|$)", "/1", path)
        if kind in seen or FILES.search(path):
            continue
        seen.add(kind)
        visitor.page.goto(visitor.server.url + path)
        yield path
        found = visitor.page.eval_on_selector_all("a[href^='/']", "all => all.map((one) => one.pathname)")
        waiting.extend(found)


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["tr", "en"])
def test_nothing_scrolls_sideways_on_the_smallest_phone_or_in_large_letters(visitor: Visit, language: str) -> None:
    someone = visitor("koordinator.gaziantep")
    page = someone.page
    assert page.viewport_size is not None
    wide = []
    page.goto(f"{someone.server.url}/sessions?status=confirmed")
    group = page.locator("main tbody a").first.get_attribute("href")
    for path in (*PAGES, f"{group}/enrolments"):
        page.goto(f"{someone.server.url}{path}?lang={language}")
        for width, letters in ((320, 100), (390, 100), (768, 100), (1024, 100), (1280, 100), (1280, 200)):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
            if sideways(page) > 0:
                wide.append((path, width, letters, sideways(page)))
    assert not wide, wide


def test_on_a_page_of_each_kind_everything_is_within_reach(visitor: Visit) -> None:
    """On a phone, with all that can be opened open: high as a finger, not behind a bar, nothing sideways."""
    seen: set[str] = set()
    amiss: list[object] = []
    for account in ("admin", "koordinator.gaziantep", "ik.haliliye", "egitmen", "personel"):
        someone = visitor(account, "phone")
        page = someone.page
        for path in one_of_each_kind(someone, seen):
            page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach((one) => { one.open = true; })")
            amiss += [(account, path, "small", *one) for one in page.evaluate(SMALL)]
            amiss += [(account, path, "covered", one) for one in page.evaluate(ALL_COVERED, COVERED)]
            for letters in (200, 100):
                page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
                if (wide := sideways(page)) > 0:
                    amiss.append((account, path, f"{letters} %", wide))
    assert not amiss, "\n".join(map(str, ["", *amiss]))
    assert len(seen) > 80


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


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("who", ["ik.haliliye", "koordinator.gaziantep", "egitmen"])
def test_the_menu_is_one_line_on_a_desktop(visitor: Visit, who: str, language: str) -> None:
    someone = visitor(who)
    page = someone.page
    page.goto(f"{someone.server.url}/?lang={language}")
    broken = []
    for width in range(1100, 1921, 20):
        page.set_viewport_size({"width": width, "height": 800})
        if page.locator(".topnav").evaluate("bar => bar.offsetHeight") > 60:
            broken.append(width)
    assert not broken


def test_no_word_of_a_mark_is_broken_on_a_phone(visitor: Visit) -> None:
    someone = visitor("egitmen", "phone")
    page = someone.page
    page.goto(someone.server.url + "/assignments")
    rolls = page.eval_on_selector_all("a[href^='/sittings/']", "all => all.map((one) => one.pathname)")
    while not page.locator(".roll-card summary").count():
        page.goto(someone.server.url + rolls.pop(0))
    page.locator(".roll-card summary").first.click()
    broken = set()
    for width in (320, 360, 390, 430):
        page.set_viewport_size({"width": width, "height": 800})
        for word in page.locator(".roll-card details[open] .marks span").all():
            said, high = (
                word.inner_text(),
                word.evaluate("one => one.offsetHeight / parseFloat(getComputedStyle(one).fontSize)"),
            )
            if " " not in said and high > 2:
                broken.add((width, said))
    assert not broken


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_days_of_weeks_stay_in_their_cells_on_a_phone(visitor: Visit, language: str) -> None:
    someone = visitor("koordinator.gaziantep", "phone")
    someone.page.goto(f"{someone.server.url}/trainers/1/weeks?lang={language}")
    days = someone.page.locator(".picker-month td > :is(a, span)")
    assert days.count() and not [
        day.inner_text()
        for day in days.all()
        if day.evaluate(
            "one => { const r = document.createRange(); r.selectNodeContents(one.lastChild);"
            " return r.getBoundingClientRect().width > one.parentElement.clientWidth - 4 }"
        )
    ]


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_menu_opens_on_the_screen_of_a_phone(visitor: Visit, language: str) -> None:
    someone = visitor("koordinator.gaziantep", "phone")
    page, beyond = someone.page, []
    for path in ("/plans", "/people", "/trainers", "/needs"):
        page.goto(f"{someone.server.url}{path}?lang={language}")
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.eval_on_selector_all("main details.menu", "all => all.forEach((one) => (one.open = true))")
            edges = page.eval_on_selector_all(
                "main .menu-list", "all => all.map((m) => m.getBoundingClientRect().left)"
            )
            if edges and min(edges) < 0:
                beyond.append((path, width, min(edges)))
    assert not beyond
