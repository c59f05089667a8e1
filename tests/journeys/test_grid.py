"""The attendance grid in a real browser: typed without a mouse, by two at once, through a line that breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

import config
from app import create_app
from app.access.models import User
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets
from app.core.db import db, set_writing
from tests import cast
from tests.chromium import executable
from tests.journeys.conftest import PASSWORD, Visitor
from tests.serving import Server, flask

Visit = Callable[..., Visitor]
PEOPLE = 40


@pytest.fixture(scope="module")
def class_of_forty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, cast.Group, cast.Group]:
    """An installation with a session of forty people yesterday and today, and one of three weeks ago that is locked."""
    if executable() is None:
        pytest.skip("no chromium on this machine")
    folder = tmp_path_factory.mktemp("grid")
    flask(folder, "db", "upgrade")
    settings = config.Testing()
    settings.SQLALCHEMY_DATABASE_URI, settings.INSTANCE_PATH = f"sqlite:///{folder / 'yetkin.db'}", folder
    with create_app(settings).app_context():
        set_writing(True)
        people = cast.assemble()
        stands = cast.group(people, days=2, first_day=date.today() - timedelta(days=2))  # noqa: DTZ011  # as the server
        cast.crowd(stands, PEOPLE - 3)
        old = cast.group(people, days=3, people=(), ordinal=4, first_day=date.today() - timedelta(days=30))  # noqa: DTZ011
        cast.crowd(old, 25, of="L")
        for who in ("coordinator", "trainer"):
            EVERYWHERE.get(User, people.users[who]).password_hash = secrets.hash_password(PASSWORD)
        db.session.commit()
        db.engine.dispose()
    return folder, stands, old


@pytest.fixture(scope="module")
def server(class_of_forty: tuple[Path, cast.Group, cast.Group]) -> Iterator[Server]:
    running = Server(class_of_forty[0])
    yield running
    assert running.stop() == 0


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def stored(folder: Path, sitting: int) -> dict[int, str]:
    with sqlite3.connect(folder / "yetkin.db", timeout=20) as database:
        said = "SELECT enrolment_id, kind || coalesce(':' || minutes, '') FROM attendance_marks WHERE sitting_id = ?"
        return dict(database.execute(said, (sitting,)).fetchall())


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_text("Hepsi kaydedildi")


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator("table.grid tbody tr").nth(row).locator("td:not(.s)").nth(column)


def opened(visitor: Visitor, stands: cast.Group) -> Page:
    return visitor.open(f"/sessions/{stands.session}/attendance")


def test_forty_people_and_five_exceptions_take_fewer_than_ninety_keys(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    folder, stands, _ = class_of_forty
    someone = visitor("koordinator")
    page = opened(someone, stands)
    press = Keys(page)
    page.locator("td[tabindex='0']").focus()  # where Tab leads: one stop for the whole grid
    exceptions = {3: ("y",), 9: ("g", "2", "0", "Enter"), 17: ("e", "5", "Enter"), 25: ("m",), 39: ("y",)}
    for row in range(PEOPLE):
        press(*exceptions.get(row, ("v",)))
    saved(page)
    assert press.count <= 90, press.count
    found = list(stored(folder, stands.sittings[0]).items())
    assert len(found) == PEOPLE
    assert sorted(word for _, word in found if word != "present") == [
        "absent",
        "absent",
        "excused",
        "late:20",
        "left_early:5",
    ]
    expect(page.locator("thead th small").first).to_have_text("40/40")
    press("Control+z")
    saved(page)
    assert len(stored(folder, stands.sittings[0])) == PEOPLE - 1
    someone.look()


def test_a_whole_column_a_block_and_what_lies_outside(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    folder, stands, _ = class_of_forty
    someone = visitor("koordinator")
    page = opened(someone, stands)
    cell(page, 0, 1).focus()
    page.keyboard.press("Control+Space")
    page.keyboard.press("v")
    saved(page)
    assert set(stored(folder, stands.sittings[1]).values()) == {"present"}
    cell(page, 38, 2).focus()
    paste(page, "Var\tG 15\nYok\tbelki\nVar\tVar")
    expect(page.locator("[data-proposal]")).to_contain_text("değişecek hücre sayısı 3")
    expect(page.locator("[data-proposal]")).to_contain_text("1 satır")
    assert stored(folder, stands.sittings[2]) == {}, "shown before it is saved"
    someone.look()
    page.locator("[data-accept]").click()
    saved(page)
    assert sorted(stored(folder, stands.sittings[2]).values()) == ["absent", "present"]
    assert list(stored(folder, stands.sittings[3]).values()) == ["late:15"]
    expect(page.locator(".grid-wrong")).to_contain_text("belki")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_two_at_once_lose_nothing_and_see_both_values(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    folder, stands, _ = class_of_forty
    one, other = visitor("koordinator"), visitor("egitmen")
    first, second = opened(one, stands), opened(other, stands)
    cell(first, 0, 4).focus()
    first.keyboard.press("v")
    first.keyboard.press("v")
    saved(first)
    cell(second, 1, 4).focus()
    second.keyboard.press("y")
    second.keyboard.press("y")
    saved(second)
    expect(cell(second, 1, 4)).to_have_text("Var")
    expect(second.locator(".grid-wrong")).to_contain_text("Ayşe Çelik işaretledi: Katıldı. Sizin seçiminiz: Katılmadı")
    assert sorted(stored(folder, stands.sittings[4]).values()) == ["absent", "present", "present"]
    other.look()
    second.get_by_role("button", name="Benimki doğru").click()
    saved(second)
    assert sorted(stored(folder, stands.sittings[4]).values()) == ["absent", "absent", "present"]


def test_a_line_that_breaks_and_an_answer_that_never_arrives_lose_nothing(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    folder, stands, _ = class_of_forty
    page = opened(visitor("koordinator"), stands)
    lost = 0

    def swallow(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            route.fetch()  # stored, and the answer lost
        if lost <= 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/attendance/cells", swallow)
    cell(page, 0, 5).focus()
    for key in "vyvvy":
        page.keyboard.press(key)
    expect(page.locator("[data-state]")).to_contain_text("Henüz kaydedilmeyen işaret")
    saved(page)
    assert sorted(stored(folder, stands.sittings[5]).values()) == ["absent", "absent", "present", "present", "present"]
    assert page.locator(".grid-wrong li").count() == 0


def test_after_the_lock_a_paper_of_twelve_sittings_takes_few_actions(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    folder, _, old = class_of_forty
    someone = visitor("koordinator")
    page = opened(someone, old)
    actions = 0
    page.get_by_label("Değişikliğin gerekçesi").fill("Kâğıt çizelge pazartesi geldi")
    page.get_by_role("button", name="Kalanları katıldı olarak işaretle").click()
    actions += 2
    for number in range(9):
        cell(page, number * 2, number).click()
        page.keyboard.press("y")
        actions += 2
    saved(page)
    assert actions <= 25
    marks = [word for sitting in old.sittings for word in stored(folder, sitting).values()]
    assert (len(marks), marks.count("absent")) == (25 * 12, 9)
    with sqlite3.connect(folder / "yetkin.db") as database:
        reasons = {reason for (reason,) in database.execute("SELECT reason FROM mark_changes WHERE reason <> ''")}
    assert reasons == {"Kâğıt çizelge pazartesi geldi"}
    someone.look()


def test_what_is_typed_into_a_locked_sitting_waits_for_its_reason(
    visitor: Visit, class_of_forty: tuple[Path, cast.Group, cast.Group]
) -> None:
    _, _, old = class_of_forty
    page = opened(visitor("koordinator"), old)
    cell(page, 1, 0).focus()
    page.keyboard.press("y")
    expect(page.locator("[data-state]")).to_have_text("Gerekçe yazılınca kaydedilecek işaret: 1")
    page.get_by_label("Değişikliğin gerekçesi").fill("Yanlış işaretlenmiş")
    page.keyboard.press("Enter")
    saved(page)
