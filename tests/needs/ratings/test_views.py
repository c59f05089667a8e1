"""A filled ratings workbook: read, shown, stored as a whole or not at all."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.files.workbook import open_table
from app.language.turkish import lower
from app.needs.models import AssessmentRound, ImportStatus, Need, Rating, RatingsImport, RoundStatus
from tests import factories
from tests.conftest import Browser, Stage
from tests.counting import statements
from tests.factories import employee
from tests.needs.stage import CASE_MANAGEMENT, NIZIP, PLAIN_LANGUAGE, SAHINBEY, YAKUTIYE, scenery

HALILIYE_FILE = Path(__file__).parents[2] / "data" / "eia_haliliye_2026.xlsx"
HEAD = ["Sicil No", "Adı Soyadı", "Yetkinlik", "Öz: önem", "Öz: mevcut düzey", "Amir: önem", "Amir: mevcut düzey"]
GOOD: list[object] = ["N-001", "Elif AĞAOĞLU", "Vaka yönetimi", 5, 2, 4, 3]


@pytest.fixture
def open_round(stage: Stage) -> Stage:
    scenery()
    db.session.commit()
    return stage


def workbook(*rows: list[object], head: list[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Eğitim ihtiyaç analizi 2026"])
    sheet.append([])
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(browser: Browser, data: bytes, name: str = "eia.xlsx", organisation_id: int = NIZIP) -> TestResponse:
    return browser.post(
        "/needs/imports/new",
        data={"round_id": "1", "organisation_id": str(organisation_id), "file": (io.BytesIO(data), name)},
    )


def staged(browser: Browser, *rows: list[object], organisation_id: int = NIZIP) -> str:
    answer = send(browser, workbook(*rows), organisation_id=organisation_id)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def state_of(browser: Browser, address: str) -> str:
    found = re.search(r'name="state" value="(\w+)"', browser.page(address).html)
    assert found is not None
    return found[1]


def store(browser: Browser, address: str) -> TestResponse:
    return browser.post(f"{address}/commit", data={"state": state_of(browser, address)})


def count(model: type[Rating] | type[Need]) -> int:
    return db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(model.id)), model)) or 0


def test_who_may_import(open_round: Stage) -> None:
    for name in ("focal_point", "staff", "trainer", "viewer", "nobody_special"):
        assert getattr(open_round, name).get("/needs/imports/new").status_code == 403, name
        assert send(getattr(open_round, name), workbook(GOOD)).status_code == 403, name
    assert "Sicil No" in open_round.coordinator.page("/needs/imports/new").text


def test_a_file_is_shown_then_stored_and_needs_follow(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(
        browser, GOOD, ["N-001", "", "cok-dilli-hizmet", None, None, 4, 2], ["N-002", "", "Case management"]
    )
    assert count(Rating) == 0
    text = browser.page(address).text
    assert "3 yeni, 0 değişen" in text
    assert "1 kişinin" in text
    answer = store(browser, address)
    assert (answer.status_code, answer.location) == (303, address)
    assert (count(Rating), count(Need)) == (3, 2)
    assert "Kaydedildi" in browser.page(address).text
    event = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "needs.ratings_imported")).one()
    assert {key: event.facts[key] for key in ("people", "added", "changed", "same")} == {
        "people": 1,
        "added": 3,
        "changed": 0,
        "same": 0,
    }
    needs = {n.competency_id: n for n in db.session.scalars(EVERYWHERE.select(Need))}
    assert (needs[CASE_MANAGEMENT].gap, needs[CASE_MANAGEMENT].single_source) == (2, False)
    assert (needs[PLAIN_LANGUAGE].gap, needs[PLAIN_LANGUAGE].single_source) == (2, True)


def test_the_same_file_twice_changes_nothing_and_says_so(open_round: Stage) -> None:
    browser = open_round.coordinator
    data = workbook(GOOD)
    first = str(send(browser, data).location)
    assert send(browser, data).location == first, "the file that still waits is found again"
    store(browser, first)
    second = str(send(browser, data).location)
    assert second != first
    page = browser.page(second)
    assert "daha önce içe aktarıldı" in page.text
    assert "Hiçbir şey değişmez" in page.text
    assert "Değerlendirmeleri kaydet" not in page.text
    answer = browser.post(f"{second}/commit", data={"state": "x"})
    assert answer.status_code in (409, 422)
    assert count(Rating) == 2


def test_a_new_value_replaces_the_old_and_a_blank_never_does(open_round: Stage) -> None:
    browser = open_round.coordinator
    store(browser, staged(browser, GOOD))
    address = staged(browser, ["N-001", "", "Vaka yönetimi", 4, 1, None, None])
    assert "0 yeni, 1 değişen" in browser.page(address).text
    store(browser, address)
    need = db.session.scalars(EVERYWHERE.select(Need)).one()
    assert (need.importance, need.self_level, need.supervisor_level) == (4, 1, 3)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["X-999", "", "Vaka yönetimi", 5, 2, 4, 3], "X-999 sicil numaralı"),
        (["Ş-001", "", "Vaka yönetimi", 5, 2, 4, 3], "Ş-001 sicil numaralı"),
        (["", "Elif", "Vaka yönetimi", 5, 2, 4, 3], "Sicil numarası boş"),
        (["N-001", "", "", 5, 2, 4, 3], "Yetkinlik boş"),
        (["N-001", "", "Vaka yönetmi", 5, 2, 4, 3], "“Vaka yönetimi” mi demek istediniz?"),
        (["N-001", "", "Uzay yolculuğu", 5, 2, 4, 3], "adlı bir yetkinlik yok."),
        (["N-001", "Mehmet KAYA", "Vaka yönetimi", 5, 2, 4, 3], "başka birine ait"),
        (["N-001", "", "Vaka yönetimi", 6, 2, 4, 3], "“Öz: önem”: 6"),
        (["N-001", "", "Vaka yönetimi", 5, 0, 4, 3], "“Öz: mevcut düzey”: 0"),
        (["N-001", "", "Vaka yönetimi", 5, 2, 3.5, 3], "“Amir: önem”: 3,5. Değerlendirme tam sayı"),
        (["N-001", "", "Vaka yönetimi", 5, 2, 4, "iyi"], "“Amir: mevcut düzey”: “iyi”"),
        (["N-001", "", "Vaka yönetimi", 5, None, 4, 3], "önem var, düzey yok"),
        (["N-001", "", "Vaka yönetimi", 5, 2, None, 3], "düzey var, önem yok"),
        (["N-001", "", "Vaka yönetimi", "=2+2", 2, 4, 3], "formül var"),
    ],
)
def test_each_kind_of_bad_row(open_round: Stage, row: list[object], sentence: str) -> None:
    browser = open_round.coordinator
    address = staged(browser, ["N-002", "", "Vaka yönetimi", 5, 2, 4, 3], row)
    page = browser.page(address)
    assert sentence in page.text
    assert 'scope="row" class="num">5<' in page.html
    answer = browser.post(f"{address}/commit", data={"state": "x"})
    assert answer.status_code == 422
    assert "hatalar var" in answer.text
    assert count(Rating) == 0


def test_an_identity_number_in_a_file_is_not_kept(open_round: Stage) -> None:
    number = "10000000146"
    address = staged(
        open_round.coordinator,
        [number, "Elif", "Vaka yönetimi", 5, 2, 4, 3],
        [int(number), "", "Vaka yönetimi", 5, 2, 4, 3],
        ["N-001", number, number, number, 2, 4, 3],
    )
    kept = db.session.scalars(EVERYWHERE.select(RatingsImport)).one()
    assert number not in repr((kept.errors, kept.rows, kept.filename))
    assert [error["column"] for error in kept.errors if error["code"] == "identity"] == [
        "registry_no",
        "registry_no",
        "name",
        "competency",
        "self_importance",
    ]
    page = open_round.coordinator.page(address)
    assert number not in page.text and "T.C. kimlik numarası" in page.text


def test_what_is_no_rating_is_told_and_left_out(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD, ["Toplam", None, None, 5], ["Not: Anket haziranda yapıldı."])
    text = browser.page(address).text
    assert "“Toplam”" in text and "Anket haziranda yapıldı" in text
    assert store(browser, address).status_code == 303
    assert count(Rating) == 2


def test_sheets_in_a_series_are_one_workbook(open_round: Stage) -> None:
    browser = open_round.coordinator
    book = openpyxl.load_workbook(io.BytesIO(workbook(GOOD)))
    book.active.title = "Fen İşleri"
    second = book.create_sheet("Zabıta")
    second.append(HEAD)
    second.append(["N-001", "", "cok-dilli-hizmet", "4 - önemli", 2, 9, 2])
    target = io.BytesIO()
    book.save(target)
    page = browser.page(str(send(browser, target.getvalue()).location))
    assert "Zabıta: “Amir: önem”: 9" in page.text
    assert "1 sorun" in page.text


def test_headings_in_two_rows(open_round: Stage) -> None:
    browser = open_round.coordinator
    head: list[object] = ["Sicil No", "Adı Soyadı", "Yetkinlik", "Öz", None, "Amir"]
    below: list[object] = [None, None, None, "Önem", "Mevcut düzey", "Önem", "Mevcut düzey"]
    answer = send(browser, workbook(below, GOOD, head=head))  # type: ignore[arg-type]  # cells may be empty
    assert store(browser, str(answer.location)).status_code == 303
    assert count(Rating) == 2


def test_all_errors_of_a_row_come_at_once_and_as_a_file(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD, ["X", "", "Y", 9, "a", 4.5, None])
    found = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}?format=xlsx").data)).active
    assert [row[0] for row in found.iter_rows(values_only=True)] == ["Satır", 5, 5, 5, 5, 5]


def test_of_repeated_rows_the_first_with_ratings_counts(open_round: Stage) -> None:
    browser = open_round.coordinator
    blank: list[object] = ["N-001", "", "Vaka yönetimi"]
    other: list[object] = ["N-001", "", "Vaka yönetimi", 1, 1, 1, 1]
    address = staged(browser, blank, GOOD, blank, GOOD, other)
    page = browser.page(address)
    assert "1 satırda aynı kişi ve yetkinlik farklı" in page.text
    assert "farklı değerlendirmeyle daha önce geçiyor (satır: 5)" in page.text
    assert store(browser, address).status_code == 303
    assert db.session.scalars(EVERYWHERE.select(Need)).one().gap == 2


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "eia.xlsx", "boş"),
        (b"\x89PNG\r\n", "eia.xlsx", "uzantısıyla uyuşmuyor"),
        (b"hello", "eia.exe", "Yalnızca tablo içeren Excel"),
        (b"PK\x03\x04" + b"\x00" * 40, "eia.xlsx", "okunamıyor"),
        (b"Ad;Soyad\nA;B\n", "eia.csv", "Şu sütunlar bulunamadı: Sicil No, Yetkinlik, Öz: önem"),
        (";".join(HEAD).encode(), "eia.csv", "satır yok"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_one_sentence(
    open_round: Stage, data: bytes, name: str, sentence: str
) -> None:
    answer = send(open_round.coordinator, data, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{NIZIP}" selected' in answer.text or f'selected value="{NIZIP}"' in answer.text


def test_several_files_at_once_each_by_itself(open_round: Stage) -> None:
    """One that cannot be read keeps none of the others out, and is named; one with errors stops only itself."""
    browser = open_round.coordinator
    files = [
        (io.BytesIO(workbook(GOOD)), "yazı işleri.xlsx"),
        (io.BytesIO(b"hello"), "not.docx"),
        (io.BytesIO(workbook(["N-002", "", "Vaka yönetimi", 4, 9])), "fen işleri.xlsx"),
    ]
    form = {"round_id": "1", "organisation_id": str(NIZIP), "file": files}
    answer = browser.post("/needs/imports/new", data=form)
    assert answer.status_code == 303, answer.text
    first, second = db.session.scalars(EVERYWHERE.select(RatingsImport).order_by(RatingsImport.id))
    assert answer.location.endswith(f"/needs/imports/{first.id}")
    page = browser.page(answer.location)
    assert "not.docx: Yalnızca tablo içeren Excel" in page.text
    assert f'href="/needs/imports/{second.id}"' in page.html and "fen işleri.xlsx" in page.text
    assert "Satırlarda 1 sorun" not in page.text
    store(browser, answer.location)
    assert count(Rating) == 2
    assert "Sonraki dosya: fen işleri.xlsx" in browser.page(answer.location).text
    assert "Satırlarda 1 sorun" in browser.page(f"/needs/imports/{second.id}").text
    second.status = ImportStatus.DISCARDED
    db.session.commit()
    assert "fen işleri.xlsx" not in browser.page(answer.location).text


def test_of_several_files_none_of_which_can_be_read_each_is_named(open_round: Stage) -> None:
    files = [(io.BytesIO(b"hello"), "bir.docx"), (io.BytesIO(b"Ad;Soyad\nA;B\n"), "iki.csv")]
    form = {"round_id": "1", "organisation_id": str(NIZIP), "file": files}
    answer = open_round.coordinator.post("/needs/imports/new", data=form)
    assert answer.status_code == 422
    assert "bir.docx: Yalnızca" in answer.text and "iki.csv: Şu sütunlar bulunamadı" in answer.text


def test_the_form_asks_for_everything(open_round: Stage) -> None:
    answer = open_round.coordinator.post("/needs/imports/new", data={})
    assert answer.status_code == 422
    answer = open_round.coordinator.post("/needs/imports/new", data={"round_id": "1", "organisation_id": "1"})
    assert answer.status_code == 422
    assert "Bir dosya seçiniz." in answer.text


def test_the_number_of_statements(open_round: Stage) -> None:
    browser = open_round.coordinator
    many = [
        [employee("Elif", "Ağaoğlu", f"M-{number}", NIZIP).registry_no, "", "Vaka yönetimi", 5, 2, 4, 3]
        for number in range(700)
    ]
    db.session.commit()
    address = staged(browser, *many)
    for path, most in (("/needs/imports/new", 5), (address, 6)):
        browser.get(path)
        with statements() as found:
            assert browser.get(path).status_code == 200
        assert len(found) <= most, (path, found)
    store(browser, address)
    with statements() as found:
        assert browser.get(address).status_code == 200
    assert len(found) <= 4, found


def test_an_outsider_finds_nothing(open_round: Stage) -> None:
    assert send(open_round.coordinator, workbook(GOOD), organisation_id=YAKUTIYE).status_code == 422
    address = staged(open_round.coordinator, GOOD)
    stranger = open_round.coordinator_elsewhere
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}?format=xlsx").status_code == 404
    assert stranger.post(f"{address}/commit").status_code == 404
    assert stranger.post(f"{address}/discard").status_code == 404


def test_a_stale_preview_is_shown_again(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD)
    old = state_of(browser, address)
    store(browser, staged(browser, ["N-001", "", "Vaka yönetimi", 1, 1, 1, 1]))
    answer = browser.post(f"{address}/commit", data={"state": old})
    assert answer.status_code == 409
    assert "0 yeni, 2 değişen" in answer.text
    assert store(browser, address).status_code == 303


def test_twice_committed_is_refused(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD)
    state = state_of(browser, address)
    assert browser.post(f"{address}/commit", data={"state": state}).status_code == 303
    assert browser.post(f"{address}/commit", data={"state": state}).status_code == 422
    assert count(Rating) == 2


def test_thrown_away_nothing_is_left(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD)
    assert browser.post(f"{address}/discard").status_code == 303
    found = db.session.scalars(EVERYWHERE.select(RatingsImport)).one()
    assert (found.status, found.rows) == (ImportStatus.DISCARDED, [])
    assert "vazgeçildi" in browser.page(address).text


def test_a_closed_round_takes_nothing(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD)
    state = state_of(browser, address)
    db.session.get_one(AssessmentRound, 1).status = RoundStatus.CLOSED
    db.session.commit()
    answer = browser.post(f"{address}/commit", data={"state": state})
    assert answer.status_code == 422
    assert "dönem kapalı" in answer.text
    assert "Yanıta açık bir analiz dönemi yok" in browser.page("/needs/imports/new").text


def test_merged_staff_asks_for_the_file_again(open_round: Stage) -> None:
    browser = open_round.coordinator
    address = staged(browser, GOOD)
    state = state_of(browser, address)
    from app.people.models import Employee

    elif_ = EVERYWHERE.get(Employee, open_round.cast.employees["elif"])
    elif_.merged_into_id = open_round.cast.employees["isik"]
    db.session.commit()
    answer = browser.post(f"{address}/commit", data={"state": state})
    assert answer.status_code == 422
    assert "yeniden yükleyin" in answer.text


def test_the_real_file_of_forty_six_people(open_round: Stage) -> None:
    """Its people become staff of Şahinbey here, its competencies the catalogue."""
    (sheet,) = open_table(HALILIYE_FILE.read_bytes(), HALILIYE_FILE.name)
    body = [tuple(row.cells.get(column) for column in range(1, 8)) for row in sheet.rows()][2:]
    for registry, name in dict.fromkeys((str(row[0]), str(row[1])) for row in body):
        given, _, family = name.rpartition(" ")
        employee(given, lower(family), registry, SAHINBEY)
    for number, name in enumerate(dict.fromkeys(str(row[2]) for row in body), 10):
        if name != "Vaka yönetimi":
            factories.competency(name, id=number, name_en=f"English {number}")
    db.session.commit()
    browser = open_round.coordinator
    answer = send(browser, HALILIYE_FILE.read_bytes(), HALILIYE_FILE.name, SAHINBEY)
    assert answer.status_code == 303
    address = str(answer.location)
    text = browser.page(address).text
    rated: dict[tuple[object, object], tuple[object, ...]] = {}
    for cells in body:
        if any(cells[3:]):
            rated.setdefault((cells[0], cells[2]), cells[3:])
    sources = sum((own is not None) + (other is not None) for own, _, other, _ in rated.values())
    assert f"46 kişinin {sources} yeni, 0 değişen" in text
    assert "22 satırda aynı kişi ve yetkinlik farklı" in text
    assert store(browser, address).status_code == 303
    assert (count(Rating), count(Need)) == (sources, len(rated))
    assert "Eğitim ihtiyaçları" in browser.page(f"/needs?organisation={SAHINBEY}").text


def test_the_problems_of_a_row_stand_together(open_round: Stage) -> None:
    """A number that a formula made is not also missing."""
    browser = open_round.coordinator
    page = browser.page(
        staged(browser, ["=1+1", "", "Vaka yönetimi", 9, 0, 4, 3], ["N-001", "", "Uçurtma", 5, 2, 4, 3])
    )
    assert "Satırlarda 4 sorun bulundu" in page.text
    assert "Sicil numarası boş" not in page.text
    assert len(re.findall(r'<th scope="row" class="num">\d+</th>', page.html)) == 2
