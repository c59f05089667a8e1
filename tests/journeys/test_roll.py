"""The roll-call on a phone whose connection comes and goes: no tap is lost, none is there twice, and the page says so.

The queue is JavaScript, so it is driven in a browser; its answers are tests/attendance/arrivals.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import PASSWORD, Visitor
from tests.journeys.test_two_people import end_sign_ins, rows

Visit = Callable[..., Visitor]
TRAINER = "egitmen"
PEOPLE = 30
QUEUE = "**/roll/queue"
WORDS = {"Katıldı": "present", "Katılmadı": "absent", "Mazeretli": "excused", "Muaf": "exempt"}


def change(folder: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with sqlite3.connect(folder / "yetkin.db", timeout=20) as database:
        for statement, arguments in statements:
            database.execute(statement, arguments)


@pytest.fixture
def sitting(demo_instance: Path) -> int:
    """A sitting of the trainer's that has been going on for twenty minutes, thirty people and nobody marked."""
    (found, session), *_ = rows(
        demo_instance,
        "SELECT s.id, s.course_session_id FROM sittings s JOIN course_sessions c ON c.id = s.course_session_id"
        " JOIN trainer_assignments a ON a.sitting_id = s.id JOIN trainers t ON t.id = a.trainer_id"
        " JOIN users u ON u.id = t.user_id WHERE u.email = 'egitmen@yetkin.example' AND c.status = 'confirmed'"
        " ORDER BY s.date, s.starts LIMIT 1",
    )
    begun = datetime.now(UTC) + timedelta(hours=3, minutes=-20)  # Türkiye
    if begun.hour >= 22 or begun.hour < 1:
        pytest.skip("a sitting does not go on past midnight")
    ends = begun + timedelta(minutes=90)
    lacking = PEOPLE - len(seats(demo_instance, int(str(session))))
    others = (
        "SELECT min(e.id) FROM enrolments e JOIN course_sessions c ON c.id = e.course_session_id"
        " WHERE c.status = 'open' AND e.status = 'enrolled' AND e.employee_id NOT IN"
        " (SELECT employee_id FROM enrolments WHERE course_session_id = ?) GROUP BY e.employee_id LIMIT ?"
    )
    change(
        demo_instance,
        (
            "UPDATE sittings SET date = ?, starts = ?, ends = ?, minutes = 90 WHERE id = ?",
            (begun.date().isoformat(), f"{begun:%H:%M}:00.000000", f"{ends:%H:%M}:00.000000", found),
        ),
        ("DELETE FROM closed_sheets WHERE sitting_id = ?", (found,)),
        ("DELETE FROM attendance_marks WHERE sitting_id = ?", (found,)),
        ("DELETE FROM mark_changes WHERE sitting_id = ?", (found,)),
        ("DELETE FROM late_marks WHERE sitting_id = ?", (found,)),
        (
            f"UPDATE enrolments SET course_session_id = ? WHERE id IN ({others})",
            (session, session, max(0, lacking)),
        ),
    )
    return int(str(found))


def seats(folder: Path, session: int) -> list[tuple[object, ...]]:
    return rows(folder, "SELECT id FROM enrolments WHERE course_session_id = ? AND status = 'enrolled'", str(session))


def marks(folder: Path, sitting: int) -> dict[str, str]:
    """What stands, by enrolment: the word and the minutes."""
    found = rows(
        folder,
        "SELECT enrolment_id, kind || coalesce(':' || minutes, '') FROM attendance_marks WHERE sitting_id = ?",
        str(sitting),
    )
    return {str(key): str(word) for key, word in found}


def changes(folder: Path, sitting: int) -> int:
    return len(rows(folder, "SELECT id FROM mark_changes WHERE sitting_id = ?", str(sitting)))


def take_seat(folder: Path, enrolment_id: str, status: str) -> None:
    change(folder, ("UPDATE enrolments SET status = ? WHERE id = ?", (status, enrolment_id)))


def people(page: Page) -> list[Locator]:
    return page.locator(".roll-call > li").all()


def enrolment(row: Locator) -> str:
    return (row.get_attribute("id") or "").split("-")[-1]


def tap(row: Locator, label: str, minutes: str = "") -> None:
    if not row.locator("details[open]").count():
        row.locator("summary").click()
    row.get_by_label(label, exact=True).click(force=True)
    # what a row says is drawn from the queue: then the tap is kept, and what waits is said
    expect(row.locator(".roll-state")).to_contain_text(label)
    if minutes:
        row.get_by_label("Kaçırılan dakika").fill(minutes)
        row.get_by_label("Kaçırılan dakika").press("Tab")
        expect(row.locator(".roll-state")).to_contain_text(minutes)


