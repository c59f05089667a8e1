"""A sheet closed and opened again."""

from __future__ import annotations

import time_machine

from app.attendance.sheets import queries as sheets
from app.core.db import db
from tests.cast import DURING, Cast, Group, group, mark, mark_all
from tests.conftest import Stage


def test_closing_and_reopening(stage: Stage, stands: Group) -> None:
    sitting = stands.sittings[0]
    answer = stage.trainer.post(f"/sittings/{sitting}/close")
    assert (answer.status_code, answer.location) == (
        303,
        f"/sittings/{sitting}#r-{sitting}-{stands.enrolments['elif']}",
    )
    assert sheets.closed([sitting]) == set()
    page = stage.trainer.page(f"/sittings/{sitting}")
    assert "Henüz işaretlenmeyen 3 kişi var" in page.text and "Tümü katıldı" in page.text
    mark_all(stands)
    assert stage.trainer.post(f"/sittings/{sitting}/close").status_code == 303
    assert "Yoklama kapatıldı" in stage.trainer.page(f"/sittings/{sitting}").text
    assert stage.trainer.post(f"/sittings/{sitting}/reopen").status_code == 403
    assert stage.coordinator.post(f"/sittings/{sitting}/reopen").status_code == 303
    assert sheets.closed([sitting]) == set()


def test_a_trainer_reaches_every_sheet_in_one_tap(stage: Stage, stands: Group) -> None:
    home = stage.trainer.page("/")
    assert "09:00 Yoklama al · 0/3" in home.text and "15:15 Yoklama al · 0/3" in home.text
    mark_all(stands, but=((1, "elif"),))
    db.session.commit()
    home = stage.trainer.page("/")
    assert "09:00 Yoklama · 3/3" in home.text and "10:45 Yoklama al · 2/3" in home.text
    for page in (stage.trainer.get("/").text, stage.trainer.get("/assignments").text):
        for sitting in stands.sittings:
            assert f'href="/sittings/{sitting}"' in page
    assert "Yoklama al · 2/3" in stage.trainer.page("/assignments").text


def test_a_sitting_one_declined_or_never_gave_has_no_link(stage: Stage, cast: Cast) -> None:
    with time_machine.travel(DURING, tick=False):
        stands = group(cast, trainer_gives=(0, 1))
        page = stage.trainer.get("/").text
        assert f'href="/sittings/{stands.sittings[1]}"' in page
        assert f'href="/sittings/{stands.sittings[2]}"' not in page
        assert "Yoklama" not in stage.staff.page("/me").text


def test_ones_own_page_says_how_much_may_still_be_missed(stage: Stage, stands: Group) -> None:
    assert "Daha ne kadar devamsızlık yapabilirsiniz" in stage.staff.page("/me").text
    assert "72 dk" in stage.staff.page("/me").text, "a fifth of 360 minutes"
    mark(stands, 0, "elif", "left_early", 40)
    db.session.commit()
    assert "32 dk" in stage.staff.page("/me").text
    mark(stands, 1, "elif", "absent")
    db.session.commit()
    assert "Devam koşulunu artık sağlayamaz" in stage.staff.page("/me").text
