"""Two people one after the other in one browser: what the first typed is never the second's."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import PASSWORD, Visitor

Visit = Callable[..., Visitor]
FIRST, SECOND = "koordinator.erzurum", "egitmen"


def rows(folder: Path, statement: str, *arguments: str) -> list[tuple[object, ...]]:
    """What the database says, asked beside the running application."""
    with sqlite3.connect(folder / "yetkin.db", timeout=20) as database:
        return database.execute(statement, arguments).fetchall()


def end_sign_ins(folder: Path, account: str) -> None:
    """As twelve hours do, and no more: what ended long ago the worker takes away, and keeps no form for it."""
    mine = "SELECT id FROM users WHERE email = ?"
    since = "created_at = datetime('now', '-13 hours')"
    rows(folder, f"UPDATE sign_ins SET {since} WHERE user_id = ({mine})", f"{account}@yetkin.example")


def type_and_lose_the_sign_in(visitor: Visitor, folder: Path, name: str) -> None:
    page = visitor.open("/venues/new")
    page.get_by_label("Türkçe adı").fill(name)
    page.get_by_label("İngilizce adı").fill("A house")
    end_sign_ins(folder, FIRST)


def venues(folder: Path, name: str) -> int:
    return len(rows(folder, "SELECT id FROM venues WHERE name_tr = ?", name))


def save(visitor: Visitor) -> None:
    button = visitor.page.locator("main form button[type=submit]").first
    if visitor.javascript:
        button.click()
        visitor.page.wait_for_load_state()
    else:
        leave(visitor, button)


def leave(visitor: Visitor, button: Locator) -> None:
    """A click that sends the page; it is over when what it leads to is there, not when this one says it is loaded."""
    with visitor.page.expect_navigation():
        button.click()


def sign_in_here(visitor: Visitor, account: str) -> None:
    """On the sign-in page that came up, or on a fresh one."""
    page = visitor.page
    if "/sign-in" not in page.url:
        visitor.open("/sign-in")
    page.get_by_label("E-posta").fill(f"{account}@yetkin.example")
    page.get_by_label("Parola").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    visitor.look()


def test_whoever_comes_next_gets_nothing_and_it_is_dropped(visitor: Visit, demo_instance: Path) -> None:
    someone = visitor(FIRST, javascript=False)
    type_and_lose_the_sign_in(someone, demo_instance, "Yarım kalan salon")
    save(someone)
    assert someone.page.url.endswith("/sign-in")
    assert rows(demo_instance, "SELECT path FROM kept_forms") == [("/venues/new",)]
    sign_in_here(someone, SECOND)
    assert someone.page.url == someone.server.url + "/"
    assert rows(demo_instance, "SELECT path FROM kept_forms") == []
    someone.page.goto(someone.server.url + "/resume")
    assert someone.page.url == someone.server.url + "/"
    assert "Yarım kalan salon" not in someone.page.content()
    someone.context.clear_cookies()
    sign_in_here(someone, FIRST)
    assert someone.page.url == someone.server.url + "/", "nor does the first one find it any more"


def test_whoever_typed_it_gets_it_back_and_sends_it(visitor: Visit, demo_instance: Path) -> None:
    someone = visitor(FIRST, javascript=False)
    type_and_lose_the_sign_in(someone, demo_instance, "Geri gelen salon")
    save(someone)
    sign_in_here(someone, FIRST)
    assert someone.page.url.endswith("/resume")
    expect(someone.page.get_by_text("Geri gelen salon")).to_be_visible()
    leave(someone, someone.page.get_by_role("button", name="Yeniden gönder"))
    assert venues(demo_instance, "Geri gelen salon") == 1
    assert rows(demo_instance, "SELECT path FROM kept_forms") == []


@pytest.mark.parametrize("next_one", [FIRST, "koordinator.gaziantep"])
def test_with_javascript_the_page_waits_for_whoever_typed_there(
    visitor: Visit, demo_instance: Path, next_one: str
) -> None:
    """She signs in in a tab beside it and sends the page as it stands; somebody else cannot."""
    someone = visitor(FIRST)
    name = f"Bekleyen salon {next_one}"
    type_and_lose_the_sign_in(someone, demo_instance, name)
    left = someone.page
    save(someone)
    expect(left.locator("#flashes .notice")).to_have_count(1)
    someone.look()
    with someone.context.expect_page() as opened:
        left.get_by_role("link", name="yeni sekmede").click()
    someone.page = opened.value
    sign_in_here(someone, next_one)
    someone.page = left
    save(someone)
    if next_one == FIRST:
        left.wait_for_url(re.compile(r"/venues/\d+$"))
        assert venues(demo_instance, name) == 1
    else:
        expect(left.locator("#flashes")).to_contain_text("yeniden yükleyiniz")
        assert venues(demo_instance, name) == 0


@pytest.mark.parametrize("way", ["expired", "signed out"])
def test_a_page_the_first_one_left_open_is_not_sent_by_the_second(
    visitor: Visit, demo_instance: Path, way: str
) -> None:
    someone = visitor(FIRST, javascript=False)
    type_and_lose_the_sign_in(someone, demo_instance, "Açık kalan salon")
    left, someone.page = someone.page, someone.context.new_page()
    if way == "signed out":
        sign_in_here(someone, FIRST)
        someone.page.locator("summary", has_text="İD").first.click()
        someone.page.locator("form[action='/sign-out'] button").first.click()
        someone.page.wait_for_url("**/sign-in")
    sign_in_here(someone, "koordinator.gaziantep")
    someone.page = left
    save(someone)
    assert "Açık kalan salon" not in left.content()
    assert not left.get_by_role("button", name="Yeniden gönder").count()
    assert venues(demo_instance, "Açık kalan salon") == 0
