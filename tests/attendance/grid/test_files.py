"""Attendance and scores as a file: out, filled in by an office, and in again."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.attendance.models import MarkChange, MarkSource
from app.completion.models import TestScore
from app.core.db import db
from app.files.sheets import write_xlsx
from tests.attendance.conftest import MUCH_LATER, cells
from tests.cast import EVENING, Group, group, mark, mark_all
from tests.conftest import Stage


def bring(browser: Any, address: str, data: bytes, name: str = "yoklama.xlsx") -> Any:
    return browser.post(address, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def confirmed(html: str) -> dict[str, str]:
    """What the preview would send."""
    return dict(re.findall(r'<input type="hidden" name="([mw]-[0-9-]+)" value="([^"]*)">', html))


def typed_sheet(stands: Group, marks: dict[str, list[str]]) -> bytes:
    """As a coordinator fills it in: names alone, times over the columns."""
    names = {"elif": "ELİF AĞAOĞLU", "isik": "Işık Çınar", "sukru": "Şükrü İğneci", "kim": "Kim Bilir"}
    heads = ["Adı Soyadı", *(f"23.11.2026 {time}" for time in ("09:00", "10:45", "13:30", "15:15")), "Not"]
    return write_xlsx(heads, [[names[key], *words, "x"] for key, words in marks.items()])


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_out_and_in_again_changes_nothing(stage: Stage, format: str, language: str) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark_all(stands, but=((0, "elif"), (1, "isik"), (2, "sukru"), (3, "elif")))
        mark(stands, 0, "elif", "late", 20)
        mark(stands, 1, "isik", "left_early", 5)
        mark(stands, 2, "sukru", "excused")
        base = f"/sessions/{stands.session}/attendance"
        out = stage.coordinator.get(f"{base}/file?format={format}&lang={language}")
        assert out.status_code == 200
        answer = bring(stage.coordinator, f"{base}/import", out.data, f"yoklama.{format}")
        assert answer.status_code == 200
        assert confirmed(answer.text) == {}
        assert ("değişecek bir şey yok" if language == "tr" else "nothing would change") in answer.text


def test_a_filled_list_of_several_sittings_is_shown_and_then_saved(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        mark(stands, 1, "isik", "absent")
        sheet = typed_sheet(
            stands,
            {
                "elif": ["V", "geç 20", "", "Var"],
                "isik": ["y", "Katıldı", "belki", ""],
                "kim": ["V", "V", "V", "V"],
            },
        )
        base = f"/sessions/{stands.session}/attendance/import"
        page = bring(stage.coordinator, base, sheet).text
        assert cells(stands, 0) == {}, "nothing is saved yet"
        for said in ("Kim Bilir", "Okunmayan sütunlar: Not", "“belki” bir yoklama", "Geç geldi, 20 dk", "Katılmadı"):
            assert said in page, said
        assert stage.coordinator.post(f"{base}/save", data=confirmed(page)).status_code == 303
        assert [cells(stands, n) for n in range(4)] == [
            {"elif": "present", "isik": "absent"},
            {"elif": "late:20", "isik": "present"},
            {},
            {"elif": "present"},
        ]
        sources = set(db.session.scalars(EVERYWHERE.select(MarkChange).where(MarkChange.by_id.is_not(None))))
        assert {row.source for row in sources} == {MarkSource.IMPORT}


def test_what_changed_while_the_file_was_looked_at_is_not_overwritten(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast)
        base = f"/sessions/{stands.session}/attendance/import"
        page = bring(stage.coordinator, base, typed_sheet(stands, {"elif": ["V", "V", "", ""]})).text
        mark(stands, 0, "elif", "absent")
        answer = stage.coordinator.post(f"{base}/save", data=confirmed(page), follow_redirects=True)
        assert "1 işaret kaydedilmedi" in answer.text
        assert (cells(stands, 0), cells(stands, 1)) == ({"elif": "absent"}, {"elif": "present"})


def test_a_locked_paper_takes_one_reason(stage: Stage) -> None:
    with time_machine.travel(MUCH_LATER, tick=False):
        stands = group(stage.cast)
        base = f"/sessions/{stands.session}/attendance/import"
        page = bring(stage.coordinator, base, typed_sheet(stands, {"elif": ["V", "V", "V", "V"]})).text
        assert 'name="reason"' in page
        stage.coordinator.post(f"{base}/save", data=confirmed(page) | {"reason": "Kâğıttan"})
        assert all(cells(stands, n) == {"elif": "present"} for n in range(4))


def test_a_file_that_is_none_is_said(stage: Stage, stands: Group) -> None:
    base = f"/sessions/{stands.session}/attendance/import"
    assert bring(stage.coordinator, base, b"PK", "yoklama.xlsx").status_code == 422
    sheet = write_xlsx(["Adı Soyadı", "Kurum"], [["Elif Ağaoğlu", "Nizip"]])
    assert "okunacak bir sütun yok" in bring(stage.coordinator, base, sheet).text


def test_a_trainer_brings_their_own_sittings_only(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, trainer_gives=(1,))
        base = f"/sessions/{stands.session}/attendance/import"
        page = bring(stage.trainer, base, typed_sheet(stands, {"elif": ["V", "V", "V", "V"]})).text
        assert set(confirmed(page)) == {f"{at}-{stands.sittings[1]}-{stands.enrolments['elif']}" for at in "mw"}
        assert bring(stage.coordinator_elsewhere, base, b"x").status_code == 404


def test_scores_out_and_in_again_and_filled(stage: Stage) -> None:
    with time_machine.travel(EVENING, tick=False):
        stands = group(stage.cast, test_required=True, pass_mark=70)
        base, one = f"/sessions/{stands.session}/scores", stands.enrolments["elif"]
        stage.coordinator.post(base, data={f"pre-{one}": "40", f"post-{one}": "88,5"})
        out = stage.coordinator.get(f"{base}/file")
        answer = bring(stage.coordinator, f"{base}/import", out.data)
        assert "değişecek bir şey yok" in answer.text
        sheet = write_xlsx(["Adı Soyadı", "Son test"], [["Işık Çınar", 91.5], ["Elif Ağaoğlu", "yüz"]])
        answer = bring(stage.coordinator, f"{base}/import", sheet)
        assert answer.status_code == 200
        assert 'value="91,5"' in answer.text
        assert 'value="yüz"' in answer.text
        assert "henüz kaydedilmedi" in answer.text
        stored = sorted(row.tenths for row in db.session.scalars(EVERYWHERE.select(TestScore)))
        assert stored == [400, 885], "the list is only shown"
