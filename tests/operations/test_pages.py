"""Administrators see the last backup on their first page, a missing one as a task, and make one at a tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.models import AuditEntry
from app.core.db import db
from app.operations.backups import queries
from app.settings import services as settings
from tests.conftest import Stage
from tests.counting import statements

MORNING = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PAGE = "/settings/backups"


def at(hour: int) -> int:
    return int((MORNING + timedelta(hours=hour)).timestamp())


def note(**values: int | str) -> None:
    settings.note(values)
    db.session.commit()


@time_machine.travel(MORNING, tick=False)
def test_the_first_page_tells_of_the_last_backup(stage: Stage) -> None:
    page = stage.admin.page("/")
    assert PAGE in page.links and "Henüz yedek yok" in page.text
    note(backup_at=at(-5), backup_seconds=41)
    with statements() as seen:
        page = stage.admin.page("/")
    assert "Son yedek: bugün 03:00, sınandı, 41 sn" in page.text and "Henüz yedek yok" not in page.text
    asked = [one for one in seen if "settings" in one and "sign_ins" not in one and "WHERE" in one]
    assert not asked, "nothing more is asked"
    assert "Last backup: today 03:00, tried, 41 seconds" in stage.admin.page("/?lang=en").text
    assert "Son yedek" not in stage.coordinator.page("/").text
    note(backup_at=at(-29))
    text = stage.admin.page("/?lang=tr").text
    assert "Yedekleme gecikti" in text and "dün 03:00" in text
    note(backup_failed="full", backup_failed_at=at(-1))
    text = stage.admin.page("/").text
    assert "Son yedek alınamadı" in text and "Disk dolu" in text and "Yedekleme gecikti" not in text
    assert "Yedekleme" not in stage.coordinator.page("/").text


def test_an_administrator_asks_for_one(stage: Stage) -> None:
    page = stage.admin.page(PAGE)
    assert "Henüz yedek yok" in page.text and "her gün saat 03:00" in page.text
    answer = stage.admin.post(f"{PAGE}/make", data=page.hidden(f"{PAGE}/make"))
    assert answer.status_code == 303 and answer.headers["Location"] == PAGE
    assert queries.state().is_asked
    assert "Yedek alınıyor" in stage.admin.page(PAGE).text
    events = db.session.scalars(sa.select(AuditEntry.event)).all()
    assert "backup.asked" in events and "settings.changed" not in events
    assert PAGE in stage.admin.page("/settings").links


def test_one_that_failed_is_told_there(stage: Stage) -> None:
    note(backup_at=at(-29), backup_failed="differs", backup_failed_at=at(-1))
    assert "Geri yüklenen, aslıyla aynı değil" in stage.admin.page(PAGE).text


def test_where_the_worker_makes_none_nothing_is_offered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stage.app.config, "BACKUP_KEEP", 0)
    page = stage.admin.page(PAGE)
    assert "programın dışında" in page.text and not [form for form in page.forms if "backups" in str(form)]


@pytest.mark.parametrize("who", ["coordinator", "focal_point", "trainer", "staff", "viewer"])
def test_the_others_may_not(stage: Stage, who: str) -> None:
    assert getattr(stage, who).get(PAGE).status_code == 403
    assert getattr(stage, who).post(f"{PAGE}/make").status_code == 403
    assert stage.nobody.get(PAGE).status_code in (302, 303)
