"""Lists in earnest: real files, hands that meet, work that is cut short, ways back that are barred."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db
from app.core.tables import bulk
from app.core.tables.bulk import NewRows
from app.jobs import worker
from app.jobs.models import Job
from app.people.imports import leavers, services, undoing
from app.people.matching.rules import Outcome
from app.people.models import (
    Employee,
    EmploymentType,
    ImportMemory,
    Sex,
    StaffImport,
    StaffImportRow,
    StaffImportStatus,
    Unit,
)
from app.retention import services as retention
from app.retention.models import Destruction
from tests import factories
from tests.conftest import Stage
from tests.people.imports.lists import (
    AZAD,
    HEAD,
    NIZIP,
    ROJIN,
    UNIT,
    checked,
    kinds,
    person,
    send,
    settle,
    staff,
    state_of,
    store,
    text,
)  # fmt: skip

OFFICE = Path(__file__).parents[2] / "data" / "office"
T_C = "10000000146"


def rows() -> int:
    return db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(StaffImportRow.id)), StaffImportRow)) or 0


def found(import_id: int = 1) -> StaffImport:
    db.session.expire_all()
    return services.queries.staff_import(EVERYWHERE, import_id)


@pytest.mark.parametrize("name", sorted(path.name for path in OFFICE.iterdir()))
def test_office_files_are_understood(stage: Stage, name: str) -> None:
    """No column is left to be said by hand, and nothing is wrong but units and titles this small programme lacks."""
    browser = stage.coordinator
    answer = send(browser, (OFFICE / name).read_bytes(), name)
    assert answer.status_code == 303, answer.text
    address = str(answer.location)
    assert settle(browser, address).status_code == 303
    wrong = set(found().counts["errors"]) - {"unknown_unit", "unknown_title"}
    expected = {"personel_haliliye.xlsx": {"no_registry", "no_given_name", "email"}}
    assert wrong == expected.get(name, set())


def test_what_is_no_person_is_said(stage: Stage) -> None:
    """Totals and notes of a list, and sheets that are another one: nothing is left out silently."""
    workbook = openpyxl.Workbook()
    workbook.active.append(HEAD)
    for row in (AZAD, ROJIN, ["Toplam", 2], ["Not: Liste günceldir."]):
        workbook.active.append(row)
    workbook.create_sheet("Bütçe").append(["Kalem", "Tutar"])
    target = io.BytesIO()
    workbook.save(target)
    page = stage.focal_point.page(str(send(stage.focal_point, target.getvalue(), "liste.xlsx").location))
    assert "toplamlar (1), notlar (1)" in page.text and "Bütçe" in page.text and "2 satır okundu" in page.text


def test_what_nobody_may_collect_is_stored_nowhere(stage: Stage, app: Flask) -> None:
    browser = stage.coordinator
    address = str(send(browser, (OFFICE / "personel_erp_aktarim.csv").read_bytes(), "erp.csv").location)
    page = browser.page(address)
    assert "T.C. Kimlik No" in page.text and "Kan Grubu" in page.text and T_C not in page.html
    settle(browser, address)
    browser.get(f"{address}?format=csv")
    data = b"".join(path.read_bytes() for path in Path(app.config["INSTANCE_PATH"]).glob("test.db*"))
    assert T_C.encode() not in data and b"0 Rh+" not in data and "Örnek Mah".encode() not in data
    for source in db.session.scalars(EVERYWHERE.restrict(sa.select(StaffImport.source), StaffImport)):
        assert source is not None


def test_an_identity_number_as_registry_number_is_an_error_that_repeats_nothing(stage: Stage) -> None:
    address = checked(stage.focal_point, [T_C, *AZAD[1:]])
    page = stage.focal_point.page(address)
    assert "T.C. kimlik numarası yazılmış" in page.text and T_C not in page.html


def test_columns_are_said_by_hand_once(stage: Stage) -> None:
    browser = stage.focal_point
    head = ["Kod", *HEAD[1:], "Gizli not"]
    address = str(send(browser, text([*AZAD, "yazmayın"], head=head)).location)
    assert settle(browser, address, **{"column-0": "registry_no"}).status_code == 303
    assert kinds(browser, address) == {"new": 1}
    rest = services.unpacked(services.queries.source(found()))
    assert "yazmayın" not in str(list(rest)), "what is no column goes when the columns are settled"
    again = checked(browser, [*ROJIN, ""], head=head)
    assert kinds(browser, again) == {"new": 1}
    assert db.session.scalar(EVERYWHERE.select(ImportMemory)).meaning == "registry_no"  # type: ignore[union-attr]


def test_a_list_needs_numbers_and_names(stage: Stage) -> None:
    browser = stage.focal_point
    address = str(send(browser, text(["1", "Azad KARACA", UNIT], head=["Kod", "Adı Soyadı", "Birim"])).location)
    assert settle(browser, address).status_code == 422
    twice = settle(browser, address, **{"column-0": "name"})
    assert twice.status_code == 422 and "aynı olamaz" in twice.text


def test_unknown_units_are_named_or_added(stage: Stage) -> None:
    browser = stage.focal_point
    there: list[object] = ["N-102", "Aynur ERGİN", "Veteriner İşleri Mdl.", "Uzman", "Memur", "K", "", ""]
    odd: list[object] = ["N-103", "Erdal ASLAN", "Sosyal Yardım Ofisi", "Başuzman", "Memur", "E", "", ""]
    address = checked(browser, there, odd)
    assert kinds(browser, address) == {"error": 2}
    assert "“Sosyal Yardım İşleri Müdürlüğü” mi demek istediniz?" in browser.page(address).text
    assert browser.post(f"{address}/add-unit", data={"word": "Veteriner İşleri Mdl."}).status_code == 303
    assert (
        db.session.scalar(sa.select(Unit.name_tr).where(Unit.function == "veteriner-isleri"))
        == "Veteriner İşleri Müdürlüğü"
    )
    assert kinds(browser, address) == {"new": 1, "error": 1}
    assert browser.post(f"{address}/places", data={"unit-0": "1", "title-0": "1"}).status_code == 303
    assert kinds(browser, address) == {"new": 2}
    assert browser.post(f"{address}/places", data={"unit-0": "99"}).status_code in (303, 404)
    assert kinds(browser, checked(browser, odd)) == {"new": 1}, "it is remembered"


def test_a_unit_elsewhere_cannot_be_named(stage: Stage) -> None:
    address = checked(stage.focal_point, ["N-103", "Erdal ASLAN", "Uzay", "Uzman", "Memur", "E", "", ""])
    assert stage.focal_point.post(f"{address}/places", data={"unit-0": "3"}).status_code == 404


def test_possible_doubles_wait_for_a_word(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-900", "Elif AĞAOĞLU", UNIT, "Uzman", "Memur", "K", "", ""], ROJIN)
    assert kinds(browser, address) == {"new": 1, "possible": 1}
    assert "Aynı kişi: Elif Ağaoğlu" in browser.page(address).text
    assert browser.post(f"{address}/decide", data={"who-0": "4"}).status_code == 404, "somebody of another institution"
    assert browser.post(f"{address}/decide", data={"who-0": "0"}).status_code == 303
    assert kinds(browser, address) == {"new": 2}


def test_a_row_with_errors_can_be_decided_too(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-900", "Elif AĞAOĞLU", "Uzay", "Uzman", "Memur", "K", "", ""])
    assert browser.post(f"{address}/decide", data={"who-0": "1"}).status_code == 303
    assert kinds(browser, address) == {"error": 1} and 'name="who-0"' not in browser.page(address).html


def test_undecided_rows_stay_out(stage: Stage) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, ["N-900", "Elif AĞAOĞLU", UNIT, "Uzman", "Memur", "K", "", ""], ROJIN)
    store(browser, address)
    assert staff() == before + 1


def test_an_address_known_elsewhere_names_nobody(stage: Stage) -> None:
    zeynep = person("Y-001")
    assert zeynep is not None
    zeynep.email = "zeynep@ornek.example"
    db.session.commit()
    address = checked(
        stage.focal_point, ["N-104", "Berfin TAŞ", UNIT, "Uzman", "Memur", "K", "ZEYNEP@ornek.example", ""]
    )
    page = stage.focal_point.page(address)
    assert "başka bir kurumda da kayıtlı" in page.text and "Zeynep" not in page.text and "Y-001" not in page.text
    assert kinds(stage.focal_point, address) == {"new": 1}


def test_wrong_rows_come_back_in_their_own_shape(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-105", "=CMD KÖTÜ", "Uzay", "Uzman", "Memur", "K", "bozuk", ""], AZAD)
    table = list(
        csv.reader(
            io.StringIO(browser.get(f"{address}?format=csv").get_data(as_text=True).lstrip("\ufeff")), delimiter=";"
        )
    )
    assert table[0] == [*HEAD, "Hata"]
    assert len(table) == 2 and table[1][1].startswith("'=") and "Uzay" in table[1][-1] and "bozuk" in table[1][-1]
    again = send(browser, browser.get(f"{address}?format=xlsx").get_data(), "duzeltilecek.xlsx")
    assert again.status_code == 303


def test_wrong_rows_can_be_fetched_after_the_good_ones_went_in(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-105", "Berfin TAŞ", "Uzay", "Uzman", "Memur", "K", "", ""], AZAD)
    store(browser, address)
    assert rows() == 1 and "Düzeltilecek satırlar" in browser.page(address).text
    told = browser.get(f"{address}?format=csv").get_data(as_text=True)
    assert "Berfin TAŞ" in told and "Azad" not in told and "Uzay" in told
    assert browser.post(f"{address}/undo").status_code == 303 and rows() == 0
    assert "Düzeltilecek" not in browser.page(address).text


@pytest.mark.parametrize("language", ["tr", "en"])
def test_our_own_export_changes_nothing(stage: Stage, language: str) -> None:
    browser = stage.focal_point
    browser.get(f"/people?lang={language}")
    data = browser.get("/people?format=xlsx").get_data()
    address = str(send(browser, data, "Personel.xlsx").location)
    settle(browser, address)
    assert set(kinds(browser, address)) == {"same"}


# --- hands that meet -----------------------------------------------------------------------------------


def test_somebody_edits_the_same_person_meanwhile(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-001", "Elif AĞAOĞLU", UNIT, "Uzman", "İşçi", "", "", ""])
    state = state_of(browser, address)
    elif_ = person("N-001")
    assert elif_ is not None
    elif_.phone = "0342 111 22 33"
    db.session.commit()
    assert browser.post(f"{address}/commit", data={"state": state}).status_code == 303
    assert found().status is StaffImportStatus.CHECKED, "nothing is stored, and the preview is made anew"
    assert "bir kez daha bakınız" in browser.page(address).text
    after = person("N-001")
    assert after is not None and after.phone == "0342 111 22 33"
    store(browser, address)
    last = person("N-001")
    assert last is not None and (last.employment_type.value, last.phone) == ("worker", "0342 111 22 33")


def test_two_who_store_at_once(stage: Stage) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD)
    state = state_of(browser, address)
    assert browser.post(f"{address}/commit", data={"state": state}).status_code == 303
    assert stage.coordinator.post(f"{address}/commit", data={"state": state}).status_code == 422
    assert staff() == before + 1


def test_it_is_not_taken_back_once_something_hangs_on_it(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, AZAD, ROJIN)
    store(browser, address)
    azad, rojin = person("N-100"), person("N-101")
    assert azad is not None and rojin is not None
    factories.course("BK-09", "Deneme")
    session = factories.course_session()
    factories.enrolment(session.id, azad.id)
    rojin.phone = "0342 111 22 33"
    db.session.commit()
    page = browser.page(address)
    assert "Azad Karaca: bir eğitimin listesinde" in page.text and "Rojin Öz: bilgileri sonradan değişti" in page.text
    assert "/undo" not in page.html
    refused = browser.post(f"{address}/undo")
    assert refused.status_code == 422 and "(Rojin Öz, Azad Karaca)" in refused.text
    assert person("N-100") is not None


def test_whatever_points_at_people_is_said_in_words(app: Flask) -> None:
    """A new pointer at somebody: `undoing.POINTERS.on(app)[str(Model.column)] = lazy_gettext("…")` in the room's `init_app`."""
    with app.app_context():
        assert set(map(str, undoing.pointers())) == undoing.POINTERS.here.keys()


