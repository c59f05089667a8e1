"""Venues and rooms as each role meets them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AccessEntry, AuditEntry
from app.core import slots
from app.core.db import db
from app.venues import queries
from app.venues.models import Room, Venue
from app.web import parts
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements


def venue(name: str, province_id: int | None, **values: Any) -> int:
    """With a room."""
    made = factories.venue(name, province_id=province_id, **values)
    factories.room(venue_id=made.id, capacity=30, step_free=True, equipment=["wifi"])
    return made.id


@pytest.fixture
def here(stage: Stage) -> int:
    return venue("Işık Merkezi", stage.cast.gaziantep, address="İstasyon Cad. 1")


@pytest.fixture
def elsewhere(stage: Stage) -> int:
    return venue("Palandöken Salonu", stage.cast.erzurum)


def the(venue_id: int) -> Venue:
    db.session.expire_all()
    return queries.venue(venue_id)


def only_room(venue_id: int) -> Room:
    db.session.expire_all()
    return queries.rooms_of(queries.venue(venue_id))[0]


TYPED = {"name_tr": "Yeni yer", "name_en": "New place", "province_id": "1", "address": ""}


def test_without_a_room_nothing_is_known_of_access(stage: Stage, here: int) -> None:
    only_room(here).active = False
    db.session.commit()
    page = stage.coordinator.page("/venues").html
    assert 'data-label="Engelsiz erişim">–<' in page
    assert ";Hayır" not in stage.coordinator.get("/venues?format=csv").text
    room = only_room(here)
    room.active, room.step_free = True, False
    db.session.commit()
    assert 'data-label="Engelsiz erişim">Hayır<' in stage.coordinator.page("/venues").html


def test_the_list_and_its_filters(stage: Stage, here: int, elsewhere: int) -> None:
    text = stage.coordinator.page("/venues").text
    assert "Işık Merkezi" in text
    assert "Palandöken Salonu" in text, "sittings may be planned across provinces"
    for address in ("/venues?q=isik", "/venues?q=istasyon", f"/venues?province={stage.cast.gaziantep}"):
        text = stage.coordinator.page(address).text
        assert "Işık Merkezi" in text
        assert "Palandöken" not in text, address
    assert "Eğitim yeri bulunamadı" in stage.coordinator.page("/venues?active=no").text
    answer = stage.coordinator.get("/venues?q=isik", headers=HX)
    assert "<html" not in answer.text
    with statements() as seen:
        stage.coordinator.get("/venues")
    assert len(seen) <= 8, seen


def test_the_file_leaves_a_trace(stage: Stage, here: int, elsewhere: int) -> None:
    answer = stage.coordinator.get("/venues?format=csv&q=isik")
    assert answer.data.decode("utf-8-sig").splitlines()[1].startswith("Işık Merkezi;Gaziantep;")
    assert [e.facts["rows"] for e in db.session.scalars(sa.select(AccessEntry))] == [1]


@pytest.mark.parametrize("who", ["focal_point", "trainer", "staff", "viewer"])
def test_who_has_no_right_is_refused(stage: Stage, here: int, who: str) -> None:
    browser = getattr(stage, who)
    for path in ("/venues", f"/venues/{here}", "/venues/new", f"/venues/{here}/rooms/1"):
        assert browser.get(path).status_code == 403
    for path in ("/venues/new", f"/venues/{here}/edit", f"/venues/{here}/deactivate", f"/venues/{here}/rooms/new"):
        assert browser.post(path, data=TYPED).status_code == 403


def test_a_coordinator_adds_where_she_runs_training(stage: Stage) -> None:
    answer = stage.coordinator.post("/venues/new", data=TYPED)
    assert answer.status_code == 303
    made = int(answer.location.rpartition("/")[2])
    assert (the(made).province_id, the(made).online) == (stage.cast.gaziantep, False)
    page = stage.coordinator.page(answer.location)
    assert "Henüz salon yok" in page.text
    refused = stage.coordinator.post("/venues/new", data=TYPED | {"province_id": str(stage.cast.erzurum)})
    assert refused.status_code == 422
    assert "Yeni yer" in refused.text
    assert stage.coordinator.post("/venues/new", data=TYPED | {"province_id": ""}).status_code == 422
    assert stage.coordinator.post("/venues/new", data=TYPED | {"name_tr": " "}, headers=HX).status_code == 422


def test_online_venues_are_the_administrators(stage: Stage) -> None:
    answer = stage.coordinator.post("/venues/new", data=TYPED | {"online": "y"})
    assert not the(int(answer.location.rpartition("/")[2])).online, "a field that was not shown sets nothing"
    answer = stage.admin.post("/venues/new", data=TYPED | {"online": "y"})
    made = the(int(answer.location.rpartition("/")[2]))
    assert (made.online, made.province_id) == (True, None)
    assert stage.coordinator.post(f"/venues/{made.id}/edit", data=TYPED).status_code == 404


def test_another_provinces_venue_is_looked_at_and_not_touched(stage: Stage, elsewhere: int) -> None:
    page = stage.coordinator.page(f"/venues/{elsewhere}")
    assert f"/venues/{elsewhere}/edit" not in page.links
    room = only_room(elsewhere).id
    assert stage.coordinator.get(f"/venues/{elsewhere}/edit").status_code == 404
    for verb in ("edit", "deactivate", "activate", "rooms/new", f"rooms/{room}/edit", f"rooms/{room}/deactivate"):
        assert stage.coordinator.post(f"/venues/{elsewhere}/{verb}", data=TYPED).status_code == 404, verb
    assert the(elsewhere).active
    assert only_room(elsewhere).active


def test_a_venue_cannot_be_moved_out_of_ones_provinces(stage: Stage, here: int) -> None:
    data = TYPED | {"province_id": str(stage.cast.erzurum), "version": the(here).version}
    assert stage.coordinator.post(f"/venues/{here}/edit", data=data).status_code == 422
    assert the(here).province_id == stage.cast.gaziantep


def test_who_comes_second_sees_both_values(stage: Stage, here: int) -> None:
    was = the(here).version
    assert stage.admin.post(f"/venues/{here}/edit", data=TYPED | {"version": was}).status_code == 303
    answer = stage.coordinator.post(f"/venues/{here}/edit", data=TYPED | {"name_tr": "Benim adım", "version": was})
    assert answer.status_code == 409
    assert "Benim adım" in answer.text
    assert "Yeni yer" in answer.text
    assert the(here).name_tr == "Yeni yer"


def test_only_what_the_form_shows_can_be_set(stage: Stage, here: int) -> None:
    data = TYPED | {"version": the(here).version, "active": "", "id": "9", "name_sort": "x", "online": "y"}
    stage.coordinator.post(f"/venues/{here}/edit", data=data)
    assert the(here).active
    assert not the(here).online
    assert the(here).name_sort != "x"


def test_venues_and_rooms_leave_use_and_come_back(stage: Stage, here: int) -> None:
    room = only_room(here).id
    for path, thing in ((f"/venues/{here}", the), (f"/venues/{here}/rooms/{room}", only_room)):
        assert stage.coordinator.post(f"{path}/deactivate").status_code == 303
        assert not thing(here).active
        assert "Artık kullanılmıyor" in stage.coordinator.page(path).text
        assert stage.coordinator.post(f"{path}/activate").status_code == 303
        assert thing(here).active
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["venue.activated", "venue.activated", "room.activated", "room.activated"]


ROOM = {
    "name_tr": "Salon 2",
    "name_en": "Room 2",
    "capacity": "25",
    "step_free": "y",
    "equipment": ["projector", "wifi"],
}


def test_a_room_is_added_and_changed(stage: Stage, here: int) -> None:
    assert stage.coordinator.post(f"/venues/{here}/rooms/new", data=ROOM).status_code == 303
    room = db.session.scalars(sa.select(Room).where(Room.name_tr == "Salon 2")).one()
    assert (room.capacity, room.step_free, room.equipment) == (25, True, ["projector", "wifi"])
    page = stage.coordinator.page(f"/venues/{here}/rooms/{room.id}")
    assert "Projeksiyon, Kablosuz ağ" in page.text
    for change, sentence in (
        ({"name_tr": "Salon 1"}, "aynı adda"),
        ({"capacity": "0"}, "1 ile"),
        ({"equipment": ["piano"]}, "Bu seçenek"),
    ):
        answer = stage.coordinator.post(
            f"/venues/{here}/rooms/{room.id}/edit", data=ROOM | {"version": room.version} | change
        )
        assert answer.status_code == 422
        assert sentence in answer.text
    stale = stage.coordinator.post(
        f"/venues/{here}/rooms/{room.id}/edit", data=ROOM | {"capacity": "40", "version": "0"}
    )
    assert stale.status_code == 409
    good = stage.coordinator.post(
        f"/venues/{here}/rooms/{room.id}/edit", data=ROOM | {"capacity": "40", "version": room.version}
    )
    assert good.status_code == 303


def test_a_room_is_reached_through_its_own_venue_only(stage: Stage, here: int, elsewhere: int) -> None:
    foreign = only_room(elsewhere).id
    assert stage.coordinator.get(f"/venues/{here}/rooms/{foreign}").status_code == 404
    for verb in ("edit", "deactivate", "activate"):
        assert stage.coordinator.post(f"/venues/{here}/rooms/{foreign}/{verb}", data=ROOM).status_code == 404
    assert stage.coordinator.get("/venues/999").status_code == 404


def test_upper_rooms_show_their_parts(stage: Stage, here: int, monkeypatch: pytest.MonkeyPatch) -> None:
    part = parts.Section("Planlanan oturumlar", "web/ui/empty.html", None)
    for slot, path in (
        ("venue.sections", f"/venues/{here}"),
        ("room.sections", f"/venues/{here}/rooms/{only_room(here).id}"),
    ):
        monkeypatch.setitem(slots.PROVIDERS.here, slot, [lambda caller, thing: part])
        assert "Planlanan oturumlar" in stage.coordinator.page(path).text


def test_a_form_sent_again_with_other_words_is_another(stage: Stage) -> None:
    """Back, change, send: the browser still holds the key of the first time, and whoever typed means the second."""
    place = {"province_id": str(stage.cast.gaziantep), "name_tr": "Birinci salon", "name_en": "One", "request_key": "k"}
    for name in ("Birinci salon", "Birinci salon", "İkinci salon"):
        assert stage.coordinator.post("/venues/new", data=place | {"name_tr": name}).status_code == 303
    assert sorted(db.session.scalars(sa.select(Venue.name_tr))) == ["Birinci salon", "İkinci salon"]