def unsent(page: Page) -> Locator:
    return page.locator("[data-unsent]")


def nothing_waits(page: Page) -> None:
    expect(unsent(page)).to_be_empty(timeout=5_000)


def lose_the_answer(route: Route) -> None:
    """The server has done it, and nobody hears."""
    route.fetch()
    route.abort()


def test_thirty_marks_ten_corrections_five_cuts_a_lost_answer_and_one_that_is_poison(
    visitor: Visit, sitting: int, demo_instance: Path
) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    said = people(page)[:PEOPLE]
    assert len(said) == PEOPLE
    labels = list(WORDS)
    wanted = {}
    for number, row in enumerate(said):
        if number % 6 == 2:
            someone.context.set_offline(True)
        if number % 6 == 5:
            someone.context.set_offline(False)
        if number == 13:
            page.route(QUEUE, lose_the_answer, times=1)
        if number == 20:
            take_seat(demo_instance, enrolment(row), "removed")
        tap(row, labels[number % 4])
        if number != 20:
            wanted[enrolment(row)] = WORDS[labels[number % 4]]
    for row in said[:10]:
        tap(row, "Geç geldi", "20")
        wanted[enrolment(row)] = "late:20"
    someone.context.set_offline(False)
    expect(unsent(page)).to_have_text("1 işaret kaydedilemedi", timeout=5_000)
    assert marks(demo_instance, sitting) == wanted
    keys = rows(demo_instance, "SELECT request_key, enrolment_id FROM mark_changes WHERE sitting_id = ?", str(sitting))
    assert len({key for key, _ in keys}) == len(keys), "each tap once"
    assert len({one for _, one in keys}) == 29
    bad = said[20]
    expect(bad.locator(".roll-why")).to_contain_text("Bu kişinin artık burada yeri yok.")
    someone.look()
    take_seat(demo_instance, enrolment(bad), "enrolled")
    bad.get_by_role("button", name="Yeniden dene").click()
    nothing_waits(page)
    assert marks(demo_instance, sitting) == wanted | {enrolment(bad): "present"}


