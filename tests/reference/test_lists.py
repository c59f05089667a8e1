"""Lists from offices and workbooks of ratings call things by the names they had."""

from __future__ import annotations

import pytest

from app.access.scope import EVERYWHERE
from app.audit.journal import SYSTEM
from app.core.db import db
from app.people.models import Employee, ImportMemory, Title
from app.reference import services
from app.reference.models import KINDS
from tests import factories
from tests.conftest import Stage
from tests.needs.ratings.test_views import GOOD, open_round, staged
from tests.needs.ratings.test_views import store as store_ratings
from tests.people.imports.lists import AZAD, NIZIP, checked, kinds, person, store

TITLES, COMPETENCIES = KINDS["titles"], KINDS["competencies"]
__all__ = ["open_round"]  # a fixture


def called(title: str) -> list[object]:
    return [*AZAD[:3], title, *AZAD[4:]]


def rename(name: str) -> None:
    title = db.session.get_one(Title, 1)
    services.change(TITLES, title, {"name_tr": name, "name_en": "", "level": title.level}, by=SYSTEM)
    db.session.commit()


def test_a_staff_list_may_call_a_title_by_a_former_name(stage: Stage) -> None:
    rename("Uzman personel")
    for number, name in enumerate(("UZMAN", "Uzman Personel", "specialist")):
        address = checked(stage.focal_point, [f"N-20{number}", *called(name)[1:]])
        assert kinds(stage.focal_point, address) == {"new": 1}, name
    store(stage.focal_point, address)
    made = person("N-202")
    assert made is not None and made.title_id == 1


def test_a_staff_list_may_call_a_title_by_what_became_part_of_it(stage: Stage) -> None:
    kept = factories.title("Kıdemli uzman")
    db.session.add(ImportMemory(organisation_id=NIZIP, kind="title", word="danisman", meaning="1"))
    db.session.flush()
    services.merge(TITLES, kept, db.session.get_one(Title, 1), by=SYSTEM)
    key = kept.id
    db.session.commit()
    for word in ("Uzman", "Danışman"):
        address = checked(stage.focal_point, called(word))
        assert kinds(stage.focal_point, address) == {"new": 1}, word
    assert store(stage.focal_point, address).status_code == 303
    made = person("N-100")
    assert made is not None and made.title_id == key


def test_a_retired_title_is_known_where_somebody_has_it(stage: Stage) -> None:
    retired = factories.title("Gözetmen", active=False).id
    db.session.commit()
    assert kinds(stage.focal_point, checked(stage.focal_point, called("Gözetmen"))) == {"error": 1}
    EVERYWHERE.get(Employee, stage.cast.employees["isik"]).title_id = retired
    db.session.commit()
    assert kinds(stage.focal_point, checked(stage.focal_point, called("gözetmen"))) == {"new": 1}


@pytest.mark.parametrize("name", ["Vaka yönetimi", "VAKA YÖNETİMİ", "case management", "vaka-yonetimi", "Vaka izleme"])
def test_ratings_may_call_a_competency_by_a_former_name(open_round: Stage, name: str) -> None:
    one = db.session.get_one(COMPETENCIES.model, 1)
    values = {"name_tr": "Vaka izleme", "name_en": "", "theme_id": one.theme_id}
    services.change(COMPETENCIES, one, values, by=SYSTEM)
    db.session.commit()
    address = staged(open_round.coordinator, [*GOOD[:2], name, *GOOD[3:]])
    assert store_ratings(open_round.coordinator, address).status_code == 303


def test_a_file_that_waits_holds_what_it_asks_about(open_round: Stage) -> None:
    """Refused while the round is open; and where it was closed and opened again meanwhile, the file is read anew."""
    address = staged(open_round.coordinator, GOOD)
    answer = open_round.admin.post("/reference/competencies/1/deactivate")
    assert answer.status_code == 422 and "2026, 1. dönem" in answer.text
    made = services.queries.term(COMPETENCIES, 1)
    made.active = False
    db.session.commit()
    answer = store_ratings(open_round.coordinator, address)
    assert answer.status_code == 422 and "yetkinlik listesi değişti" in answer.text
