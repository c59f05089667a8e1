"""Somebody leaves their institution: their account, their roles and whom they led, and coming back."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.models import Grant, SignIn, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.audit.models import AuditEntry
from app.core.db import db
from app.people.models import Unit
from tests.conftest import Stage
from tests.factories import employee
from tests.people.conftest import fresh
from tests.people.transfers.test_services import grants


def user_of(key: int) -> User:
    db.session.commit()
    db.session.expire_all()
    return EVERYWHERE.get(User, key)


def test_a_focal_point_who_left_exports_nothing_any_more(stage: Stage) -> None:
    user = stage.cast.users["focal_point"]
    hasan = employee("Hasan", "Öz", "N-077", 1, user_id=user).id
    assert stage.focal_point.get("/people?format=csv").status_code == 200
    assert stage.coordinator.post(f"/people/{hasan}/deactivate").status_code == 303
    assert stage.focal_point.get("/people?format=csv").status_code == 302
    assert grants(user) == set()
    assert not user_of(user).active, "nothing is left of the account"
    open_ = EVERYWHERE.restrict(sa.select(sa.func.count(SignIn.id)), SignIn).where(
        SignIn.user_id == user, SignIn.ended_at.is_(None)
    )
    assert db.session.scalar(open_) == 0
    names = list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))
    assert names[-3:] == ["user.role_taken", "user.activated", "person.left"]


def test_who_was_only_made_inactive_by_an_earlier_version_is_settled_by_the_same_step(stage: Stage) -> None:
    user, room = stage.cast.users["focal_point"], "Gör ve sonlandır"
    hasan = employee("Hasan", "Öz", "N-077", 1, user_id=user)
    hasan.active = False
    db.session.commit()
    assert stage.focal_point.get("/people?format=csv").status_code == 200, "as it was left"
    assert room in stage.coordinator.page(f"/people/{hasan.id}").text
    page = stage.coordinator.page(f"/people/{hasan.id}/deactivate").text
    assert "Kurum eğitim sorumlusu" in page and "Sonlandır" in page and "Pasif yap" not in page
    assert stage.coordinator.post(f"/people/{hasan.id}/deactivate").status_code == 303
    assert grants(user) == set() and not user_of(user).active
    assert room not in stage.coordinator.page(f"/people/{hasan.id}").text
    assert stage.coordinator.get(f"/people/{hasan.id}/deactivate").status_code == 302


def test_a_colleague_may_say_so_too_but_nobody_of_herself(stage: Stage) -> None:
    other = employee("İkinci", "Sorumlu", "N-078", 1, user_id=stage.cast.users["nobody_special"]).id
    db.session.add(Grant(user_id=stage.cast.users["nobody_special"], role=Role.FOCAL_POINT, organisation_id=1))
    own = employee("Hasan", "Öz", "N-077", 1, user_id=stage.cast.users["focal_point"]).id
    assert stage.focal_point.post(f"/people/{own}/deactivate").status_code == 422
    assert fresh(own).active
    assert stage.focal_point.post(f"/people/{other}/deactivate").status_code == 303
    assert grants(stage.cast.users["nobody_special"]) == set()


def test_what_she_is_elsewhere_stays_and_is_a_task_until_it_is_settled(stage: Stage) -> None:
    user, elif_ = stage.cast.users["staff"], stage.cast.employees["elif"]
    db.session.add(Grant(user_id=user, role=Role.TRAINER, province_id=1))
    db.session.commit()
    assert stage.staff.get("/devices").status_code == 200
    assert "program yöneticisi karar" in stage.coordinator.page(f"/people/{elif_}/deactivate").text
    assert stage.coordinator.post(f"/people/{elif_}/deactivate").status_code == 303
    assert grants(user) == {("trainer", None)} and user_of(user).active
    assert stage.staff.get("/devices").status_code == 302, "signs in anew, as a trainer only"
    task = "karar bekleyen roller: Elif Ağaoğlu"
    assert task in stage.admin.page("/").text and task not in stage.coordinator.page("/").text
    assert stage.admin.post(f"/users/{user}/deactivate").status_code == 303
    assert task not in stage.admin.page("/").text


def test_the_administrator_may_decide_that_the_roles_stay(stage: Stage) -> None:
    user, elif_ = stage.cast.users["staff"], stage.cast.employees["elif"]
    db.session.add(Grant(user_id=user, role=Role.TRAINER, province_id=1))
    db.session.commit()
    assert stage.admin.post(f"/people/{elif_}/keep-account").status_code == 422, "she is still there"
    assert stage.coordinator.post(f"/people/{elif_}/deactivate").status_code == 303
    assert "Roller kalsın" not in stage.coordinator.page(f"/people/{elif_}").text
    assert stage.coordinator.post(f"/people/{elif_}/keep-account").status_code == 422
    assert "Roller kalsın" in stage.admin.page(f"/people/{elif_}").text
    assert stage.admin.post(f"/people/{elif_}/keep-account").status_code == 303
    assert fresh(elif_).user_id is None and grants(user) == {("trainer", None)} and user_of(user).active
    assert "karar bekleyen roller" not in stage.admin.page("/").text


def test_nobody_is_led_by_her_any_more(stage: Stage) -> None:
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    fresh(isik).supervisor_id = elif_
    db.session.get_one(Unit, 1).head_id = elif_
    shown = stage.focal_point.page(f"/people/{elif_}/deactivate").text
    assert "1 kişi" in shown and "Sosyal Yardım İşleri Müdürlüğü" in shown
    assert stage.focal_point.post(f"/people/{elif_}/deactivate").status_code == 303
    assert fresh(isik).supervisor_id is None and db.session.get_one(Unit, 1).head_id is None


def test_coming_back_restores_nothing_and_access_is_given_anew(stage: Stage) -> None:
    user, elif_ = stage.cast.users["staff"], stage.cast.employees["elif"]
    assert stage.focal_point.post(f"/people/{elif_}/deactivate").status_code == 303
    assert stage.focal_point.post(f"/people/{elif_}/activate").status_code == 303
    assert fresh(elif_).active and not user_of(user).active and grants(user) == set()
    assert f"/people/{elif_}/give-access" in stage.coordinator.page(f"/people/{elif_}").links
    assert stage.coordinator.post(f"/people/{elif_}/give-access").status_code == 303
    assert user_of(user).active and grants(user) == {("staff", 1)}


def test_a_grantless_account_is_given_to_nobody_else(stage: Stage) -> None:
    """An address alone makes nobody the owner of an account that holds no role."""
    bare = user_of(stage.cast.users["nobody_special"])
    isik = fresh(stage.cast.employees["isik"])
    isik.set_identity(isik.given_name, isik.family_name, isik.registry_no, bare.email)
    assert stage.coordinator.post(f"/people/{isik.id}/give-access").status_code == 422
    assert fresh(isik.id).user_id is None


def test_the_page_is_for_those_who_may_write_and_for_active_records(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    assert stage.focal_point_elsewhere.get(f"/people/{isik}/deactivate").status_code == 404
    assert "Buna bağlı bekleyen bir iş yok" in stage.focal_point.page(f"/people/{isik}/deactivate").text
    fresh(isik).active = False
    assert stage.focal_point.get(f"/people/{isik}/deactivate").status_code == 302


def test_an_account_says_what_hangs_on_it(stage: Stage) -> None:
    user = stage.cast.users["staff"]
    assert "Nizip Belediyesi" in stage.coordinator.page(f"/users/{user}/deactivate").text
    assert stage.coordinator.get(f"/users/{stage.cast.users['coordinator']}/deactivate").status_code in (302, 404)
    assert stage.coordinator.post(f"/users/{user}/deactivate").status_code == 303
    assert stage.coordinator.get(f"/users/{user}/deactivate").status_code == 302