# --- long lists ----------------------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)


def test_a_long_list_is_checked_and_stored_by_the_worker(stage: Stage, long: None) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD, ROJIN)
    assert "denetleniyor" in browser.page(address).text and rows() == 0
    worker.take_up()
    assert kinds(browser, address) == {"new": 2}
    assert store(browser, address).status_code == 303
    assert "kaydediliyor" in browser.page(address).text and staff() == before
    worker.take_up()
    assert staff() == before + 2 and found().status is StaffImportStatus.COMMITTED
    assert rows() == 0


def test_thrown_away_at_sixty_per_cent(stage: Stage, long: None, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD, ROJIN)
    wanted = services._wanted

    def at_sixty(job_id: int, owner: object, import_id: int, part: int) -> StaffImport | None:
        if part == 6:
            assert rows() > 0
            db.session.commit()
            assert browser.post(f"{address}/discard").status_code == 303
        return wanted(job_id, owner, import_id, part)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_wanted", at_sixty)
    worker.take_up()
    assert (rows(), staff(), found().status) == (0, before, StaffImportStatus.DISCARDED)
    source = EVERYWHERE.restrict(sa.select(StaffImport.source), StaffImport)
    assert db.session.scalar(source) is None


def test_a_check_that_was_cut_short_begins_again(stage: Stage, long: None, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = stage.focal_point
    address = checked(browser, AZAD, ROJIN)
    add, seen = NewRows.insert, []

    def dies(rows: NewRows) -> None:
        seen.append(rows)
        if len(seen) == 7:
            raise KeyboardInterrupt
        add(rows)

    monkeypatch.setattr(NewRows, "insert", dies)
    with pytest.raises(KeyboardInterrupt):
        worker.take_up()
    db.session.rollback()
    monkeypatch.setattr(NewRows, "insert", add)
    worker.take_up()
    assert kinds(browser, address) == {"new": 2} and rows() == 2


def test_the_rows_of_a_preview_are_made_while_nothing_is_locked(
    stage: Stage, long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(stage.focal_point, AZAD, ROJIN)
    row, opened = services._row, []

    def watched(import_id: int, one: Outcome) -> dict[str, object]:
        opened.append(db.session().in_transaction())
        return row(import_id, one)

    monkeypatch.setattr(services, "_row", watched)
    worker.take_up()
    assert opened == [False, False]


def test_rows_of_a_long_list_are_held_packed_and_let_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PACKED", 2)
    columns = ("given_name", "family_name", "name_sort", "search_text", "registry_no", "registry_key")
    alike: dict[str, Any] = {
        "organisation_id": NIZIP,
        "employment_type": EmploymentType.WORKER,
        "sex": Sex.MAN,
        "email": "",
    }
    alike |= {"phone": "", "active": True, "created_at": now(), "version": 1}
    alike |= {"unit_id": 1, "title_id": 1}
    before, rows = staff(), NewRows(Employee, columns, alike, long=True)
    for number in range(5):
        rows.add(dict.fromkeys(columns, f"Z-{number}"))
    held = [*rows._packed], [*rows._rows]
    rows.insert()
    assert (len(held[0]), len(held[1]), len(rows), staff()) == (2, 1, 5, before + 5)
    assert not rows._packed and not rows._rows
    found = db.session.scalars(EVERYWHERE.select(Employee).where(Employee.registry_key == "Z-3")).one()
    assert (found.name, found.sex, found.created_at) == ("Z-3 Z-3", Sex.MAN, alike["created_at"])


def test_a_long_list_is_not_stored_over_a_change(stage: Stage, long: None) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD, ROJIN)
    worker.take_up()
    store(browser, address)
    factories.employee("Azad", "Karaca", "N-100", NIZIP)
    db.session.commit()
    worker.take_up()
    assert (staff(), found().status) == (before + 1, StaffImportStatus.CHECKED)
    assert "değişti" in db.session.scalars(EVERYWHERE.select(Job).order_by(Job.id.desc())).first().message  # type: ignore[union-attr]


# --- who is missing ------------------------------------------------------------------------------------


def test_who_is_missing_from_a_whole_list_is_offered_as_gone(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, ["N-001", "Elif AĞAOĞLU", UNIT, "Uzman", "İşçi", "", "", ""], complete="y")
    store(browser, address)
    assert "ayrılan kişi: 1" in browser.page(address).text
    page = browser.page(f"{address}/left")
    isik = person("N-002")
    assert isik is not None and "Işık Çınar" in page.text and "Elif Ağaoğlu" not in page.text
    assert browser.post(f"{address}/left", data={"people": str(isik.id)}).status_code == 422, (
        "one of two is many: type it"
    )
    assert browser.post(f"{address}/left", data={"people": str(isik.id), "number": "1"}).status_code == 303
    worker.take_up()
    gone = person("N-002")
    assert gone is not None and not gone.active
    assert browser.post(f"{address}/undo").status_code == 303
    still = person("N-002")
    assert still is not None and not still.active, "leaving is no part of it"


def test_nobody_is_missing_from_a_list_that_is_not_whole(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, AZAD)
    store(browser, address)
    assert "Eksik kimse yok" in browser.page(f"{address}/left").text


def test_nobody_elsewhere_leaves(stage: Stage) -> None:
    browser = stage.focal_point
    address = checked(browser, AZAD, complete="y")
    store(browser, address)
    zeynep = person("Y-001")
    assert zeynep is not None
    assert browser.post(f"{address}/left", data={"people": str(zeynep.id), "number": "1"}).status_code in (404, 422)
    assert leavers.missing(found())


# --- what is over --------------------------------------------------------------------------------------


def test_old_lists_are_forgotten_as_the_settings_have_it(stage: Stage) -> None:
    browser = stage.focal_point
    waits, done = checked(browser, AZAD), checked(browser, ROJIN)
    store(browser, done)
    past = now() - timedelta(days=31)
    for key in (1, 2):
        one = found(key)
        one.created_at = past
        one.committed_at = one.committed_at and past
        db.session.commit()
    assert "Kaydedilmemiş personel listeleri" in stage.admin.page("/settings/retention").text
    assert len(db.session.scalars(services.old_imports(now() - timedelta(days=30))).all()) == 2
    retention.destroy_old()
    assert (found(1).status, found(1).source, rows()) == (StaffImportStatus.DISCARDED, None, 0)
    assert (found(2).status, found(2).undo) == (StaffImportStatus.COMMITTED, {})
    assert [(one.kind, one.pieces) for one in db.session.scalars(sa.select(Destruction))] == [("imports", 2)]
    assert not db.session.scalars(services.old_imports(now())).all()
    assert "/undo" not in browser.page(done).html
    assert browser.get(waits).status_code == 200


def test_many_at_once_are_found_by_the_search(stage: Stage) -> None:
    """The index is fed in one go; its triggers are there again afterwards."""
    browser = stage.focal_point
    many = [[f"N-2{n:03d}", f"Çok{n:03d} KİŞİ", UNIT, "Uzman", "Memur", "K", "", ""] for n in range(60)]
    store(browser, checked(browser, *many))
    assert "1–50 / 60" in browser.page("/people?q=kisi").text
    again = [[number, str(name).replace("KİŞİ", "BAŞKA"), *rest] for number, name, *rest in many[:30]]
    store(browser, checked(browser, *again))
    assert "1–30 / 30" in browser.page("/people?q=kisi").text and "1–30 / 30" in browser.page("/people?q=baska").text
    if db.engine.dialect.name != "sqlite":
        return  # there are no triggers for it
    triggers = db.session.connection().exec_driver_sql(
        "SELECT count(*) FROM sqlite_master WHERE type='trigger' AND tbl_name='employees'"
    )
    assert triggers.scalar() == 6
    assert "1–30 / 30" in browser.page("/people?q=ba").text, "and of two letters"
