"""The loop as people walk it: from a need to a certificate somebody else can verify, with and without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from app.calendar.days import Calendar, Holiday
from app.core.clock import today
from app.refdata import load
from tests.journeys.conftest import Visitor
from tests.paper.reading import reader, text_of

DATA = Path(__file__).resolve().parents[1] / "data"
Visit = Callable[..., Visitor]


def working_days_before(day: date, count: int) -> list[date]:
    """The last working days before a day, latest first."""
    calendar = Calendar.of(Holiday.from_row(row) for row in load("holidays"))
    found: list[date] = []
    while len(found) < count:
        day -= timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found


def press(visitor: Visitor, name: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Press a button or follow a link of the page's own part, confirm where asked, and look at where it leads."""
    page = visitor.page
    main = page.locator("main")
    buttons = main.get_by_role("button", name=name, exact=exact)
    found = buttons if buttons.count() else main.get_by_role("link", name=name, exact=exact)
    assert _appears(found), f"no “{name}” on {page.url}:\n{main.inner_text()[:1500]}"
    found.first.click()
    dialog = page.locator("dialog[open]")
    if visitor.javascript and dialog.count():
        dialog.get_by_role("button").last.click()
    page.wait_for_timeout(100)  # a sent form has begun to leave
    page.wait_for_load_state()
    visitor.look()


def _appears(found: Locator) -> bool:
    try:
        found.first.wait_for(timeout=5_000)
    except PlaywrightTimeout:
        return False
    return True


def plan_session(visitor: Visitor, trainer: str) -> str:
    """From the most urgent need, one click to a new session, given on a recent day on which the trainer is free."""
    page = visitor.page
    visitor.open("/needs?lang=tr")
    press(visitor, "Yeni grup")
    address = page.url
    for day in working_days_before(today(), 3):
        page.goto(address)
        page.get_by_label("İlk gün").fill(day.isoformat())
        page.get_by_label("Gün sayısı").fill("1")
        page.locator("summary", has_text="Diğer eğitmenler").click()
        page.get_by_label(trainer).check()
        page.get_by_label("Uyarıya rağmen kaydetme gerekçesi").fill("Kısaltılmış uygulama")
        press(visitor, "Taslak olarak kaydet")
        if re.search(r"/sessions/\d+$", page.url):
            return page.url.rsplit("/", 1)[1]
        assert page.locator("[data-error-summary]").is_visible(), "a conflict is said, with the way out"
    raise AssertionError("the trainer is busy on all three days")


def fill_session(visitor: Visitor, session: str, people: int) -> None:
    """Open it, take suggested people with their reasons, confirm; it is over already, so nobody is invited."""
    page = visitor.page
    visitor.open(f"/sessions/{session}")
    press(visitor, "Başvuruya aç")
    press(visitor, "Başvuruya aç")
    visitor.open(f"/sessions/{session}/enrolments/add")
    assert page.get_by_text("yetkinlik açığı").first.is_visible(), "the reason stands beside each suggestion"
    boxes = page.locator("input[name=employee_ids]")
    for place in range(people):
        boxes.nth(place).check()
    press(visitor, "Seçilenleri kaydet")
    visitor.open(f"/sessions/{session}/enrolments")
    reason = page.get_by_label("Yeterli kayıt olmadan kesinleştirme gerekçesi")
    if reason.count():
        reason.fill("Acil ihtiyaç")
    press(visitor, "Kesinleştir", exact=True)
    expect(page.get_by_text("Bu tarihler geçmişte; davet gönderilmez.").first).to_be_visible()
    expect(page.get_by_text("Kesinleşti").first).to_be_visible()


def sittings_of(visitor: Visitor, session: str) -> list[str]:
    """The roll-call addresses of a session's sittings, in time."""
    page = visitor.open(f"/sessions/{session}/attendance")
    links = page.locator("a[href^='/sittings/']")
    return list(dict.fromkeys(links.nth(n).get_attribute("href") or "" for n in range(links.count())))


def call_roll(visitor: Visitor, sitting: str, *, absent: int) -> None:
    """Everyone present, then the exceptions: who is absent, by tap or by the sheet's own button."""
    page = visitor.page
    visitor.open(sitting)
    press(visitor, "Tümü katıldı")
    row = page.locator("ul.roll > li").nth(absent)
    row.locator("summary").click()
    row.get_by_label("Katılmadı").check(force=True)
    if visitor.javascript:
        expect(row.locator(".roll-state")).to_contain_text("Katılmadı")  # drawn from the queue: it is kept
        expect(page.locator("[data-unsent]")).to_be_empty()
    else:
        page.get_by_role("button", name=re.compile("kaydet", re.I)).first.click()
        page.wait_for_load_state()
    visitor.open(sitting)
    expect(page.locator("ul.roll > li").nth(absent).locator(".roll-state")).to_contain_text("Katılmadı")