def test_a_wrong_minute_refuses_its_row_alone(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    first, second = people(page)[:2]
    tap(first, "Geç geldi", "999")
    expect(first.locator(".roll-why")).to_contain_text("90 dakika")
    tap(second, "Katıldı")
    expect(second).to_contain_text("Katıldı")
    expect(unsent(page)).to_have_text("1 işaret kaydedilemedi")
    assert marks(demo_instance, sitting)[enrolment(second)] == "present"
    someone.look()
    tap(first, "Geç geldi", "30")
    nothing_waits(page)
    assert marks(demo_instance, sitting)[enrolment(first)] == "late:30"


def test_taps_survive_a_closed_tab_and_go_from_any_page(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    someone.context.set_offline(True)
    tap(people(page)[0], "Katılmadı")
    tap(people(page)[1], "Geç geldi")
    expect(unsent(page)).to_contain_text("2 işaret gönderilmedi")
    expect(people(page)[0]).to_contain_text("gönderilmedi")
    offered = people(page)[1].get_by_label("Kaçırılan dakika").input_value()
    assert 20 <= int(offered) < 25, "as long as the sitting has been going on"
    wanted = {enrolment(people(page)[0]): "absent", enrolment(people(page)[1]): f"late:{offered}"}
    kept = page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('yetkin-roll'); asked.onsuccess = () =>"
        " asked.result.transaction('taps').objectStore('taps').getAll().onsuccess = e => done(JSON.stringify(e.target.result)) })"
    )
    names = page.locator(".roll-name").all_text_contents()
    assert not [name for name in names if name in kept], "no names in the browser"
    page.close()  # asks nothing: a battery that dies does not ask either
    someone.context.set_offline(False)
    someone.page = someone.context.new_page()
    someone.open("/assignments")
    for _ in range(50):
        if marks(demo_instance, sitting) == wanted:
            break
        someone.page.wait_for_timeout(200)
    assert marks(demo_instance, sitting) == wanted


def test_a_page_that_is_not_ours_counts_as_no_answer(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    page = visitor(TRAINER, "phone").open(f"/sittings/{sitting}")
    page.route(QUEUE, lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Kafe</h1>"))
    tap(people(page)[0], "Katıldı")
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")
    page.wait_for_timeout(500)
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")
    page.unroute(QUEUE)
    nothing_waits(page)
    assert len(marks(demo_instance, sitting)) == 1


def sign_in_beside(someone: Visitor, page: Page, account: str) -> None:
    with someone.context.expect_page() as opened:
        page.locator("[data-unsent] a").click()
    beside = opened.value
    beside.get_by_label("E-posta").fill(f"{account}@yetkin.example")
    beside.get_by_label("Parola").fill(PASSWORD)
    beside.locator("main form button[type=submit]").click()
    beside.wait_for_url(lambda url: "/sign-in" not in url)
    page.bring_to_front()


def test_an_expired_sign_in_is_renewed_beside_the_page(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    tap(people(page)[0], "Katıldı")
    nothing_waits(page)
    end_sign_ins(demo_instance, TRAINER)
    for number in (1, 2, 3):
        tap(people(page)[number], "Katılmadı")
    expect(unsent(page)).to_contain_text("3 işaret gönderilmedi · çıkış yapıldı")
    someone.look()
    sign_in_beside(someone, page, TRAINER)
    nothing_waits(page)
    assert len(marks(demo_instance, sitting)) == 4
    tap(people(page)[4], "Katıldı")
    nothing_waits(page)
    assert len(marks(demo_instance, sitting)) == 5


def test_somebody_else_on_that_phone_sends_nothing_of_it(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    end_sign_ins(demo_instance, TRAINER)
    tap(people(page)[0], "Katıldı")
    expect(unsent(page)).to_contain_text("çıkış yapıldı")
    sign_in_beside(someone, page, "admin")
    expect(unsent(page)).to_contain_text("başka biri giriş yaptı")
    page.wait_for_timeout(1000)
    assert marks(demo_instance, sitting) == {}
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")


def test_two_phones_on_one_sheet_lose_nothing_and_show_a_conflict(
    visitor: Visit, sitting: int, demo_instance: Path
) -> None:
    one, other = visitor(TRAINER, "phone"), visitor("admin", "phone")
    first, second = one.open(f"/sittings/{sitting}"), other.open(f"/sittings/{sitting}")
    one.context.set_offline(True)
    tap(people(first)[0], "Katıldı")
    tap(people(first)[1], "Katıldı")
    tap(people(second)[0], "Katılmadı")
    tap(people(second)[2], "Katılmadı")
    nothing_waits(second)
    one.context.set_offline(False)
    row = people(first)[0]
    expect(row.locator(".roll-why")).to_contain_text("Sizin seçiminiz: Katıldı.", timeout=6_000)
    expect(row.locator(".roll-why")).to_contain_text("işaretledi: Katılmadı.")
    one.look()
    assert sorted(marks(demo_instance, sitting).values()) == ["absent", "absent", "present"]
    first.reload()
    row = people(first)[0]
    expect(row.locator(".roll-why")).to_contain_text("Sizin seçiminiz: Katıldı.")
    row.get_by_role("button", name="Benimki geçerli: Katıldı").click()
    nothing_waits(first)
    assert sorted(marks(demo_instance, sitting).values()) == ["absent", "present", "present"]


def test_the_rest_present_then_closed(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    tap(people(page)[3], "Katılmadı")
    nothing_waits(page)
    page.get_by_role("button", name="Kapat Yoklama").click()
    expect(page.locator("#flashes")).to_contain_text("kişi işaretlenmedi")
    assert page.evaluate("document.activeElement.closest('li').id") == people(page)[0].get_attribute("id")
    someone.look()
    page.evaluate(
        "document.addEventListener('yetkin:say', () => { window.waiting = document.querySelector('[data-unsent]').textContent })"
    )
    page.get_by_role("button", name="Kalanlar katıldı").click()
    expect(page.locator("#flashes")).to_contain_text("1 kişinin işareti olduğu gibi kaldı")
    assert page.evaluate("window.waiting") == "29 işaret gönderilmedi", "said once they are kept"
    nothing_waits(page)
    found = list(marks(demo_instance, sitting).values())
    assert (len(found), found.count("absent")) == (len(people(page)), 1)
    someone.context.set_offline(True)
    tap(people(page)[3], "Katıldı")
    page.get_by_role("button", name="Kapat Yoklama").click()
    expect(page.locator("#flashes")).to_contain_text("1 işaret henüz kaydedilmedi")
    someone.context.set_offline(False)
    nothing_waits(page)
    page.get_by_role("button", name="Kapat Yoklama").click()
    expect(page.get_by_text("Yoklama kapatıldı")).to_be_visible()
    assert not page.locator(".roll-call summary").count(), "nothing that would be refused"
    someone.look()


def test_a_mark_is_cleared_and_a_tap_taken_back_before_it_was_sent_is_none(
    visitor: Visit, sitting: int, demo_instance: Path
) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    tap(people(page)[0], "Katıldı")
    nothing_waits(page)
    tap(people(page)[0], "İşaretlenmedi")
    nothing_waits(page)
    assert marks(demo_instance, sitting) == {}
    before = changes(demo_instance, sitting)
    page.route(QUEUE, lambda route: route.abort())
    tap(people(page)[1], "Katıldı")
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")
    page.unroute(QUEUE)
    nothing_waits(page)
    assert changes(demo_instance, sitting) == before + 1


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_phone_whose_clock_is_a_day_off_counts_the_same_minutes(
    visitor: Visit, sitting: int, demo_instance: Path, hours: int
) -> None:
    someone = visitor(TRAINER, "phone")
    someone.page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    page = someone.open(f"/sittings/{sitting}")
    tap(people(page)[0], "Geç geldi")
    page.clock.run_for(1000)
    nothing_waits(page)
    (word,) = marks(demo_instance, sitting).values()
    assert word in ("late:20", "late:21", "late:22")


def test_a_browser_that_keeps_nothing_says_so_and_works_online(
    visitor: Visit, sitting: int, demo_instance: Path
) -> None:
    someone = visitor(TRAINER, "phone")
    someone.context.add_init_script("Object.defineProperty(window, 'indexedDB', {get() { throw new Error('no') }})")
    page = someone.open(f"/sittings/{sitting}")
    expect(unsent(page)).to_contain_text("Bu tarayıcı işaretleri saklamıyor")
    tap(people(page)[0], "Katıldı")
    tap(people(page)[1], "Katılmadı")
    expect(unsent(page)).not_to_contain_text("gönderilmedi")
    page.wait_for_timeout(500)
    assert len(marks(demo_instance, sitting)) == 2
    someone.look()


def test_marks_of_yesterday_go_to_the_coordinator_after_the_lock(
    visitor: Visit, sitting: int, demo_instance: Path
) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    someone.context.set_offline(True)
    tap(people(page)[0], "Katıldı")
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")
    change(
        demo_instance,
        ("INSERT INTO closed_sheets (sitting_id, by_id, at) VALUES (?, NULL, '2026-01-01 00:00:00')", (sitting,)),
    )
    someone.context.set_offline(False)
    nothing_waits(page)
    expect(people(page)[0]).to_contain_text("koordinatöre iletildi")
    assert marks(demo_instance, sitting) == {}
    admin = visitor("admin", "phone")
    admin.open("/late-marks")
    form = admin.page.locator(f"form[action$='/late-marks/{sitting}/accept']")
    form.get_by_label("Gerekçe").fill("Salonda bağlantı yoktu")
    form.get_by_role("button", name=re.compile("Kabul")).click()
    expect(admin.page.locator("#flashes")).to_contain_text("1 işaret kabul edildi")
    assert list(marks(demo_instance, sitting).values()) == ["present"]


def test_leaving_and_signing_out_ask_while_marks_wait(visitor: Visit, sitting: int, demo_instance: Path) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    page.route(QUEUE, lambda route: route.abort())
    tap(people(page)[0], "Katıldı")
    expect(unsent(page)).to_contain_text("1 işaret gönderilmedi")
    someone.asked = []
    page.locator(".brand").click()
    page.wait_for_timeout(500)
    assert someone.asked == ["beforeunload"]
    page.locator("summary", has_text="Hesap menüsü").click()
    page.locator("form[action='/sign-out'] button").click()
    expect(page.locator("dialog[open]")).to_contain_text("1 işaret gönderilmedi")
    someone.look()


def test_it_fits_a_thumb(visitor: Visit, sitting: int) -> None:
    someone = visitor(TRAINER, "phone")
    page = someone.open(f"/sittings/{sitting}")
    heights = [row.bounding_box() for row in people(page)]
    assert all(box and box["height"] <= 64 for box in heights)
    tall = page.evaluate("document.documentElement.scrollHeight")
    assert tall - sum(box["height"] for box in heights[25:] if box) <= 2_200, "25 people"
    bars = "[...document.querySelectorAll('.roll-bar, .tabbar')].reduce((sum, bar) => sum + bar.offsetHeight, 0)"
    page.route(QUEUE, lambda route: route.abort())
    for row in people(page)[:3]:
        tap(row, "Katılmadı")
    expect(unsent(page)).to_contain_text("3 işaret gönderilmedi")
    assert page.evaluate(bars) <= 0.2 * 844
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(bars) <= 0.3 * 844
