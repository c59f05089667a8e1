"""Institutions and their units."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.db import db
from app.people.models import Unit
from tests.conftest import Stage
from tests.factories import employee


def test_each_sees_her_own_institutions_with_their_staff(stage: Stage) -> None:
    page = stage.coordinator.page("/organisations").text
    assert "Nizip" in page and "Şahinbey" in page and "Yakutiye" not in page
    assert "Şahinbey" not in stage.focal_point.page("/organisations").text
    assert "Yakutiye" in stage.admin.page("/organisations?province=2").text
    assert "Nizip" not in stage.admin.page("/organisations?province=2").text


def test_women_and_men_are_counted_without_who_left(stage: Stage) -> None:
    gone = employee("Gitti", "Geldi", "G-1", 1)
    gone.active = False
    answer = stage.coordinator.get("/organisations?q=nizip&format=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1:] == [["Nizip Belediyesi", "İlçe belediyesi", "Gaziantep", "1", "1", "2"]]
    assert rows[0] == ["Kurum", "Tür", "İl", "Kadın", "Erkek", "Toplam personel"]


@pytest.mark.parametrize("typed", ["sahinbey", "ŞAHİNBEY", "şahin bel"])
def test_search_folds_letters(stage: Stage, typed: str) -> None:
    page = stage.coordinator.page(f"/organisations?q={typed}").text
    assert "Şahinbey" in page and "Nizip Belediyesi" not in page


def test_a_foreign_institution_is_missing(stage: Stage) -> None:
    for path in (
        "/organisations/3",
        "/organisations/3/units/new",
        "/organisations/3/units/3/edit",
        "/organisations/99",
    ):
        assert stage.coordinator.get(path).status_code == 404
    assert stage.coordinator.get("/organisations/1/units/2/edit").status_code == 404, "a unit of another institution"
    assert (
        stage.coordinator.post("/organisations/1/units/2/edit", data={"name_tr": "x", "name_en": "x"}).status_code
        == 404
    )


def test_the_page_shows_units_heads_and_the_way_to_the_people(stage: Stage) -> None:
    db.session.get_one(Unit, 1).head_id = stage.cast.employees["elif"]
    page = stage.focal_point.page("/organisations/1")
    assert "Sosyal Yardım İşleri Müdürlüğü" in page.text and "Elif Ağaoğlu" in page.text
    assert "/people?organisation=1" in page.links
    assert "/organisations/1/units/new" not in page.links, "she reads, the coordinator writes"


def test_a_focal_point_may_not_write_units(stage: Stage) -> None:
    assert stage.focal_point.get("/organisations/1/units/new").status_code == 403
    assert stage.focal_point.post("/organisations/1/units/1/edit").status_code == 403


def test_a_unit_takes_its_names_and_themes_from_its_function(stage: Stage) -> None:
    page = stage.coordinator.page("/organisations/1/units/new").text
    assert "Yazı İşleri" in page
    answer = stage.coordinator.post("/organisations/1/units/new", data={"function": "yazi-isleri"})
    assert answer.status_code == 303
    unit = db.session.scalars(sa.select(Unit).where(Unit.function == "yazi-isleri")).one()
    assert unit.name_tr == "Yazı İşleri Müdürlüğü" and unit.themes and unit.organisation_id == 1
    again = stage.coordinator.post("/organisations/1/units/new", data={"function": "yazi-isleri"})
    assert again.status_code == 422, "a function the institution has is not offered"


def test_a_unit_of_its_own_kind_needs_a_name(stage: Stage) -> None:
    empty = stage.coordinator.post("/organisations/1/units/new", data={"name_tr": " "})
    assert empty.status_code == 422 and "Bu alanı doldurunuz." in empty.text
    assert stage.coordinator.post("/organisations/1/units/new", data={"name_tr": "Göç Masası"}).status_code == 303
    unit = db.session.scalars(sa.select(Unit).where(Unit.function == "goc-masasi")).one()
    assert (unit.name_en, unit.themes) == ("Göç Masası", [])
    twice = stage.coordinator.post("/organisations/1/units/new", data={"name_tr": "Göç  masası"})
    assert twice.status_code == 422 and "zaten var" in twice.text


def test_renaming_and_the_head(stage: Stage) -> None:
    sent = {"name_tr": "Sosyal İşler", "name_en": "Social", "head": "Elif Ağaoğlu · N-001", "version": 1}
    assert stage.coordinator.post("/organisations/1/units/1/edit", data=sent).status_code == 303
    db.session.commit()
    unit = db.session.get_one(Unit, 1)
    assert (unit.name_tr, unit.head_id, unit.function) == (
        "Sosyal İşler",
        stage.cast.employees["elif"],
        "sosyal-yardim-isleri",
    )
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "unit.changed")).one()
    assert set(entry.facts["fields"]) == {"name_tr", "name_en", "head_id"}
    stale = stage.coordinator.post("/organisations/1/units/1/edit", data={**sent, "name_tr": "Başka"})
    assert stale.status_code == 409 and "Sosyal İşler" in stale.text and "Başka" in stale.text
    foreign = stage.coordinator.post("/organisations/1/units/1/edit", data={**sent, "head": "Ş-001", "version": 2})
    assert foreign.status_code == 422 and "böyle biri bulunamadı" in foreign.text


def test_who_names_a_head_second_sees_who_was_named_first(stage: Stage) -> None:
    names = {"name_tr": "Sosyal Yardım İşleri Müdürlüğü", "name_en": "Social Assistance", "version": "1"}
    first = stage.coordinator.post("/organisations/1/units/1/edit", data=names | {"head": "N-001"})
    assert first.status_code == 303
    late = stage.coordinator.post("/organisations/1/units/1/edit", data=names | {"head": "N-002"})
    assert late.status_code == 409
    sides = late.text.split('class="conflict"')[1]
    assert "Elif Ağaoğlu · N-001" in sides and "N-002" in sides
