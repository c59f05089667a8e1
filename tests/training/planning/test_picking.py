"""Days ticked in a calendar that shows what is taken; rooms and trainers that are free; free days of their weeks."""

from __future__ import annotations

import re
from datetime import date, timedelta

from app.core.db import db
from app.training.models import SessionStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import HX, Stage
from tests.training.planning.test_views import NEW
from tests.training.stage import MONDAY, Props, at, make, sessions, sittings

CHECK = "/sessions/new/check"


def ticked(text: str) -> list[str]:
    return re.findall(r'name="picked" id="picked-([^"]+)"[^>]* checked', text)


def test_a_first_day_and_a_number_tick_days_and_skip_a_holiday_aloud(stage: Stage, props: Props) -> None:
    seen = stage.coordinator.post(CHECK, data=NEW | {"start": "08.12.2026"}, headers=HX).text
    assert ticked(seen) == ["2026-12-08", "2026-12-10"]
    assert "Aradaki çalışılmayan günler atlandı: 9 Ara Çar." in seen
    assert "Deneme Bayramı" in seen


def test_ticks_hold_until_the_first_day_is_another(stage: Stage, props: Props) -> None:
    browser = stage.coordinator
    seen = browser.post(CHECK, data=NEW, headers=HX).text
    pattern = re.search(r'name="pattern" value="([^"]+)"', seen)
    assert pattern is not None and ticked(seen) == ["2026-12-07", "2026-12-08"]
    own = NEW | {"pattern": pattern[1], "picked": ["2026-12-07", "2026-12-11", "2027-01-15"], "month": "2026-12"}
    seen = browser.post(CHECK, data=own, headers=HX).text
    assert ticked(seen) == ["2026-12-07", "2026-12-11"]
    assert '<input type="hidden" name="picked" value="2027-01-15">' in seen, "of another month"
    assert "cuma saatleriyle" in seen
    assert ticked(browser.post(CHECK, data=own | {"start": "14.12.2026"}, headers=HX).text)[0] == "2026-12-14"
    assert browser.post("/sessions/new", data=own | {"override_reason": "Tarih girilmedi"}).status_code == 303
    assert sorted({each.date for each in sittings()}) == [MONDAY, date(2026, 12, 11), date(2027, 1, 15)]


def test_days_alone_without_a_first_one(stage: Stage, props: Props) -> None:
    data = NEW | {"start": "", "picked": ["2026-12-14", "nichts"]}
    assert stage.coordinator.post("/sessions/new", data=data).status_code == 303
    (made,) = sessions()
    assert (made.starts_on, made.ends_on) == (date(2026, 12, 14), date(2026, 12, 14))
    many = [str(MONDAY + timedelta(days=n)) for n in range(70)]
    assert "1 ile 60" in stage.coordinator.post(CHECK, data=data | {"picked": many}, headers=HX).text


def test_what_is_taken_is_seen_and_the_free_come_first(stage: Stage, cast: Cast, props: Props) -> None:
    umit = props.trainers["umit"]
    make(cast, at(MONDAY, "09:00-10:30", props.hall, umit), course_id=2, status=SessionStatus.OPEN)
    factories.absence(props.trainers["zeki"], date(2026, 12, 8))
    db.session.commit()
    data = NEW | {"trainer_ids": str(umit)}
    seen = stage.coordinator.post(CHECK, data=data, headers=HX).text
    assert "Ümit Güneş: GY-01/1" in seen and "Salon: GY-01/1" in seen, "in the calendar"
    assert seen.index("Derslik 2") < seen.index("Eğitim Salonu 1, Kültür Merkezi"), "the free ones first"
    assert "Dolu: 7 Ara Pzt GY-01/1" in seen
    assert "Dolu: uygun değil" in seen
    assert "Ayla Aydın<span" in seen and "Erzurum" in seen, "another province is named"


def test_a_free_day_of_a_room_or_trainer_leads_to_a_new_session(stage: Stage, cast: Cast, props: Props) -> None:
    make(cast, at(date(2026, 11, 3), "09:00-10:30", props.hall, props.trainers["umit"]), status=SessionStatus.OPEN)
    db.session.commit()
    room = stage.coordinator.page(f"/venues/1/rooms/{props.hall}")
    here = f"/sessions/new?day=2026-11-04&room={props.hall}&province=1"
    assert here in room.links and "/sessions/1" in room.links
    assert not any("day=2026-11-03" in link or "day=2026-11-07" in link for link in room.links), "taken, a Saturday"
    assert any("day=2026-12-08" in x for x in stage.coordinator.page(f"/venues/1/rooms/1?week={MONDAY}").links)
    assert "day=2026-11-04" in stage.coordinator.get(here).text, "it is kept while the course is asked for"
    page = stage.coordinator.get(f"{here}&course=1").text
    assert ticked(page) == ["2026-11-04", "2026-11-05"]
    assert re.search(rf'name="room_id" id="room_id-{props.hall}"[^>]* checked', page)
    assert f"/trainers/{props.trainers['umit']}/weeks" in stage.coordinator.page("/trainers/1").links
    hers = stage.coordinator.page(f"/trainers/{props.trainers['umit']}/weeks")
    link = f"/sessions/new?day=2026-11-04&trainer={props.trainers['umit']}"
    assert link in hers.links
    page = stage.coordinator.get(f"{link}&course=1").text
    assert re.search(rf'name="trainer_ids" id="trainer_ids-{props.trainers["umit"]}"[^>]* checked', page)
    far = stage.coordinator_elsewhere.page(f"/venues/1/rooms/{props.hall}")
    assert "BK-02/1" in far.text and not any("/sessions/new?" in link for link in far.links)
    assert "Haftalar" not in stage.viewer.get(f"/venues/1/rooms/{props.hall}").text
