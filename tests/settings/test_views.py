"""The settings: an administrator's alone, each change recorded, nothing hostile let in."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, date, datetime, time
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.audit.models import AuditEntry
from app.calendar.models import Holiday, HolidayBasis, HolidayKind
from app.core import slots
from app.core.db import db
from app.files.models import Document
from app.settings import queries
from app.settings.holidays import queries as holidays
from app.settings.models import Logo, Setting, Signatory
from app.settings.views import KEYS
from app.web import parts
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements

PAGES = (
    "/settings",
    "/settings/names",
    "/settings/thresholds",
    "/settings/verification",
    "/settings/signatories",
    "/settings/signatories/new",
    "/settings/logos",
    "/settings/logos/1/edit",
    "/settings/holidays",
    "/settings/holidays/new",
)
THRESHOLDS = {
    "threshold": "75",
    "pass_mark": "60",
    "nominations_close_days": "4",
    "lock_days": "2",
    "late_grace_minutes": "10",
    "least_women": "40",
    "visibility_required": "y",
    "version": "0",
}


def events() -> list[tuple[str, dict[str, Any]]]:
    db.session.expire_all()
    return [(one.event, one.facts) for one in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]


def png(width: int = 60, height: int = 20) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("who", ["coordinator", "focal_point", "trainer", "staff", "viewer"])
def test_only_an_administrator_enters(stage: Stage, who: str) -> None:
    browser = getattr(stage, who)
    for path in PAGES:
        assert browser.get(path).status_code == 403, path
    posts = ("names", "thresholds", "verification", "signatories/new", "logos/1/edit", "logos/1/remove", "holidays/new")
    for path in posts:
        assert browser.post(f"/settings/{path}").status_code == 403, path


def test_every_page_opens_in_both_languages(stage: Stage) -> None:
    for path in PAGES:
        for language in ("tr", "en"):
            assert stage.admin.page(f"{path}?lang={language}").title
    with statements() as seen:
        stage.admin.get("/settings")
    assert len(seen) <= 9, "\n".join(seen)


def test_what_each_page_asks_of_them_comes_with_the_sign_in(stage: Stage) -> None:
    """In one statement; and it is what stands there now, whoever changed it."""
    for name in ("Uyum Birimi", "Dönüşüm “Ortak” Birimi"):
        with statements() as seen:
            stage.staff.page("/me")
        (asked,) = [each for each in seen if "FROM settings" in each]
        assert "FROM sign_ins" in asked
        row = queries.setting("institution_tr") or Setting(key="institution_tr")
        row.value = {"value": name}
        db.session.add(row)
        db.session.commit()
        assert name in unescape(stage.staff.page("/me").text)
    assert queries.value("threshold") == 80, "what nobody changed is as it was"


def test_thresholds_are_kept_and_recorded(stage: Stage) -> None:
    assert stage.admin.post("/settings/thresholds", data=THRESHOLDS).status_code == 303
    found = queries.values()
    assert (found["threshold"], found["pass_mark"], found["lock_days"]) == (75, 60, 2)
    assert events() == [
        (
            "settings.changed",
            {"keys": [*KEYS["thresholds"]]},
        )
    ]
    again = stage.admin.post("/settings/thresholds", data=THRESHOLDS | {"version": "7"})
    assert again.status_code == 303
    assert len(events()) == 1, "nothing changed, nothing is recorded"


@pytest.mark.parametrize(
    "change", [{"threshold": "101"}, {"pass_mark": "-1"}, {"lock_days": "0"}, {"lock_days": "x"}, {"threshold": ""}]
)
def test_numbers_have_bounds_and_what_was_typed_stays(stage: Stage, change: dict[str, str]) -> None:
    for headers in ({}, HX):
        answer = stage.admin.post(
            "/settings/thresholds", data=THRESHOLDS | {"late_grace_minutes": "37"} | change, headers=headers
        )
        assert answer.status_code == 422
        assert 'value="37"' in answer.text
    assert events() == []


def test_who_comes_second_sees_both_values(stage: Stage) -> None:
    stage.admin.post("/settings/thresholds", data=THRESHOLDS)
    late = stage.admin.post("/settings/thresholds", data=THRESHOLDS | {"threshold": "91"})
    assert late.status_code == 409
    assert "75" in late.text
    assert "91" in late.text
    assert queries.value("threshold") == 75


def test_names_and_masking(stage: Stage) -> None:
    data = {
        "institution_tr": "Birim",
        "institution_en": "Unit",
        "funding_tr": "  Finansman  ",
        "funding_en": "",
        "version": "0",
    }
    assert stage.admin.post("/settings/names", data=data).status_code == 303
    assert queries.value("funding_tr") == "Finansman"
    assert "Birim" in stage.staff.get("/courses").text
    assert stage.admin.post("/settings/names", data=data | {"institution_tr": " ", "version": "3"}).status_code == 422
    assert stage.admin.post("/settings/verification", data={"mask_names": "y", "version": "0"}).status_code == 303
    assert queries.value("mask_names") is True
    assert "Finansman" not in str(events()), "free text stays out of the audit"


def test_only_what_the_form_shows_can_be_set(stage: Stage) -> None:
    stage.admin.post(
        "/settings/thresholds", data=THRESHOLDS | {"suppress_under": "1", "sample_data": "y", "mask_names": "y"}
    )
    found = queries.values()
    assert (found["suppress_under"], found["sample_data"], found["mask_names"]) == (5, False, False)
    assert stage.admin.get("/settings/suppress_under").status_code == 404


def test_every_setting_has_a_default_within_its_bounds() -> None:
    for key, known in queries.SETTINGS.items():
        assert known.fits(known.default), key
    assert not queries.SETTINGS["threshold"].fits(True)
    assert not queries.SETTINGS["threshold"].fits("80")
    assert not queries.SETTINGS["mask_names"].fits(1)


# --- signatories -----------------------------------------------------------------------------------------


def signs(stage: Stage, name: str, province: str = "") -> int:
    data = {"name": name, "title_tr": "Koordinatör", "title_en": "Coordinator", "province_id": province}
    assert stage.admin.post("/settings/signatories/new", data=data).status_code == 303
    return db.session.scalars(sa.select(Signatory.id).order_by(Signatory.id.desc())).first() or 0


def test_signatories_have_an_order_and_leave(stage: Stage) -> None:
    first, second, other = signs(stage, "Ada Bir"), signs(stage, "Ece İki"), signs(stage, "Efe Üç", "1")
    assert [one.name for one in queries.signatories(None)] == ["Ada Bir", "Ece İki"]
    assert [one.name for one in queries.signatories(1)] == ["Efe Üç"]
    stage.admin.post(f"/settings/signatories/{second}/up")
    stage.admin.post(f"/settings/signatories/{other}/up")
    db.session.expire_all()
    assert [one.name for one in queries.signatories(None)] == ["Ece İki", "Ada Bir"]
    stage.admin.post(f"/settings/signatories/{second}/deactivate")
    db.session.expire_all()
    assert [one.name for one in queries.signatories(None)] == ["Ada Bir"]
    stage.admin.post(f"/settings/signatories/{second}/activate")
    db.session.expire_all()
    assert [one.id for one in queries.signatories(None)] == [first, second]
    assert "Ece İki" in stage.admin.page("/settings/signatories").text
    assert "Ece" not in str(events())


def test_a_signatory_is_changed(stage: Stage) -> None:
    key = signs(stage, "Ada Bir")
    data = {"name": "Ada Yeni", "title_tr": "Vali", "title_en": "Governor", "province_id": "2", "version": "1"}
    assert stage.admin.post(f"/settings/signatories/{key}/edit", data=data | {"province_id": "9"}).status_code == 422
    assert stage.admin.post(f"/settings/signatories/{key}/edit", data=data).status_code == 303
    late = stage.admin.post(f"/settings/signatories/{key}/edit", data=data | {"name": "Geç"})
    assert late.status_code == 409
    assert "Ada Yeni" in late.text
    assert stage.admin.get("/settings/signatories/99/edit").status_code == 404
    assert stage.admin.post("/settings/signatories/99/up").status_code == 404


# --- logos -----------------------------------------------------------------------------------------------


def shown_version(stage: Stage, slot: int) -> str:
    """What the form of a slot carries now; "" where there is no such slot."""
    found = re.search(r'name="version"[^>]*value="(\w*)"', stage.admin.get(f"/settings/logos/{slot}/edit").text)
    return found[1] if found else ""


def upload(stage: Stage, data: bytes, name: str = "logo.png", slot: int = 1, **more: str) -> Any:
    fields = {"alt": "Örnek kurum", "version": shown_version(stage, slot), "file": FileStorage(BytesIO(data), name)}
    fields |= more
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return stage.admin.post(f"/settings/logos/{slot}/edit", data=body, content_type=kind)


def test_a_logo_is_set_shown_replaced_and_removed(stage: Stage) -> None:
    assert upload(stage, png()).status_code == 303
    answer = stage.admin.get("/settings/logos/1")
    assert (answer.mimetype, answer.data) == ("image/png", png())
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Örnek kurum" in stage.admin.get("/settings/logos").text
    assert upload(stage, png(80)).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 2, "issued certificates name the one before"
    assert stage.admin.post("/settings/logos/1/remove").status_code == 303
    assert stage.admin.get("/settings/logos/1").status_code == 404
    assert [name for name, _ in events()] == ["logo.set", "logo.set", "logo.removed"]
    assert stage.coordinator.get("/settings/logos/1").status_code == 403


def test_who_sets_a_logo_second_sees_that_another_stands_there(stage: Stage) -> None:
    version = shown_version(stage, 1)
    assert upload(stage, png(), version=version).status_code == 303
    late = upload(stage, png(80), version=version, alt="Başka kurum")
    assert late.status_code == 409
    assert "Örnek kurum" in late.text and "Başka kurum" in late.text
    assert stage.admin.get("/settings/logos/1").data == png()
    only_picture = shown_version(stage, 1)
    assert upload(stage, png(80)).status_code == 303
    assert upload(stage, png(90), version=only_picture).status_code == 409


def bad_png() -> bytes:
    """Whole by its directory, with correct sums, but the pixels are no picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60, 20, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (SVG, "logo.svg", "Yalnızca PNG ve JPEG"),
        (SVG, "logo.png", "Yalnızca PNG ve JPEG"),
        (b"<html><script>alert(1)</script></html>", "logo.png", "Yalnızca PNG ve JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 2 * 1024 * 1024, "logo.png", "çok büyük"),
        (png(4100, 10), "logo.png", "çok büyük"),
        (png()[:-20], "logo.png", "bozuk"),
        (png() + b"<script>", "logo.png", "bozuk"),
        (bad_png(), "logo.png", "bozuk"),
        (b"\xff\xd8\xff\xe0", "logo.jpg", "bozuk"),
        (b"", "logo.png", "Bir resim seçiniz"),
        (b"", "", "Bir resim seçiniz"),
    ],
)
def test_a_hostile_logo_is_refused_in_one_sentence(stage: Stage, data: bytes, name: str, sentence: str) -> None:
    answer = upload(stage, data, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Örnek kurum" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Logo.id))) == 0


def test_there_are_four_slots(stage: Stage) -> None:
    assert upload(stage, png(), slot=5).status_code == 404
    assert stage.admin.get("/settings/logos/0").status_code == 404
    assert upload(stage, png(), alt=" ").status_code == 422
    first = upload(stage, png(), request_key="once")
    again = upload(stage, png(), request_key="once")
    assert first.status_code == again.status_code == 303
    assert len(events()) == 1, "sent twice, done once"


# --- holidays --------------------------------------------------------------------------------------------

DAY = {
    "date": "24.12.2026",
    "basis": "administrative",
    "kind": "full",
    "name_tr": "İdari izin",
    "name_en": "Leave",
    "from_time": "",
}


def added(stage: Stage, **changes: str) -> int:
    answer = stage.admin.post("/settings/holidays/new", data=DAY | changes)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def test_an_off_day_shows_what_it_hits(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def provider(_caller: Any, day: date) -> parts.Section:
        asked.append(day)
        return parts.Section("Etkilenen oturumlar", "web/ui/empty.html", None)

    key = added(stage)
    assert "planlanmış oturum yok" in stage.admin.page(f"/settings/holidays/{key}").text
    monkeypatch.setitem(slots.PROVIDERS.here, "settings.affected_sittings", [provider])
    assert "Etkilenen oturumlar" in stage.admin.page(f"/settings/holidays/{key}").text
    assert asked == [date(2026, 12, 24)]
    assert events() == [("holiday.added", {"holiday_id": key, "date": "2026-12-24", "basis": "administrative"})]
    assert not queries.calendar().is_working_day(date(2026, 12, 24))
    assert "İdari izin" in stage.admin.page("/settings/holidays?year=2026").text
    assert "İdari izin" not in stage.admin.page("/settings/holidays?year=2027").text
    assert stage.admin.get("/settings/holidays?year=banana").status_code == 200
    assert 'value="İdari izin"' in stage.admin.get("/settings/holidays/new?basis=administrative").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"date": "31.02.2026"}, "gg.aa.yyyy"),
        ({"date": "29.10.2026"}, "zaten girilmiş"),
        ({"kind": "half"}, "tam gün sayılır"),
        ({"basis": "lunar"}, "Bu seçenek"),
        ({"name_tr": " "}, "Bu alanı doldurunuz."),
        ({"from_time": "25"}, "ss:dd"),
    ],
)
def test_a_wrong_day_is_refused(stage: Stage, change: dict[str, str], sentence: str) -> None:
    added(stage, date="29.10.2026", basis="fixed", name_tr="Cumhuriyet Bayramı")
    answer = stage.admin.post("/settings/holidays/new", data=DAY | {"name_en": "My words"} | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "My words" in answer.text


def test_a_day_is_changed_and_removed(stage: Stage) -> None:
    key = added(stage, basis="fixed", kind="half", name_tr="Arife")
    day = db.session.get_one(Holiday, key)
    assert (day.kind, day.from_time, day.basis) == (HolidayKind.HALF, time(13), HolidayBasis.FIXED)
    page = stage.admin.get(f"/settings/holidays/{key}/edit").text
    stamp = page.partition('name="version" value="')[2].partition('"')[0]
    data = DAY | {"basis": "religious", "name_tr": "Ramazan Bayramı", "version": stamp}
    assert stage.admin.post(f"/settings/holidays/{key}/edit", data=data).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Holiday, key).from_time is None
    late = stage.admin.post(f"/settings/holidays/{key}/edit", data=data | {"name_tr": "Geç"})
    assert late.status_code == 409
    assert "Ramazan Bayramı" in late.text
    assert "Geç" in late.text
    assert stage.admin.post(f"/settings/holidays/{key}/remove").status_code == 303
    for verb in ("", "/edit"):
        assert stage.admin.get(f"/settings/holidays/{key}{verb}").status_code == 404
    assert [name for name, _ in events()] == ["holiday.added", "holiday.changed", "holiday.removed"]


def test_missing_religious_holidays_are_said(stage: Stage) -> None:
    added(stage, date="20.03.2026", basis="religious", name_tr="Ramazan Bayramı")
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        assert holidays.years_without_religious_holidays(date(2026, 3, 1)) == [2027]
    sentence = "Dinî bayram tarihleri henüz girilmedi."
    for path in ("/settings", "/settings/holidays"):
        assert sentence in stage.admin.page(path).text
    factories.holiday(date(2027, 3, 9), basis=HolidayBasis.RELIGIOUS)
    db.session.commit()
    with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
        assert holidays.years_without_religious_holidays(date(2026, 11, 1)) == []


def test_settings_rows_stay_single(stage: Stage) -> None:
    stage.admin.post("/settings/thresholds", data=THRESHOLDS)
    stage.admin.post("/settings/thresholds", data=THRESHOLDS | {"threshold": "90", "version": "7", "request_key": "b"})
    rows = db.session.scalars(sa.select(Setting.version).where(Setting.key == "threshold")).all()
    assert rows == [2]
