"""A trainer's account: given from their card, shared with their account as staff, taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.access import rules as sign_ins
from app.access.models import Grant, SignIn, User
from app.access.permissions import Role
from app.access.queries import grants
from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.people.models import Employee
from app.trainers import queries
from app.trainers.models import Trainer
from tests import factories
from tests.conftest import Stage
from tests.factories import user

LINK = re.compile(r"/welcome/[\w-]+")


def trainer(email: str, province_id: int | None = 1, **values: Any) -> int:
    return factories.trainer("Gül", "Işık", email, province_id=province_id, **values).id


def the(trainer_id: int) -> Trainer:
    db.session.expire_all()
    return queries.trainer(EVERYWHERE, trainer_id)


def roles(user_id: int) -> set[tuple[str, int | None, int | None]]:
    db.session.expire_all()
    held = grants([EVERYWHERE.get(User, user_id)])[user_id]
    return {(each.role.value, each.province_id, each.organisation_id) for each in held}


def facts(event: str) -> list[object]:
    return list(
        db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.event == event).order_by(AuditEntry.id))
    )


def open_sign_ins(user_id: int) -> int:
    db.session.expire_all()
    statement = sa.select(sa.func.count()).select_from(SignIn)
    statement = statement.where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    return db.session.scalar(EVERYWHERE.restrict(statement, SignIn)) or 0


def test_an_account_is_made_and_its_link_is_shown_once(stage: Stage) -> None:
    key = trainer("gul.isik@ornek.example")
    assert f"/trainers/{key}/give-access" in stage.coordinator.page(f"/trainers/{key}").links
    assert "gul.isik@ornek.example" in stage.coordinator.page(f"/trainers/{key}/give-access").text
    answer = stage.coordinator.post(f"/trainers/{key}/give-access")
    assert answer.status_code == 303
    made = int(answer.location.rpartition("/")[2])
    assert LINK.search(stage.coordinator.get(answer.location).text)
    assert not LINK.search(stage.coordinator.get(answer.location).text), "only once"
    assert (the(key).user_id, roles(made)) == (made, {("trainer", 1, None)})
    assert facts("trainer.linked") == [{"trainer_id": key, "user_id": made}]
    page = stage.coordinator.page(f"/trainers/{key}")
    assert f"/trainers/{key}/give-access" not in page.links and "Erişimi kaldır" in page.text
    assert stage.coordinator.get(f"/trainers/{key}/give-access").location == f"/trainers/{key}"
    again = stage.coordinator.post(f"/trainers/{key}/give-access")
    assert again.status_code == 422 and "zaten bir hesabı var" in again.text


def test_the_card_leads_her_to_her_own_sittings_and_no_further(stage: Stage) -> None:
    key = trainer("gul.isik@ornek.example")
    stage.coordinator.post(f"/trainers/{key}/give-access")
    browser = stage.app.test_client().as_user(the(key).user_id)  # type: ignore[attr-defined]  # tests' own Browser
    assert browser.get("/assignments").status_code == 200
    assert browser.get(f"/trainers/{key}").status_code == 403


def test_an_account_with_her_address_gets_the_role_too_and_signs_in_anew(stage: Stage) -> None:
    key, staff = trainer("personel@yetkin.example"), stage.cast.users["staff"]
    stage.staff.page("/")
    EVERYWHERE.get(User, staff).password_hash = "x"
    db.session.commit()
    assert open_sign_ins(staff) == 1
    answer = stage.coordinator.post(f"/trainers/{key}/give-access")
    assert answer.location == f"/users/{staff}"
    assert not LINK.search(stage.coordinator.get(answer.location).text), "she has a password"
    assert roles(staff) == {("staff", None, 1), ("trainer", 1, None)}
    assert (the(key).user_id, open_sign_ins(staff)) == (staff, 0)


def test_a_trainer_on_the_staff_keeps_her_account_as_staff(stage: Stage) -> None:
    key = trainer("baska@ornek.example", employee_id=stage.cast.employees["elif"])
    assert "personel@yetkin.example" in stage.coordinator.page(f"/trainers/{key}/give-access").text
    stage.coordinator.post(f"/trainers/{key}/give-access")
    assert the(key).user_id == stage.cast.users["staff"]


def test_withdrawing_takes_the_role_and_leaves_the_rest(stage: Stage) -> None:
    key, staff = trainer("personel@yetkin.example"), stage.cast.users["staff"]
    stage.coordinator.post(f"/trainers/{key}/give-access")
    stage.app.test_client().as_user(staff)  # type: ignore[attr-defined]  # tests' own Browser
    assert stage.coordinator.post(f"/trainers/{key}/withdraw-access").location == f"/trainers/{key}"
    assert (the(key).user_id, roles(staff), open_sign_ins(staff)) == (None, {("staff", None, 1)}, 0)
    assert EVERYWHERE.get(User, staff).active
    assert facts("trainer.unlinked") == [{"trainer_id": key, "user_id": staff}]
    assert stage.coordinator.post(f"/trainers/{key}/withdraw-access").status_code == 303, "twice does nothing"


def test_an_account_that_was_only_a_trainers_sleeps_until_access_is_given_again(stage: Stage) -> None:
    key = trainer("gul.isik@ornek.example")
    stage.coordinator.post(f"/trainers/{key}/give-access")
    made = the(key).user_id
    assert made is not None
    stage.coordinator.post(f"/trainers/{key}/withdraw-access")
    assert the(key).user_id is None and not EVERYWHERE.get(User, made).active
    answer = stage.coordinator.post(f"/trainers/{key}/give-access")
    assert (the(key).user_id, EVERYWHERE.get(User, made).active) == (made, True)
    assert LINK.search(stage.coordinator.get(answer.location).text), "she never set a password"


def test_nobody_gets_at_an_account_above_her_or_elsewhere(stage: Stage) -> None:
    for email in ("admin@yetkin.example", "ik.yakutiye@yetkin.example"):
        key = trainer(email)
        answer = stage.coordinator.post(f"/trainers/{key}/give-access")
        assert answer.status_code == 422 and "Bu e-posta adresi başka bir hesapta kayıtlı" in answer.text, email
        assert the(key).user_id is None
    own = trainer("koordinator@yetkin.example")
    assert stage.coordinator.post(f"/trainers/{own}/give-access").status_code == 422, "nobody changes her own roles"


def test_one_account_is_one_trainer(stage: Stage) -> None:
    first, second = trainer("gul.isik@ornek.example"), trainer("gul.isik@ornek.example")
    stage.coordinator.post(f"/trainers/{first}/give-access")
    answer = stage.coordinator.post(f"/trainers/{second}/give-access")
    assert answer.status_code == 422 and "başka bir eğitmene ait" in answer.text
    assert the(second).user_id is None


def test_access_needs_an_address_and_a_trainer_who_teaches(stage: Stage) -> None:
    key = trainer("")
    assert "Önce e-posta adresini giriniz" in stage.coordinator.page(f"/trainers/{key}/give-access").text
    assert stage.coordinator.post(f"/trainers/{key}/give-access").status_code == 422
    gone = trainer("gul.isik@ornek.example")
    the(gone).active = False
    db.session.commit()
    assert f"/trainers/{gone}/give-access" not in stage.coordinator.page(f"/trainers/{gone}").links
    assert "artık aktif değil" in stage.coordinator.post(f"/trainers/{gone}/give-access").text


def test_a_trainer_of_no_province_is_one_of_her_who_gives_access(stage: Stage) -> None:
    key = trainer("gul.isik@ornek.example", province_id=None)
    stage.coordinator.post(f"/trainers/{key}/give-access")
    here = the(key).user_id
    assert here is not None and roles(here) == {("trainer", 1, None)}
    other = trainer("baska@ornek.example", province_id=None)
    stage.admin.post(f"/trainers/{other}/give-access")
    made = the(other).user_id
    assert made is not None and roles(made) == {("trainer", None, None)}
    assert stage.coordinator.post(f"/trainers/{other}/withdraw-access").status_code == 422, "an administrator gave it"
    assert the(other).user_id == made


@pytest.mark.parametrize("verb", ["give-access", "withdraw-access"])
def test_who_may_not(stage: Stage, verb: str) -> None:
    key = trainer("gul.isik@ornek.example")
    assert stage.coordinator_elsewhere.post(f"/trainers/{key}/{verb}").status_code == 404
    for who in ("focal_point", "trainer", "staff", "viewer"):
        assert getattr(stage, who).post(f"/trainers/{key}/{verb}").status_code == 403, who
    assert stage.coordinator_elsewhere.get(f"/trainers/{key}/give-access").status_code == 404
    assert f"/trainers/{key}/give-access" not in stage.coordinator_elsewhere.page(f"/trainers/{key}").links


def test_an_address_typed_in_capitals_finds_the_account_of_staff_too(stage: Stage) -> None:
    known = user("isik.n-002", "Işık", "Çınar", Grant(role=Role.TRAINER, province_id=1))
    known.email = sign_ins.plain_email("isik.N-002@ornek.example")
    key, known_id = stage.cast.employees["isik"], known.id
    db.session.commit()
    answer = stage.coordinator.post(f"/people/{key}/give-access")
    assert answer.location == f"/users/{known_id}"
    db.session.expire_all()
    assert EVERYWHERE.get(Employee, key).user_id == known_id
