"""A trainer's weeks and hours, on pages of coordinators."""

from __future__ import annotations

import io
from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook

from app.core.clock import at as moment
from app.core.db import db
from app.training.models import SessionStatus, SittingState
from tests import factories
from tests.cast import Cast
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.training.stage import MONDAY, Props, at, make, sittings


def given(cast: Cast, props: Props) -> str:
    """Ümit gives 1,5 + 1,5 hours in December, one of them shortened to an hour, 1,5 in January, and a draft's."""
    umit = props.trainers["umit"]
    days = (MONDAY, date(2026, 12, 8), date(2027, 1, 11))
    why = {"reason": "Tarih girilmedi"}
    make(cast, *(at(day, "09:00-10:30", props.hall, umit) for day in days), status=SessionStatus.CONFIRMED, **why)
    make(cast, at(MONDAY, "14:00-15:00", props.hall, umit), course_id=2)
    db.session.commit()
    shortened = sittings()[1]
    shortened.state, shortened.effective_minutes = SittingState.SHORTENED, 60
    db.session.commit()
    return f"/trainers/{umit}/ledger"


def test_hours_planned_and_delivered_by_course_and_quarter(stage: Stage, cast: Cast, props: Props) -> None:
    path = given(cast, props)
    with time_machine.travel(moment(date(2026, 12, 20), sittings()[0].starts), tick=False):
        browser = Stage(stage.app, cast).coordinator
        text = browser.page(path).text
        answer = browser.get(f"{path}?format=xlsx")
    assert text.index("2027/1") < text.index("2026/4")
    assert "GY-01" not in text, "a draft is no hour yet"
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]  # it has a sheet
    assert [row[:3] + row[4:] for row in rows[1:]] == [(2027, 1, "BK-02", 1.5, 0), (2026, 4, "BK-02", 3, 2.5)]


@pytest.mark.parametrize("page", ["ledger", "weeks"])
def test_who_sees_it_and_what_it_costs(stage: Stage, cast: Cast, props: Props, page: str) -> None:
    path = given(cast, props).replace("ledger", page)
    for name, status in (("coordinator_elsewhere", 200), ("trainer", 403), ("staff", 403), ("viewer", 403)):
        assert getattr(stage, name).get(path).status_code == status, name
    stage.coordinator.page(path)
    with statements() as seen:
        stage.coordinator.page(path)
    assert len(seen) <= 8
    assert stage.coordinator.get(path.replace("/1/", "/999/")).status_code == 404


def test_a_trainer_enters_her_own_absences(stage: Stage, props: Props) -> None:
    path = "/assignments/absences"
    assert path in stage.trainer.page("/assignments").links
    days = {"first_day": "2026-12-07", "last_day": "2026-12-09", "note": "İzin"}
    assert stage.trainer.post(path, data=days).location == path
    assert "7.12.2026" in stage.trainer.page(path).text.replace("07.12", "7.12")
    assert stage.trainer.post(path, data={"first_day": "2026-12-09", "last_day": "2026-12-08"}).status_code == 422
    assert "uygun değil" in stage.coordinator.page(f"/trainers/{props.trainers['umit']}/weeks?week={MONDAY}").text
    other = factories.absence(props.trainers["zeki"], MONDAY).id
    db.session.commit()
    assert stage.trainer.post(f"{path}/{other}/remove").status_code == 404, "somebody else's"
    for name in ("coordinator", "staff", "admin"):
        assert getattr(stage, name).get(path).status_code == 404, name
        assert getattr(stage, name).post(f"{path}/{other}/remove").status_code == 404, name
        assert path not in stage.admin.page("/assignments").links
    assert stage.trainer.post(f"{path}/1/remove").status_code == 303
    assert "07.12.2026" not in stage.trainer.page(path).text


def test_the_weeks_come_after_the_trainers_page_and_turn_there(stage: Stage, cast: Cast, props: Props) -> None:
    given(cast, props)
    trainer = f"/trainers/{props.trainers['umit']}"
    path = f"{trainer}/weeks"
    page = stage.coordinator.get(trainer).text
    assert f'hx-get="{path}"' in page and f'href="{path}"' in page, "without JavaScript it is a link"
    part = stage.coordinator.get(f"{path}?week={MONDAY}", headers=HX).text
    assert part.lstrip().startswith('<div id="weeks">') and "BK-02/1" in part
    assert f"/sessions/new?day=2026-12-10&amp;trainer={props.trainers['umit']}" in part
    assert f'hx-get="{path}?week=2027-01-11" hx-target="#weeks"' in part
