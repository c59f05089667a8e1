"""A staff list: read, its columns settled, looked at, stored, taken back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.db import db
from tests.conftest import Stage
from tests.people.imports.lists import AZAD, ROJIN, UNIT, YAKUTIYE, checked, kinds, person, send, staff, store, text


@pytest.mark.parametrize("name", ["staff", "trainer", "viewer", "nobody_special"])
def test_who_may_not(stage: Stage, name: str) -> None:
    browser = getattr(stage, name)
    assert browser.get("/people/import").status_code == 403
    assert send(browser, text(AZAD)).status_code == 403


def test_outsider_finds_nothing(stage: Stage) -> None:
    address = checked(stage.focal_point, AZAD)
    assert stage.focal_point_elsewhere.get(address).status_code == 404
    assert stage.coordinator_elsewhere.post(f"{address}/commit").status_code == 404
    assert send(stage.focal_point, text(AZAD), organisation_id=YAKUTIYE).status_code in (404, 422)


def test_a_list_is_shown_then_stored(stage: Stage) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD, ROJIN)
    assert kinds(browser, address) == {"new": 2}
    assert staff() == before
    assert store(browser, address).location == address
    azad = person("N-100")
    assert azad is not None
    assert (azad.given_name, azad.family_name, azad.email, azad.sex.value) == (
        "Azad",
        "Karaca",
        "azad.karaca@nizip.example",
        "man",
    )
    page = browser.page("/people?q=karaca")
    assert "Azad Karaca" in page.text
    assert "Kaydedildi" in browser.page(address).text
    event = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "staff.imported")).one()
    assert (event.facts["added"], event.facts["changed"], event.facts["same"]) == (2, 0, 0)


def test_the_same_list_twice_changes_nothing(stage: Stage) -> None:
    browser = stage.focal_point
    store(browser, checked(browser, AZAD, ROJIN))
    again = checked(browser, AZAD, ROJIN)
    assert kinds(browser, again) == {"same": 2}
    page = browser.page(again)
    assert "Hiçbir şey değişmez" in page.text and "/commit" not in page.html


def test_a_changed_person_is_shown_and_a_blank_overwrites_nothing(stage: Stage) -> None:
    browser = stage.focal_point
    before = person("N-001")
    assert before is not None
    email = before.email
    address = checked(browser, ["N-001", "Elif AĞAOĞLU", UNIT, "Uzman", "İşçi", "", "", ""])
    assert kinds(browser, address) == {"changed": 1}
    assert "Memur → Sürekli işçi" in browser.page(address).text
    store(browser, address)
    after = person("N-001")
    assert after is not None
    assert (after.employment_type.value, after.email, after.sex.value) == ("worker", email, "woman")


def test_an_import_is_taken_back(stage: Stage) -> None:
    browser, before = stage.focal_point, staff()
    address = checked(browser, AZAD, ["N-001", "Elif AĞAOĞLU", UNIT, "Uzman", "İşçi", "", "", ""])
    store(browser, address)
    answer = browser.post(f"{address}/undo")
    assert answer.status_code == 303, answer.text
    elif_ = person("N-001")
    assert elif_ is not None
    assert (staff(), elif_.employment_type.value) == (before, "civil_servant")
    assert "Geri alındı" in browser.page(address).text
