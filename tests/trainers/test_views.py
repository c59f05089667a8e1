"""Trainers as each role meets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.models import AccessEntry, AuditEntry
from app.core import slots
from app.core.db import db
from app.core.errors import Refused
from app.people.events import EmployeesMerged
from app.trainers import queries
from app.trainers.models import Trainer, TrainerAbsence
from app.web import parts
from tests import factories
from tests.cast import Catalogue, catalogue
from tests.conftest import HX, Stage
from tests.counting import statements


@pytest.fixture
def found(stage: Stage) -> Catalogue:
    return catalogue()


@pytest.fixture
def here(stage: Stage, found: Catalogue) -> int:
    can_teach = [found.competencies["vaka-yonetimi"]]
    given = {"academic_title": "Dr.", "institution": "Üniversite", "province_id": stage.cast.gaziantep}
    return factories.trainer("Işık", "Gül", competency_ids=can_teach, **given).id


@pytest.fixture
def elsewhere(stage: Stage) -> int:
    return factories.trainer("Polat", "Dağ", province_id=stage.cast.erzurum).id


def the(trainer_id: int) -> Trainer:
    db.session.expire_all()
    return queries.trainer(EVERYWHERE, trainer_id)


def typed(found: Catalogue, **changes: Any) -> dict[str, Any]:
    return {
        "academic_title": "Dr.",
        "given_name": "Şule",
        "family_name": "İnce",
        "kind": "internal",
        "institution": "Nizip Belediyesi",
        "province_id": "1",
        "email": "Sule.Ince@ornek.example",
        "colleague": "",
        "competency_ids": [found.competencies["proje-dongusu"]],
    } | changes


def test_the_list_and_its_filters(stage: Stage, found: Catalogue, here: int, elsewhere: int) -> None:
    text = stage.coordinator.page("/trainers").text
    assert "Dr. Işık Gül" in text
    assert "Polat Dağ" in text, "trainers cross provinces"
    addresses = ("?q=isik", "?province=1", f"?competency={found.competencies['vaka-yonetimi']}")
    for address in addresses:
        text = stage.coordinator.page(f"/trainers{address}").text
        assert "Işık Gül" in text, address
        assert "Polat" not in text, address
    assert "Eğitmen bulunamadı" in stage.coordinator.page("/trainers?kind=internal").text
    assert "<html" not in stage.coordinator.get("/trainers?q=isik", headers=HX).text
    with statements() as seen:
        stage.coordinator.get("/trainers")
    assert len(seen) <= 8, "\n".join(seen)


def test_the_file_leaves_a_trace_and_holds_no_address(stage: Stage, here: int, elsewhere: int) -> None:
    answer = stage.coordinator.get("/trainers?format=csv&sort=name")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["Polat Dağ", "Dr. Işık Gül"]
    assert "@" not in answer.text
    assert db.session.scalars(sa.select(AccessEntry)).one().facts == {"what": "trainers", "format": "csv", "rows": 2}


def test_expertise_that_was_not_entered_is_no_number(stage: Stage, here: int, elsewhere: int) -> None:
    html = stage.coordinator.page("/trainers?sort=name").html
    assert re.findall(r'data-label="Yetkinlikler">([^<]*)<', html) == ["–", "1"]
    lines = stage.coordinator.get("/trainers?format=csv&sort=name").data.decode("utf-8-sig").splitlines()
    assert [line.split(";")[-1] for line in lines[1:]] == ["", "1"]


@pytest.mark.parametrize("who", ["focal_point", "trainer", "staff", "viewer"])
def test_who_has_no_right_is_refused(stage: Stage, found: Catalogue, here: int, who: str) -> None:
    browser = getattr(stage, who)
    for path in ("/trainers", f"/trainers/{here}", "/trainers/new", "/trainers/staff?colleague=el"):
        assert browser.get(path).status_code == 403
    for path in ("/trainers/new", f"/trainers/{here}/edit", f"/trainers/{here}/deactivate"):
        assert browser.post(path, data=typed(found)).status_code == 403


def test_a_card_leaves_a_trace(stage: Stage, here: int) -> None:
    page = stage.coordinator.page(f"/trainers/{here}")
    assert "Vaka yönetimi" in page.text
    assert "Üniversite" in page.text
    assert [(e.event, e.facts) for e in db.session.scalars(sa.select(AccessEntry))] == [
        ("trainer.viewed", {"trainer_id": here})
    ]
    assert stage.coordinator.get("/trainers/999").status_code == 404


def test_a_trainer_is_added(stage: Stage, found: Catalogue) -> None:
    answer = stage.coordinator.post(
        "/trainers/new", data=typed(found, colleague="Elif Ağaoğlu · N-001 · Nizip Belediyesi")
    )
    assert answer.status_code == 303
    made = the(int(answer.location.rpartition("/")[2]))
    assert (made.name, made.email, made.employee_id) == (
        "Dr. Şule İnce",
        "sule.ince@ornek.example",
        stage.cast.employees["elif"],
    )
    assert "Proje döngüsü" in stage.coordinator.page(answer.location).text
    again = stage.coordinator.post("/trainers/new", data=typed(found, colleague="agaoglu"))
    assert again.status_code == 422
    assert "zaten eğitmen" in again.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"given_name": " "}, "Bu alanı doldurunuz."),
        ({"kind": "guru"}, "Bu seçenek"),
        ({"email": "şule@ornek.example"}, "e-posta"),
        ({"email": "nothing"}, "Geçerli bir e-posta"),
        ({"competency_ids": ["99"]}, "Bu seçenek"),
        ({"province_id": "2"}, "Bu seçenek"),
        ({"colleague": "Zeynep Yakut · Y-001 · Yakutiye Belediyesi"}, "Personel bulunamadı"),
        ({"colleague": "kimse"}, "Personel bulunamadı"),
        ({"colleague": "isik", "kind": "external"}, "Yalnızca iç eğitmenler"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    stage: Stage, found: Catalogue, change: dict[str, Any], sentence: str
) -> None:
    for headers in ({}, HX):
        answer = stage.coordinator.post("/trainers/new", data=typed(found, **change), headers=headers)
        assert answer.status_code == 422
        assert sentence.lower() in answer.text.lower()
        assert "İnce" in answer.text
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Trainer.id)), Trainer)) == 0


def test_suggestions_stay_within_ones_scope(stage: Stage, found: Catalogue) -> None:
    text = stage.coordinator.get("/trainers/staff?colleague=agaoglu").text
    assert "Elif Ağaoğlu · N-001 · Nizip Belediyesi" in text
    assert "Zeynep" not in stage.coordinator.get("/trainers/staff?colleague=zeynep").text
    assert "Zeynep" in stage.admin.get("/trainers/staff?colleague=zeynep").text


def test_another_provinces_trainer_is_looked_at_and_not_touched(stage: Stage, found: Catalogue, elsewhere: int) -> None:
    assert f"/trainers/{elsewhere}/edit" not in stage.coordinator.page(f"/trainers/{elsewhere}").links
    assert stage.coordinator.get(f"/trainers/{elsewhere}/edit").status_code == 404
    for verb in ("edit", "activate", "deactivate"):
        assert stage.coordinator.post(f"/trainers/{elsewhere}/{verb}", data=typed(found)).status_code == 404
    assert the(elsewhere).active


def test_staff_one_may_not_see_stays_linked(stage: Stage, found: Catalogue) -> None:
    key = factories.trainer("Zeynep", "Yakut", employee_id=stage.cast.employees["zeynep"]).id
    assert "Yakutiye" not in stage.coordinator.page(f"/trainers/{key}").text
    assert "Yakutiye" not in stage.coordinator.page(f"/trainers/{key}/edit").text
    data = typed(found, province_id="", version=the(key).version, colleague="isik")
    assert stage.coordinator.post(f"/trainers/{key}/edit", data=data).status_code == 303
    assert the(key).employee_id == stage.cast.employees["zeynep"]


def test_a_change_is_recorded_and_a_late_one_told(stage: Stage, found: Catalogue, here: int) -> None:
    was = the(here).version
    data = typed(found, version=was, family_name="Gül", given_name="Işık")
    assert stage.admin.post(f"/trainers/{here}/edit", data=data).status_code == 303
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "trainer.changed")).one()
    assert set(entry.facts["fields"]) == {"kind", "institution", "email", "expertise"}
    late = stage.coordinator.post(f"/trainers/{here}/edit", data=data | {"family_name": "Geç", "competency_ids": []})
    assert late.status_code == 409
    for words in ("Geç", "Gül", "Proje döngüsü"):
        assert words in late.text
    assert the(here).family_name == "Gül"


def test_only_what_the_form_shows_can_be_set(stage: Stage, found: Catalogue, here: int) -> None:
    data = typed(found, version=the(here).version, user_id="1", employee_id="1", active="", search_text="x", id="9")
    assert stage.coordinator.post(f"/trainers/{here}/edit", data=data).status_code == 303
    made = the(here)
    assert (made.user_id, made.employee_id, made.active) == (None, None, True)
    assert "ince" in made.search_text


def test_a_trainer_leaves_and_comes_back(stage: Stage, here: int) -> None:
    assert stage.coordinator.post(f"/trainers/{here}/deactivate").status_code == 303
    stage.coordinator.get("/trainers")  # the message that names them is read
    assert "Işık Gül" not in stage.coordinator.page("/trainers").text
    assert "Işık Gül" in stage.coordinator.page("/trainers?active=no").text
    assert stage.coordinator.post(f"/trainers/{here}/activate").status_code == 303
    assert the(here).active


def test_a_merge_takes_the_trainer_along(stage: Stage, found: Catalogue) -> None:
    kept, merged = stage.cast.employees["elif"], stage.cast.employees["isik"]
    key = factories.trainer("Işık", "Çınar", employee_id=merged).id
    journal.record(EmployeesMerged(kept, merged), by=journal.SYSTEM)
    db.session.commit()
    assert the(key).employee_id == kept
    factories.trainer("Şükrü", "İğneci", employee_id=stage.cast.employees["sukru"])
    with pytest.raises(Refused):
        journal.record(EmployeesMerged(stage.cast.employees["sukru"], kept), by=journal.SYSTEM)
    db.session.rollback()


def test_search_and_parts_of_upper_rooms(stage: Stage, here: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.access.models import User
    from app.access.queries import caller_of
    from app.trainers.pages import hits

    part = parts.Section("Oturumları", "web/ui/empty.html", None)
    monkeypatch.setitem(slots.PROVIDERS.here, "trainer.sections", [lambda caller, thing: part])
    assert "Oturumları" in stage.coordinator.page(f"/trainers/{here}").text
    with stage.app.test_request_context("/"):
        coordinator = caller_of(EVERYWHERE.get(User, stage.cast.users["coordinator"]))
        focal = caller_of(EVERYWHERE.get(User, stage.cast.users["focal_point"]))
        answer = hits(coordinator, "isik")
        assert answer is not None
        assert answer.hits[0].label == "Dr. Işık Gül"
        assert hits(focal, "isik") is None


# --- days a trainer cannot teach ---------------------------------------------------------------------------


def test_days_are_entered_seen_and_removed(stage: Stage, here: int) -> None:
    days_of = f"/trainers/{here}/absences"
    assert stage.coordinator.get(days_of).status_code == 200
    days = {"first_day": "08.12.2099", "last_day": "2099-12-10", "note": "Yıllık izin"}
    assert stage.coordinator.post(days_of, data=days).location == days_of
    assert "08.12.2099 – 10.12.2099" in stage.coordinator.page(days_of).text
    assert "Yıllık izin" in stage.coordinator.page(f"/trainers/{here}").text
    (absence,) = db.session.scalars(EVERYWHERE.select(TrainerAbsence))
    for name in ("trainer", "staff", "viewer", "focal_point"):
        assert getattr(stage, name).post(f"{days_of}/{absence.id}/remove").status_code == 403, name
    assert stage.coordinator.post(f"/trainers/{here + 1}/absences/{absence.id}/remove").status_code == 404
    assert stage.coordinator.post(f"{days_of}/{absence.id}/remove").status_code == 303
    assert "08.12.2099" not in stage.coordinator.page(days_of).text


def test_days_that_end_before_they_begin_are_refused_and_kept(stage: Stage, here: int) -> None:
    days_of = f"/trainers/{here}/absences"
    answer = stage.coordinator.post(days_of, data={"first_day": "10.12.2099", "last_day": "08.12.2099"})
    assert answer.status_code == 422
    assert 'id="last_day-error"' in answer.text
    assert "2099-12-10" in answer.text
    assert stage.coordinator.post(days_of, data={}).status_code == 422


def test_another_provinces_trainer_has_no_days_to_change(stage: Stage, here: int) -> None:
    days_of = f"/trainers/{here}/absences"
    assert stage.coordinator_elsewhere.get(days_of).status_code == 404
    assert stage.coordinator_elsewhere.post(days_of, data={"first_day": "10.12.2099"}).status_code == 404