def enter_scores(visitor: Visitor, session: str) -> None:
    """Pre- and post-tests of everybody, where the session asks for them."""
    page = visitor.open(f"/sessions/{session}/scores")
    fields = page.locator("table.scores input.form-control")
    for place in range(fields.count()):
        fields.nth(place).fill(str(40 + place % 50))
    if fields.count():
        press(visitor, re.compile("^Kaydet"))


def finish(visitor: Visitor, session: str, scan: Path) -> None:
    """Attach the signed sheet, go through the checklist, finalise."""
    page = visitor.page
    visitor.open(f"/sessions/{session}/signed-sheets")
    page.locator("input[type=file]").set_input_files(scan)
    press(visitor, re.compile("Yükle|Ekle"))
    visitor.open(f"/sessions/{session}/checklist")
    press(visitor, "Sonuçlandır")
    expect(page.get_by_text("Sonuçlandırıldı").first).to_be_visible()


def issue(visitor: Visitor, session: str) -> str:
    """Issue all in the background, watch the progress; the address of one certificate's page."""
    page = visitor.page
    visitor.open(f"/sessions/{session}/certificates")
    press(visitor, "Belgeleri ver")
    assert "/jobs/" in page.url, page.url
    for _ in range(60):
        if page.get_by_text("Bitti").or_(page.get_by_text("Tamamlandı")).count():
            break
        page.wait_for_timeout(500)
        if not visitor.javascript:
            page.reload()
    visitor.look()
    visitor.open(f"/sessions/{session}/certificates")
    link = page.locator("a[href^='/certificates/']:not([href$='.pdf'])").first
    return link.get_attribute("href") or ""


