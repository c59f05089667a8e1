"""Somebody goes to another institution, with everything that hangs on them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.people.models import Employee, Unit
from tests.conftest import Stage
from tests.factories import employee
from tests.people.conftest import fresh

PLACE = {
    "unit_id": "2",
    "title_id": "1",
    "employment_type": "contract",
    "registry_no": "S-900",
    "email": "elif.agaoglu@sahinbey.example",
}


def grants(user_id: int) -> set[tuple[str, int | None]]:
    db.session.expire_all()
    held = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == user_id))
    return {(one.role.value, one.organisation_id) for one in held}


def send(stage: Stage, name: str, person: int, *, to: int = 2, **changes: str) -> int:
    version = str(fresh(person).version)
    browser = getattr(stage, name)
    path = f"/people/{person}/transfer?organisation={to}"
    return int(browser.post(path, data=PLACE | {"version": version} | changes).status_code)


def test_the_way_there_says_what_will_happen(stage: Stage) -> None:
    elif_ = stage.cast.employees["elif"]
    fresh(stage.cast.employees["isik"]).supervisor_id = elif_
    db.session.get_one(Unit, 1).head_id = elif_
    assert f"/people/{elif_}/transfer" in stage.coordinator.page(f"/people/{elif_}").links
    choose = stage.coordinator.page(f"/people/{elif_}/transfer").text
    assert "Şahinbey Belediyesi" in choose
    assert "Yakutiye" not in choose
    page = stage.coordinator.page(f"/people/{elif_}/transfer?organisation=2").text
    for told in ("1 kişi", "Sosyal Yardım İşleri Müdürlüğü", "Rol: Personel", "sicil"):
        assert told in page, told
    seen = db.session.scalars(sa.select(AccessEntry.event).where(AccessEntry.event == "person.viewed")).all()
    assert len(seen) == 3, "the card, and each page of the way"


def test_she_works_there_and_nothing_is_left_behind(stage: Stage) -> None:
    elif_, isik, user = stage.cast.employees["elif"], stage.cast.employees["isik"], stage.cast.users["staff"]
    fresh(isik).supervisor_id = elif_
    db.session.get_one(Unit, 1).head_id = elif_
    assert stage.staff.get("/devices").status_code == 200
    assert send(stage, "coordinator", elif_) == 303
    moved = fresh(elif_)
    assert (moved.organisation_id, moved.unit_id, moved.registry_no) == (2, 2, "S-900")
    assert moved.email == "elif.agaoglu@sahinbey.example" and moved.supervisor_id is None
    assert fresh(isik).supervisor_id is None
    assert db.session.get_one(Unit, 1).head_id is None
    assert grants(user) == {("staff", 2)}
    assert stage.staff.get("/devices").status_code == 302, "she signs in anew"
    assert stage.focal_point.get(f"/people/{elif_}").status_code == 404
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "person.transferred")).one()
    assert entry.facts["from_id"] == 1 and entry.facts["to_id"] == 2
    assert "agaoglu" not in str(entry.facts)


def test_somebody_inactive_comes_back_to_life_there(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    fresh(isik).active = False
    assert send(stage, "coordinator", isik) == 303
    assert fresh(isik).active


def test_it_needs_rights_on_both_records(stage: Stage) -> None:
    elif_, zeynep = stage.cast.employees["elif"], stage.cast.employees["zeynep"]
    assert send(stage, "coordinator", elif_, to=3) == 404, "not where she has no say"
    assert send(stage, "coordinator", zeynep) == 404, "nor from there"
    assert send(stage, "coordinator_elsewhere", elif_, to=3) == 404
    assert send(stage, "admin", elif_, to=99) == 404
    assert stage.coordinator.get(f"/people/{elif_}/transfer?organisation=3").status_code == 404
    assert send(stage, "focal_point", elif_) == 404, "she has one institution only"
    for name in ("trainer", "staff", "viewer"):
        assert send(stage, name, elif_) == 403
    assert fresh(elif_).organisation_id == 1


def test_without_a_second_institution_there_is_no_such_button(stage: Stage) -> None:
    elif_ = stage.cast.employees["elif"]
    assert f"/people/{elif_}/transfer" not in stage.focal_point.page(f"/people/{elif_}").links
    assert stage.focal_point.get(f"/people/{elif_}/transfer").status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [("registry_no", "Ş-001"), ("registry_no", " "), ("unit_id", "1"), ("unit_id", "3"), ("email", "elif@şahin")],
)
def test_what_does_not_fit_there_is_refused_and_kept(stage: Stage, field: str, value: str) -> None:
    elif_ = stage.cast.employees["elif"]
    path = f"/people/{elif_}/transfer?organisation=2"
    answer = stage.coordinator.post(path, data=PLACE | {"version": str(fresh(elif_).version), field: value})
    assert answer.status_code == 422
    assert "S-900" in answer.text or field == "registry_no"
    assert fresh(elif_).organisation_id == 1
    assert grants(stage.cast.users["staff"]) == {("staff", 1)}


def test_whoever_comes_second_sees_it(stage: Stage) -> None:
    elif_ = stage.cast.employees["elif"]
    version = str(fresh(elif_).version)
    fresh(elif_).registry_no = "N-777"
    db.session.commit()
    path = f"/people/{elif_}/transfer?organisation=2"
    answer = stage.coordinator.post(path, data=PLACE | {"version": version})
    assert answer.status_code == 409
    assert "N-777" in answer.text and "S-900" in answer.text


def test_sent_twice_it_happens_once(stage: Stage) -> None:
    elif_ = stage.cast.employees["elif"]
    data = PLACE | {"version": str(fresh(elif_).version), "request_key": "k"}
    path = f"/people/{elif_}/transfer?organisation=2"
    assert [stage.coordinator.post(path, data=data).status_code for _ in (1, 2)] == [303, 303]
    entries = sa.select(sa.func.count()).where(AuditEntry.event == "person.transferred")
    assert db.session.scalar(entries) == 1


def test_a_role_nobody_but_a_coordinator_takes_stays_in_the_way(stage: Stage) -> None:
    """A focal point of two institutions moves nobody out of a role they could not give."""
    isik = fresh(stage.cast.employees["isik"])
    isik.user_id = stage.cast.users["nobody_special"]
    db.session.add(Grant(user_id=isik.user_id, role=Role.FOCAL_POINT, organisation_id=1))
    db.session.add(Grant(user_id=stage.cast.users["focal_point"], role=Role.FOCAL_POINT, organisation_id=2))
    db.session.commit()
    assert send(stage, "focal_point", isik.id) == 422
    assert fresh(isik.id).organisation_id == 1
    assert send(stage, "coordinator", isik.id) == 303
    assert grants(stage.cast.users["nobody_special"]) == {("staff", 2)}


def test_nobody_moves_herself_nor_a_merged_record(stage: Stage) -> None:
    own = employee("Ayşe", "Çelik", "N-050", 1, user_id=stage.cast.users["coordinator"]).id
    gone = employee("Eski", "Kayıt", "N-051", 1).id
    fresh(gone).merged_into_id = own
    db.session.commit()
    assert send(stage, "coordinator", own) == 422
    assert send(stage, "coordinator", gone) == 422
    here = EVERYWHERE.restrict(sa.select(sa.func.count(Employee.id)), Employee).where(Employee.organisation_id == 1)
    assert db.session.scalar(here) == 4
