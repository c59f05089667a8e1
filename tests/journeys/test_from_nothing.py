"""From an empty installation to twelve people invited: nothing stands there but what `setup` made."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
import zxingcpp
from playwright.sync_api import expect

from app.core.clock import today
from tests.journeys.conftest import FIRST_ADMINISTRATOR, Visitor
from tests.journeys.test_loop import press, working_days_before
from tests.paper.reading import picture_of
from tests.post.mail_server import Mailbox, serving
from tests.serving import Server

Visit = Callable[..., Visitor]
PASSWORD = "mavi kapıda yedi limon"
COURSE = "BK-08 Resmî Yazışma Kuralları ve Kişisel Verilerin Korunması"
STAFF = [f"{given} {family}" for given in ("Bilal", "Azad", "Sultan", "Filiz") for family in ("Duman", "Eren", "Gül")]
FIRST, REFUSED, *ON_PAPER = STAFF[0], STAFF[1], STAFF[2], STAFF[3]


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """Takes everything but what goes to one address."""
    with serving(Mailbox(answers={"RCPT TO:<person1@": "550 5.1.1 no such user"})) as box:
        yield box


@pytest.fixture
def staff_list(tmp_path: Path) -> Path:
    """A dozen of one institution; two have no e-mail address, and that of one is wrong."""
    rows = ["Sicil No;Adı Soyadı;Müdürlüğü;Unvanı;Kadro Durumu;Cinsiyet;E-posta"]
    for number, name in enumerate(STAFF):
        email = "" if name in ON_PAPER else f"person{number}@haliliye.example"
        rows.append(f"H-{number};{name};Yazı İşleri Müdürlüğü;Memur;Memur;Kadın;{email}")
    path = tmp_path / "personel.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def server(welcome: tuple[Path, str], mailbox: Mailbox) -> Iterator[Server]:
    running = Server(welcome[0], MAIL_URL=mailbox.url, MAIL_RATE="0", SECOND_FACTOR="required")
    yield running
    assert running.stop() == 0


def link_to(mailbox: Mailbox, address: str) -> str:
    """The path of the link to a password in the latest mail to somebody."""
    for _ in range(100):
        for mail in reversed(mailbox.mails):
            body = mail.get_body(("plain",))
            found = re.search(r"/welcome/\S+", body.get_content() if body else "")
            if address in mail["To"] and found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no link was sent to {address}")


def enter(someone: Visitor, path: str, email: str) -> tuple[str, list[str]]:
    """By their link, with a second factor where their role asks for one, past the notice on personal data. What the
    app's codes are made of, and the recovery codes; nothing where no second factor was asked for.
    """
    page, letters, codes = someone.open(path), "", list[str]()
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    press(someone, "Parolayı belirle")
    page.get_by_label("E-posta").fill(email)
    page.get_by_label("Parola").fill(PASSWORD)
    press(someone, "Giriş yap")
    if "second-factor" in page.url:
        secret = re.search(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){3,}", page.locator("main").inner_text())
        assert secret is not None
        letters = secret[0].replace(" ", "")
        page.locator("input[name=code]").fill(pyotp.TOTP(letters).now())
        press(someone, "Kur ve giriş yap")
    press(someone, "Okudum")
    if "recovery-codes" in page.url:
        codes = page.locator("li.code").all_inner_texts()
        press(someone, "Kodları sakladım")
    assert urlsplit(page.url).path == "/"
    return letters, codes


def take_up(someone: Visitor, task: str) -> None:
    """From the first page to where a task is seen to."""
    someone.open("/")
    press(someone, re.compile(task))


def make_ready(admin: Visitor, list_: Path) -> None:
    """What the first page asks for, one after another."""
    page = admin.page
    take_up(admin, "İmza yetkilisi ekleyiniz")
    for name, text in (("name", "Nurcan Öztürk"), ("title_tr", "Koordinatör"), ("title_en", "Coordinator")):
        page.locator(f"[name={name}]").fill(text)
    press(admin, "Kaydet", exact=True)
    take_up(admin, "İl koordinatörlerine erişim veriniz")
    for name, text in (("given_name", "Zeynep"), ("family_name", "Şahin"), ("email", "zeynep@proje.example")):
        page.locator(f"[name={name}]").fill(text)
    page.get_by_label("Rol").select_option(label="İl koordinatörü")
    page.locator("[name=province_id]").select_option(label="Şanlıurfa")
    page.get_by_label("Bağlantıyı e-postayla gönder").check()
    press(admin, "Kaydet", exact=True)
    take_up(admin, "Personel listesi aktarınız")
    page.locator("[name=organisation_id]").select_option(label="Haliliye Belediyesi")
    page.locator("[name=file]").set_input_files(list_)
    press(admin, "Listeyi oku")
    press(admin, "Listeyi denetle")
    press(admin, "Listeyi kaydet")
    expect(page.get_by_text("Personel listesi kaydedildi.")).to_be_visible()
    take_up(admin, "Kurum eğitim sorumlularını davet ediniz")
    page.get_by_label(f"Seç: {FIRST}").check()
    press(admin, "İşaretlenenleri davet et")
    page.get_by_label("Aynı zamanda kurum eğitim sorumlusu olarak").check()
    press(admin, "1 kişiyi davet et")
    take_up(admin, "Eğitmenleri ekleyiniz")
    for name, text in (("given_name", "Deniz"), ("family_name", "Acar"), ("email", "deniz@egitmen.example")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=kind]").select_option(index=1)
    press(admin, "Kaydet", exact=True)
    admin.open("/")
    expect(page.get_by_text("Bekleyen işiniz yok.")).to_be_visible()


def plan(coordinator: Visitor) -> str:
    """A session of twelve, open for nominations; its path."""
    page = coordinator.open("/sessions/new")
    page.locator("[name=course]").select_option(label=COURSE)
    press(coordinator, "Devam et")
    (day,) = working_days_before(today() + timedelta(days=30), 1)
    page.locator("[name=start]").fill(day.isoformat())
    page.locator("input[name=room_id]").nth(2).check()
    page.locator("summary", has_text="Diğer eğitmenler").click()
    page.get_by_label("Deniz Acar").check()
    page.locator("[name=capacity]").fill("12")
    page.locator("[name=minimum]").fill("5")
    page.locator("[name=override_reason]").fill("Salonda öğle arası yok")
    press(coordinator, "Taslak olarak kaydet")
    press(coordinator, "Başvuruya aç")
    press(coordinator, "Başvuruya aç")
    return urlsplit(page.url).path


def nominate(focal_point: Visitor, session: str) -> None:
    """Everybody there is to tick: nobody was ever asked what they need."""
    page = focal_point.open(f"{session}/enrolments/add")
    boxes = page.locator("input[name=employee_ids]")
    expect(boxes).to_have_count(len(STAFF))
    for box in boxes.all():
        box.check()
    press(focal_point, "Seçilenleri aday göster")
    expect(page.get_by_text(f"{len(STAFF)} kişi kaydedildi.")).to_be_visible()


def untold(coordinator: Visitor, session: str) -> list[str]:
    """Who is not reached stands on the first page; the paths on the slips of those without an address."""
    page = coordinator.open("/")
    expect(page.get_by_text("Telefonla bildirilecek: 2 kişi")).to_be_visible()
    press(coordinator, re.compile("e-posta ulaşmadı"))
    expect(page.locator("main")).to_contain_text(REFUSED)
    page = coordinator.open(f"{session}/enrolments/slips")
    with page.expect_download() as download:
        page.get_by_role("button", name="Bilgi fişlerini yazdır").click()
    found = zxingcpp.read_barcodes(picture_of(download.value.path().read_bytes(), dpi=200))
    return [urlsplit(code.text).path for code in found]


def test_from_an_empty_installation_to_an_answered_invitation(
    visitor: Visit, welcome: tuple[Path, str], mailbox: Mailbox, staff_list: Path
) -> None:
    admin = visitor()
    enter(admin, welcome[1], FIRST_ADMINISTRATOR)
    make_ready(admin, staff_list)
    coordinator = visitor()
    enter(coordinator, link_to(mailbox, "zeynep@proje.example"), "zeynep@proje.example")
    focal_point = visitor(size="phone")
    enter(focal_point, link_to(mailbox, "person0@"), "person0@haliliye.example")
    session = plan(coordinator)
    nominate(focal_point, session)
    coordinator.open(session)
    press(coordinator, "Kesinleştir ve davet et")
    press(coordinator, "Kesinleştir ve davet et")
    expect(coordinator.page.get_by_text("Kesinleşti").first).to_be_visible()
    slips = untold(coordinator, session)
    assert len(slips) == len(ON_PAPER)
    phone = visitor(size="phone", dark=True)
    phone.open(slips[0])
    press(phone, "Katılacağım")
    expect(phone.page.get_by_text("Yanıtınız: Katılacağım.")).to_be_visible()
    invited = [mail["To"] for mail in mailbox.mails if str(mail["Subject"]).startswith("Davet")]
    assert len(invited) == len(STAFF) - len(ON_PAPER) - 1