def code_on(page: Page) -> str:
    found = page.locator("a[href*='/d/']").first.get_attribute("href") or ""
    return found.rsplit("/", 1)[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_a_need_to_a_certificate_somebody_else_can_verify(
    visitor: Visit, signed_scan: Path, javascript: bool
) -> None:
    trainer = visitor("egitmen", "phone", javascript=javascript)
    name = trainer.page.locator(".menu-head strong").first.text_content() or ""
    coordinator = visitor("koordinator.sanliurfa", javascript=javascript)

    session = plan_session(coordinator, name)
    fill_session(coordinator, session, people=11)

    for place, sitting in enumerate(sittings_of(coordinator, session)):
        call_roll(trainer if place < 2 else coordinator, sitting, absent=0)

    enter_scores(coordinator, session)
    finish(coordinator, session, signed_scan)
    certificate = issue(coordinator, session)
    page = coordinator.open(certificate)
    code = code_on(page)

    public = visitor(None, "phone", javascript=javascript)
    seen = public.open(f"/d/{code}")
    expect(seen.get_by_role("heading", level=1)).to_contain_text("Geçerli")
    with urlopen(f"{public.server.url}/d/{code}.json", timeout=5) as answer:
        facts = json.load(answer)
    assert facts["status"] == "valid"
    assert facts["name"] in (seen.locator("main").text_content() or "")

    coordinator.open(f"{certificate}/revoke")
    page.locator("select[name=public]").select_option("spelling")
    page.locator("form[action$='/revoke'] textarea").first.fill("Ad yanlış yazılmış")
    press(coordinator, re.compile("iptal et", re.I))
    seen = public.open(f"/d/{code}")
    expect(seen.get_by_role("heading", level=1)).to_contain_text("İptal edilmiş")


def close(text: str) -> str:
    """Without spaces, which a PDF has wherever the typeface changes."""
    return "".join(text.split())


def printed(page: Page) -> list[str]:
    """The text of each sheet of paper a page comes out on."""
    pdf = page.pdf(prefer_css_page_size=True, format="A4")
    return [close(text_of(pdf, number)) for number in range(len(reader(pdf).pages))]


def test_paper_begins_with_what_it_is_about_and_says_marks_in_words(visitor: Visit) -> None:
    coordinator = visitor("koordinator.erzurum")
    page = coordinator.open("/sessions?status=finalised")
    session = (page.locator("a.row-link").first.get_attribute("href") or "").rsplit("/", 1)[1]
    page = coordinator.open(f"/sessions/{session}/attendance")
    page = coordinator.open(page.locator("table.grid thead a").first.get_attribute("href") or "")
    first = close(page.locator(".roll-name").first.text_content() or "")
    tally = close(page.locator("#tally").inner_text())
    marked = [close(word) for word in page.locator(".roll-state > span").all_text_contents()]
    sheets = printed(page)
    assert first in sheets[0], "the first sheet is not the heading alone"
    page.emulate_media(media="print")
    ends = page.locator(".roll > li").evaluate_all("rows => rows.map(row => getComputedStyle(row).breakInside)")
    assert set(ends) == {"avoid"}, "no end of a sheet parts somebody from their institution"
    names, found, _ = "".join(sheets).partition(tally)
    assert found, "the totals are on paper"
    for word in ("Katıldı", "Geçgeldi", "Erkenayrıldı", "Katılmadı", "Mazeretli", "Muaf"):
        assert names.count(word) == marked.count(word), word
    for path in (f"/sessions/{session}/checklist", f"/sessions/{session}/certificates"):
        assert first in printed(coordinator.open(path))[0], path
    page = coordinator.open("/plans")
    row = close(page.locator("tbody th").first.locator("a").first.text_content() or "")
    assert row in printed(page)[0], "a table of few, high rows begins on the first sheet"
    coordinator = visitor("admin")
    page = coordinator.open("/sessions?status=open")
    for link in page.locator("a.row-link").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        page = coordinator.open(f"{link}/enrolments")
        if page.locator("#list tbody tr").count():
            first = close(page.locator("#list tbody tr").first.locator("a").first.text_content() or "")
            sheets = printed(page)
            assert first in sheets[0], f"{link}: a list that fits stays with its heading"
            assert "Eğitimgrubunukesinleştir" not in "".join(sheets), (
                f"{link}: what is filled in on the screen stays there"
            )


def test_a_replaced_certificate_names_the_new_one_on_paper(visitor: Visit) -> None:
    coordinator = visitor("koordinator.erzurum")
    page = coordinator.open("/certificates?status=superseded")
    page = coordinator.open(page.locator("main tbody a").first.get_attribute("href") or "")
    page = coordinator.open(page.locator("main a[href^='/d/']").first.get_attribute("href") or "")
    number = (page.locator(".verdict .btn").text_content() or "").split()[-1]
    sheets = printed(page)
    assert number in sheets[0]
    assert len(sheets) == 1, "one certificate, one sheet"


def test_a_member_of_staff_on_her_phone(visitor: Visit) -> None:
    staff = visitor("personel", "phone")
    page = staff.open("/me")
    expect(page.get_by_role("heading", name="Sıradaki eğitiminiz")).to_be_visible()
    with page.expect_download() as got:
        page.locator("a[href^='/certificates/'][href$='.pdf']").first.click()
    pdf = Path(got.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF")
    press(staff, "Katılacağım")
    expect(page.get_by_text("Yanıtınız: Katılacağım.")).to_be_visible()


def test_the_staff_member_s_calendar_feed(visitor: Visit) -> None:
    staff = visitor("personel", "phone")
    page = staff.open("/me")
    press(staff, "Takvim aboneliği")
    page.get_by_label("Takvimin adı").fill("Telefonum")
    page.locator("form[action='/me/calendar'] button").click()
    page.wait_for_load_state()
    staff.look()
    address = re.search(r"https?://[^\s\"<]+/calendar/[\w-]+\.ics", page.content())
    assert address is not None, "the address is shown, once"
    with urlopen(f"{staff.server.url}/calendar/{address[0].rsplit('/', 1)[1]}", timeout=5) as answer:
        feed = answer.read().decode()
    assert "BEGIN:VEVENT" in feed
    assert "TZID=Europe/Istanbul" in feed
    page.reload()
    assert address[0] not in page.content()


def test_a_filled_workbook_is_previewed_and_imported(visitor: Visit) -> None:
    coordinator = visitor("koordinator.sanliurfa")
    page = coordinator.open("/needs/imports/new")
    page.locator("select[name=round_id]").select_option(label="Eğitim ihtiyaç analizi 2026, 1. dönem")
    page.locator("select[name=organisation_id]").select_option(label="Haliliye Belediyesi")
    page.locator("input[type=file]").set_input_files(DATA / "eia_haliliye_2026.xlsx")
    press(coordinator, "Dosyayı denetle")
    assert re.search(r"/needs/imports/\d+$", page.url), page.url
    assert "46" in (page.locator("main").text_content() or "")
    press(coordinator, "Değerlendirmeleri kaydet")
    assert "46" in (page.locator("main").text_content() or "")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("account", "paths"),
    [
        (None, ["/sign-in", "/d", "/d/0000000000000000"]),
        ("admin", ["/", "/settings", "/users", "/audit", "/plans", "/organisations"]),
        (
            "koordinator.gaziantep",
            ["/", "/needs", "/sessions", "/sessions/calendar", "/people", "/trainers", "/venues", "/certificates"],
        ),
        ("ik.haliliye", ["/", "/nominations", "/people", "/needs"]),
        ("egitmen", ["/", "/assignments"]),
        ("personel", ["/me", "/courses", "/sessions"]),
        ("izleyici", ["/", "/reports"]),
    ],
)
def test_every_first_page_is_clean(
    visitor: Visit, account: str | None, paths: list[str], size: str, dark: bool
) -> None:
    """0 axe violations, 0 CSP messages, no sideways scroll: both sizes, both colours; English on the way."""
    someone = visitor(account, size, dark=dark)
    for path in paths:
        status = 404 if path.endswith("0000000000000000") else 200
        someone.open(path, status=status)
        someone.open(path + "?lang=en", status=status)
        someone.open(path + "?lang=tr", status=status)
