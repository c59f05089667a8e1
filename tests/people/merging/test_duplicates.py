"""One person, one record: likely twins are shown before somebody is added, and a number is one in every spelling."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import Organisation
from app.access.scope import EVERYWHERE
from app.core.db import db
from app.enrolment.nominations import pasting
from app.needs.ratings import rules as ratings
from app.needs.ratings.workbook import ParsedRow
from app.people import queries
from app.people.merging.duplicates import twins
from app.people.models import Employee
from app.people.rules import fold, is_identity_number
from tests import factories
from tests.conftest import Stage
from tests.factories import employee
from tests.people.conftest import details, fresh
from tests.people.transfers.test_services import send

NEW = "/people/new?organisation=1"


def added(stage: Stage, **changes: object) -> tuple[int, str]:
    answer = stage.coordinator.post(NEW, data=details(**changes))
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5144–000", "5144-000"),
        ("5144 — 000", "5144-000"),
        ("5144\u2011000", "5144-000"),
        ("5144−000", "5144-000"),
        ("'5144-000", "5144-000"),
        ("\xa05144-\xa0000 ", "5144-000"),
    ],
)
def test_spellings_of_one_number_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) == other
    assert fold("5144000") != other, "dashes stay"


def test_an_identity_number_is_known_by_its_check_digits() -> None:
    assert is_identity_number("10000000146") and is_identity_number("'100 000 001 46")
    for number in ("10000000147", "00000000146", "1000000014", "123-45", ""):
        assert not is_identity_number(number)


@pytest.mark.parametrize("typed", ["5144–000", "5144 - 000", "'5144-000"])
def test_a_number_is_taken_in_every_spelling(stage: Stage, typed: str) -> None:
    """Where it is added, edited, and taken along to another institution."""
    employee("Ayla", "Uzun", "5144-000", 1)
    status, text = added(stage, registry_no=typed)
    assert status == 422 and "Ayla Uzun" in text
    isik = stage.cast.employees["isik"]
    posted = details(given_name="Işık", family_name="Çınar", registry_no=typed, version=fresh(isik).version)
    assert stage.coordinator.post(f"/people/{isik}/edit", data=posted).status_code == 422
    assert send(stage, "coordinator", stage.cast.employees["sukru"], to=1, unit_id="1", registry_no=typed) == 422


def test_a_number_is_found_in_every_spelling(stage: Stage) -> None:
    """By who looks for it in the list, names a supervisor by it, or pastes it."""
    person = employee("Ayla", "Uzun", "5144–000", 1)
    db.session.commit()
    for typed in ("5144-000", "5144–000"):
        assert "Ayla Uzun" in stage.focal_point.page(f"/people?q={typed}").text, typed
        found = queries.colleague(db.session.get_one(Organisation, 1), typed)
        assert found is not None and found.id == person.id
    other = employee("Can", "Kısa", "77-1", 1)
    db.session.commit()
    assert "Can Kısa" in stage.focal_point.page("/people?q=77–1").text
    assert other.registry_key == "77-1"


def test_it_is_read_from_a_pasted_list_and_from_a_workbook(stage: Stage) -> None:
    person = employee("Ayla", "Uzun", "5144-000", 1)
    session = factories.course_session()
    db.session.commit()
    line = pasting.read(EVERYWHERE, session, "5144–000", 1)[0]
    assert line.employee is not None and line.employee.id == person.id
    row = ParsedRow(2, "5144 – 000", "Ayla Uzun", "yok", (None,) * 4, ())
    _, wrong = ratings.match([row], [fresh(person.id)], [])
    assert [each["code"] for each in wrong] == ["unknown_competency"]


def test_two_who_collide_from_before_stay_and_are_listed_as_doubles(stage: Stage) -> None:
    """Neither is locked: their records are still edited, and each names the other."""
    one, other = employee("Ayla", "Uzun", "5144-000", 1), employee("Bora", "Kara", "5144–000", 1)
    db.session.commit()
    assert [twin.id for twin in twins(EVERYWHERE, fresh(one.id))] == [other.id]
    assert "5144–000" in stage.coordinator.page(f"/people/{one.id}/merge").text
    posted = details(given_name="Ayla", family_name="Uzun", registry_no="5144-000", version=fresh(one.id).version)
    assert stage.coordinator.post(f"/people/{one.id}/edit", data=posted).status_code == 303


@pytest.mark.parametrize(
    "same",
    [
        {"given_name": "Işık", "family_name": "Çınar"},
        {"given_name": "ISIK", "family_name": "CINAR"},
        {"given_name": "Işık", "family_name": "Çınarr"},
        {"email": "isik.N-002@ornek.example"},
    ],
)
def test_a_likely_twin_is_shown_before_anybody_is_added(stage: Stage, same: dict[str, str]) -> None:
    isik = stage.cast.employees["isik"]
    fresh(isik).email = "isik.n-002@ornek.example"
    answer = stage.focal_point.post(NEW, data=details(**same))
    assert answer.status_code == 422 and f"/people/{isik}" in answer.text and "Yine de ekle" in answer.text
    assert "N-100" in answer.text, "what was typed stays"
    assert queries.registry_holder(1, "N-100") is None
    assert stage.focal_point.post(NEW, data=details(**same, anyway="y")).status_code == 303


def test_a_similar_name_elsewhere_says_nothing_and_what_one_may_not_see_is_not_shown(stage: Stage) -> None:
    zeynep = {"given_name": "Zeynep", "family_name": "Yakut"}
    assert stage.coordinator.post(NEW, data=details(**zeynep)).status_code == 303, "another province's"
    assert stage.admin.post(NEW, data=details(given_name="Şükru", family_name="İğnecii", registry_no="N-101"))
    assert stage.admin.post(NEW, data=details(given_name="Zeynepp", family_name="Yakutt", registry_no="N-102"))
    again = stage.admin.post("/people/new?organisation=2", data=details(**zeynep, unit_id=2, registry_no="N-103"))
    assert again.status_code == 422 and "Yakutiye" in again.text, "the very name, anywhere she sees"


def test_the_number_of_somebody_who_left_says_so(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    fresh(isik).active = False
    db.session.commit()
    found = stage.focal_point.post(NEW, data=details(registry_no="N-002"))
    assert found.status_code == 422
    for told in ("Işık Çınar", "artık aktif değil", f"/people/{isik}", "aktif yapılır"):
        assert told in found.text, told


@pytest.mark.parametrize("path", ["new", "edit", "transfer"])
def test_an_identity_number_is_refused_and_not_repeated(stage: Stage, path: str) -> None:
    isik, number = stage.cast.employees["isik"], "10000000146"
    posted = details(registry_no=number, version=fresh(isik).version)
    where = {"new": NEW, "edit": f"/people/{isik}/edit", "transfer": f"/people/{isik}/transfer?organisation=2"}[path]
    answer = stage.coordinator.post(where, data=posted)
    assert answer.status_code == 422 and "T.C. kimlik numarası" in answer.text and number not in answer.text
    stored = EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee).where(Employee.registry_no == number)
    assert db.session.scalar(stored) == 0
