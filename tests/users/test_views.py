"""Accounts, their roles and their one-time links."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from app.access.models import Grant, OneTimeLink, SignIn, User
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.access.sign_in import secrets
from app.audit.models import AccessEntry, AuditEntry
from app.core.db import db
from app.people.models import Employee
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.factories import user

LINK = re.compile(r"http://[^\s<\"]+/welcome/([\w-]+)")


def fresh(user_id: int) -> User:
    db.session.commit()
    db.session.expire_all()
    return EVERYWHERE.get(User, user_id)


def roles(user_id: int) -> set[tuple[str, int | None, int | None]]:
    db.session.commit()
    db.session.expire_all()
    held = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == user_id))
    return {(grant.role.value, grant.province_id, grant.organisation_id) for grant in held}


def grant_id(user_id: int, role: Role) -> int:
    found = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == user_id, Grant.role == role)).one()
    return found.id


def events(name: str) -> list[dict[str, object]]:
    return list(db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.event == name).order_by(AuditEntry.id)))


def open_sign_ins(user_id: int) -> int:
    statement = EVERYWHERE.restrict(sa.select(sa.func.count()).select_from(SignIn), SignIn)
    return db.session.scalar(statement.where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))) or 0


def person(**changes: object) -> dict[str, object]:
    return {
        "given_name": "Ayşe",
        "family_name": "Öz",
        "email": "Ayse.Oz@nizip.example ",
        "language": "tr",
        "role": "focal_point",
        "province_id": "",
        "organisation_id": "1",
        **changes,
    }


# --- the list ------------------------------------------------------------------------------------------


def test_a_coordinator_sees_the_accounts_of_her_province(stage: Stage) -> None:
    here = stage.coordinator.page("/users").text
    assert "ik.nizip@" in here and "koordinator@" in here
    assert "yakutiye" not in here and "koordinator.erzurum" not in here and "admin@" not in here
    everybody = stage.admin.page("/users").text
    assert "rolsuz@" in everybody and "Nizip Belediyesi" in everybody and "Tüm program" in everybody


@pytest.mark.parametrize("who", ["focal_point", "trainer", "staff", "viewer", "nobody_special"])
@pytest.mark.parametrize("path", ["/users", "/users/new", "/users/1", "/users/1/edit"])
def test_the_others_may_not(stage: Stage, who: str, path: str) -> None:
    assert getattr(stage, who).get(path).status_code == 403


def test_filters_search_and_sort(stage: Stage) -> None:
    assert "ik.nizip@" in stage.admin.page("/users?role=focal_point").text
    assert "personel@" not in stage.admin.page("/users?role=focal_point").text
    assert "Kullanıcı bulunamadı" in stage.admin.page("/users?active=no").text
    assert "Ağaoğlu" in stage.admin.page("/users?q=agaoglu").text
    for sort in ("email", "seen", "nonsense"):
        assert stage.admin.get(f"/users?sort={sort}&direction=desc", headers=HX).status_code == 200


def test_the_file_is_the_list_and_leaves_a_trace(stage: Stage) -> None:
    answer = stage.coordinator.get("/users?role=focal_point&format=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Adı soyadı", "E-posta", "Roller"]
    assert [row[:3] for row in rows[1:]] == [
        ["Hasan Öz", "ik.nizip@yetkin.example", "Kurum eğitim sorumlusu (Nizip Belediyesi)"]
    ]
    assert db.session.scalar(sa.select(AccessEntry.facts).where(AccessEntry.event == "access.exported"))["rows"] == 1


def test_the_list_asks_eight_times_at_most(stage: Stage) -> None:
    for n in range(80):
        user(f"u{n}", "Ada", f"Aile{n}", Grant(role=Role.STAFF, organisation_id=1))
    for who in ("admin", "coordinator"):
        getattr(stage, who).get("/sign-in")
        for path in ("/users", "/users?page=2&role=staff"):
            with statements() as seen:
                assert getattr(stage, who).get(path).status_code == 200
            assert len(seen) <= 8, (who, path, seen)


# --- new accounts and one-time links -------------------------------------------------------------------


def test_a_new_account_gets_a_role_and_a_link_that_is_shown_once(stage: Stage) -> None:
    answer = stage.coordinator.post("/users/new", data=person())
    assert answer.status_code == 303
    key = int(answer.location.rpartition("/")[2])
    assert answer.location == f"/users/{key}", "the link stands in no address"
    made = fresh(key)
    assert (made.email, made.password_hash) == ("ayse.oz@nizip.example", None)
    assert roles(key) == {("focal_point", None, 1)}
    shown = stage.coordinator.get(f"/users/{key}").text
    token = LINK.search(shown)
    assert token is not None
    assert LINK.search(stage.coordinator.get(f"/users/{key}").text) is None, "once"
    link = db.session.scalars(EVERYWHERE.select(OneTimeLink).where(OneTimeLink.user_id == key)).one()
    assert link.token_hash == secrets.digest(token[1]), "only its hash is stored"
    sent = {"new_password": "mavi fil kırık saat", "repeat_password": "mavi fil kırık saat"}
    assert stage.nobody.post(f"/welcome/{token[1]}", data=sent).location == "/sign-in"
    assert events("user.created") == [{"user_id": key}]
    assert events("user.link_made") == [{"user_id": key}]
    assert events("user.role_granted") == [
        {"user_id": key, "role": "focal_point", "province_id": None, "organisation_id": 1}
    ]


def test_a_link_is_shown_on_no_other_users_page(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    assert stage.admin.post(f"/users/{key}/link").status_code == 303
    assert LINK.search(stage.admin.get(f"/users/{stage.cast.users['staff']}").text) is None


def test_a_new_link_spends_the_earlier_one(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    found = []
    for _ in range(2):
        stage.coordinator.post(f"/users/{key}/link")
        match = LINK.search(stage.coordinator.get(f"/users/{key}").text)
        assert match is not None
        found.append(match[1])
    assert stage.nobody.get(f"/welcome/{found[0]}").status_code == 404
    assert stage.nobody.get(f"/welcome/{found[1]}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "ik.nizip@yetkin.example"}, "başka bir hesapta kayıtlı"),
        ({"email": "ayşe@nizip.example"}, "Türkçe harf kullanılmaz"),
        ({"email": "ayse"}, "Geçerli bir e-posta"),
        ({"given_name": " "}, "Bu alanı doldurunuz."),
        ({"role": ""}, "Bu alanı doldurunuz."),
        ({"role": "administrator"}, "Bu seçenek kullanılamıyor."),
        ({"role": "coordinator", "organisation_id": "", "province_id": "1"}, "Bu seçenek kullanılamıyor."),
        ({"organisation_id": ""}, "Kurum seçiniz."),
        ({"organisation_id": "3"}, "Bu seçenek kullanılamıyor."),
        ({"role": "trainer", "organisation_id": "", "province_id": "2"}, "Bu seçenek kullanılamıyor."),
        ({"role": "trainer", "organisation_id": ""}, "kendi iliniz içinde"),
        ({"role": "trainer", "organisation_id": "1"}, "burayı boş bırakınız"),
        ({"province_id": "1"}, "burayı boş bırakınız"),
    ],
)
def test_what_a_coordinator_may_not_make(stage: Stage, changes: dict[str, object], sentence: str) -> None:
    answer = stage.coordinator.post("/users/new", data=person(**changes))
    assert answer.status_code == 422 and sentence in answer.text
    assert 'value="Öz"' in answer.text, "nothing typed is lost"
    assert events("user.created") == []


def test_a_coordinator_makes_a_trainer_of_her_province(stage: Stage) -> None:
    answer = stage.coordinator.post("/users/new", data=person(role="trainer", organisation_id="", province_id="1"))
    assert answer.status_code == 303
    assert roles(int(answer.location.rpartition("/")[2])) == {("trainer", 1, None)}


# --- who may change whom -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["edit", "link", "activate", "deactivate", "grants/add", "grants/1/take"])
def test_a_foreign_account_is_missing(stage: Stage, verb: str) -> None:
    for name in ("focal_point_elsewhere", "admin", "nobody_special"):
        key = stage.cast.users[name]
        assert stage.coordinator.post(f"/users/{key}/{verb}", data=person()).status_code == 404
        assert stage.coordinator.get(f"/users/{key}").status_code == 404


@pytest.mark.parametrize("verb", ["edit", "link", "deactivate"])
def test_an_account_with_a_higher_role_is_seen_and_not_managed(stage: Stage, verb: str) -> None:
    """An administrator who is also a focal point here: whoever made them a link would become administrator."""
    both = user(
        "iki", "İki", "Rollü", Grant(role=Role.ADMINISTRATOR), Grant(role=Role.FOCAL_POINT, organisation_id=1)
    ).id
    fellow = user("es", "Eş", "Koordinatör", Grant(role=Role.COORDINATOR, province_id=1)).id
    for key in (both, fellow):
        page = stage.coordinator.page(f"/users/{key}")
        assert f"/users/{key}/edit" not in page.links
        sent = person(version=1, email="calinti@nizip.example")
        answer = stage.coordinator.post(f"/users/{key}/{verb}", data=sent)
        assert answer.status_code == 422
        assert "veremeyeceğiniz roller" in answer.text
        assert fresh(key).active and fresh(key).email != "calinti@nizip.example"
    assert events("user.link_made") == []


def test_editing_changes_what_is_shown_and_nothing_else(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    before = {c.key: getattr(fresh(key), c.key) for c in sa.inspect(User).columns}
    sent = dict.fromkeys(before, "7") | {"active": "", "password_hash": "x", "id": "1"}
    sent |= {
        "given_name": "Hasan",
        "family_name": "Özgür",
        "email": "IK@nizip.example",
        "language": "en",
        "version": "1",
    }
    assert stage.coordinator.post(f"/users/{key}/edit", data=sent).status_code == 303
    after = fresh(key)
    changed = {name for name in before if getattr(after, name) != before[name]}
    assert changed == {"family_name", "email", "language", "name_sort", "search_text", "version"}
    assert after.email == "ik@nizip.example"
    assert events("user.changed") == [{"user_id": key, "fields": ["family_name", "email", "language"]}]


def test_whoever_was_second_sees_both_values(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    first = {"given_name": "Hasan", "family_name": "Bir", "email": "ik@nizip.example", "language": "tr", "version": 1}
    assert stage.coordinator.post(f"/users/{key}/edit", data=first).status_code == 303
    answer = stage.admin.post(f"/users/{key}/edit", data={**first, "family_name": "İki", "language": "en"})
    assert answer.status_code == 409
    assert "Bir" in answer.text and "İki" in answer.text and "English" in answer.text
    assert fresh(key).family_name == "Bir"


def test_deactivation_ends_the_open_sign_ins_and_can_be_undone(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    assert stage.focal_point.get("/people").status_code == 200
    assert stage.coordinator.post(f"/users/{key}/deactivate").status_code == 303
    assert stage.focal_point.get("/people").status_code == 302
    assert open_sign_ins(key) == 0
    assert stage.coordinator.post(f"/users/{key}/link").status_code == 422
    assert stage.coordinator.post(f"/users/{key}/activate").status_code == 303
    assert fresh(key).active
    assert stage.focal_point.get("/people").status_code == 302, "an ended sign-in stays ended"
    assert [facts["active"] for facts in events("user.activated")] == [False, True]


# --- roles ---------------------------------------------------------------------------------------------


def test_giving_and_taking_a_role_ends_the_open_sign_ins(stage: Stage) -> None:
    key = stage.cast.users["staff"]
    stage.staff.get("/devices")
    sent = {"role": "focal_point", "organisation_id": "1"}
    assert stage.coordinator.post(f"/users/{key}/grants/add", data=sent).status_code == 303
    assert roles(key) == {("staff", None, 1), ("focal_point", None, 1)}
    assert open_sign_ins(key) == 0
    stage.staff.as_user(key)
    twice = stage.coordinator.post(f"/users/{key}/grants/add", data=sent)
    assert twice.status_code == 422
    assert "bu rolü zaten var" in twice.text
    taken = stage.coordinator.post(f"/users/{key}/grants/{grant_id(key, Role.FOCAL_POINT)}/take")
    assert taken.status_code == 303
    assert roles(key) == {("staff", None, 1)}
    assert open_sign_ins(key) == 0
    assert events("user.role_taken")[0]["role"] == "focal_point"


def test_a_role_is_given_below_ones_own_and_within_ones_own_scope(stage: Stage) -> None:
    key = stage.cast.users["staff"]
    for sent in (
        {"role": "administrator"},
        {"role": "coordinator", "province_id": "1"},
        {"role": "viewer"},
        {"role": "focal_point", "organisation_id": "3"},
        {"role": "trainer", "province_id": "2"},
        {"role": "trainer"},
    ):
        assert stage.coordinator.post(f"/users/{key}/grants/add", data=sent).status_code == 422, sent
    assert roles(key) == {("staff", None, 1)}
    assert stage.admin.post(f"/users/{key}/grants/add", data={"role": "viewer"}).status_code == 303


def test_nobody_changes_her_own_roles(stage: Stage) -> None:
    own, admin = stage.cast.users["coordinator"], stage.cast.users["admin"]
    sent = {"role": "focal_point", "organisation_id": "1"}
    assert stage.coordinator.post(f"/users/{own}/grants/add", data=sent).status_code == 422
    assert stage.admin.post(f"/users/{admin}/grants/add", data=sent).status_code == 422
    taking = f"/users/{admin}/grants/{grant_id(admin, Role.ADMINISTRATOR)}/take"
    assert stage.admin.post(taking).status_code == 422
    assert stage.admin.post(f"/users/{admin}/deactivate").status_code == 422
    assert fresh(admin).active
    assert "grants/add" not in stage.admin.get(f"/users/{admin}").text


def test_a_role_is_taken_by_whom_it_could_be_given_by(stage: Stage) -> None:
    key = user("iki", "İki", "Rollü", Grant(role=Role.VIEWER), Grant(role=Role.STAFF, organisation_id=1)).id
    above = stage.coordinator.post(f"/users/{key}/grants/{grant_id(key, Role.VIEWER)}/take")
    assert above.status_code == 422
    other = grant_id(stage.cast.users["staff"], Role.STAFF)
    assert stage.coordinator.post(f"/users/{key}/grants/{other}/take").status_code == 404, "a child through its parent"
    mine = stage.coordinator.post(f"/users/{key}/grants/{grant_id(key, Role.STAFF)}/take")
    assert (mine.status_code, mine.location) == (303, "/users"), "and the account is no longer seen here"


def test_the_last_role_of_an_account_stays(stage: Stage) -> None:
    key = stage.cast.users["focal_point"]
    answer = stage.admin.post(f"/users/{key}/grants/{grant_id(key, Role.FOCAL_POINT)}/take")
    assert answer.status_code == 422
    assert "en az bir rol" in answer.text


def test_the_last_administrator_stays(stage: Stage) -> None:
    """The caller administers too, or they could not ask; so the last one is met through an inactive caller's grant."""
    from app.access.caller import Caller, HeldGrant
    from app.core.errors import Refused
    from app.users import services

    admin = stage.cast.users["admin"]
    someone = Caller(999, "Biri", "B", "b@yetkin.example", (HeldGrant(Role.ADMINISTRATOR, None, None, None),))
    with stage.app.test_request_context():
        target = EVERYWHERE.get(User, admin)
        with pytest.raises(Refused, match="Son yönetici"):
            services.set_active(target, False, by=someone)
        grant = db.session.scalars(EVERYWHERE.select(Grant).where(Grant.user_id == admin)).one()
        with pytest.raises(Refused, match="Son yönetici"):
            services.take_role(target, grant, by=someone)
        second = user("admin2", "İkinci", "Yönetici", Grant(role=Role.ADMINISTRATOR))
        second.active = False
        db.session.flush()
        with pytest.raises(Refused, match="Son yönetici"):
            services.set_active(target, False, by=someone)
        second.active = True
        db.session.flush()
        services.set_active(target, False, by=someone)
    assert not fresh(admin).active


# --- accounts of staff ---------------------------------------------------------------------------------


def test_giving_access_from_the_card(stage: Stage) -> None:
    key = stage.cast.employees["isik"]
    assert f"/people/{key}/give-access" in stage.coordinator.page(f"/people/{key}").links
    assert f"/people/{key}/give-access" not in stage.focal_point.page(f"/people/{key}").links
    assert stage.focal_point.get(f"/people/{key}/give-access").status_code == 403
    assert "isik.N-002@ornek.example" in stage.coordinator.page(f"/people/{key}/give-access").text
    answer = stage.coordinator.post(f"/people/{key}/give-access")
    made = int(answer.location.rpartition("/")[2])
    assert LINK.search(stage.coordinator.get(answer.location).text) is not None
    assert roles(made) == {("staff", None, 1)}
    assert EVERYWHERE.get(Employee, key).user_id == made
    assert events("person.linked") == [{"employee_id": key, "user_id": made}]
    again = stage.coordinator.post(f"/people/{key}/give-access")
    assert again.status_code == 422
    assert "başka bir" in again.text or "zaten bir hesabı" in again.text


def test_access_needs_an_address_and_an_active_person(stage: Stage) -> None:
    person_ = EVERYWHERE.get(Employee, stage.cast.employees["isik"])
    person_.email = ""
    answer = stage.coordinator.post(f"/people/{person_.id}/give-access")
    assert answer.status_code == 422
    assert "Önce iş e-postasını giriniz" in answer.text
    assert stage.coordinator_elsewhere.post(f"/people/{stage.cast.employees['isik']}/give-access").status_code == 404


def test_an_account_with_that_address_becomes_hers_if_it_may_be_managed(stage: Stage) -> None:
    known = user("isik", "Işık", "Çınar", Grant(role=Role.TRAINER, province_id=1))
    known.password_hash = "x"
    trainer = known.id
    chief = user("sef", "Şef", "Bey", Grant(role=Role.ADMINISTRATOR)).id
    isik = EVERYWHERE.get(Employee, stage.cast.employees["isik"])
    isik.set_identity("Işık", "Çınar", "N-002", "isik@yetkin.example")
    sukru = EVERYWHERE.get(Employee, stage.cast.employees["sukru"])
    sukru.set_identity("Şükrü", "İğneci", "Ş-001", "sef@yetkin.example")
    isik_id, sukru_id = isik.id, sukru.id
    assert stage.coordinator.post(f"/people/{isik_id}/give-access").location == f"/users/{trainer}"
    assert roles(trainer) == {("trainer", 1, None), ("staff", None, 1)}
    assert LINK.search(stage.coordinator.get(f"/users/{trainer}").text) is None, "she has a password"
    refused = stage.coordinator.post(f"/people/{sukru_id}/give-access")
    assert refused.status_code == 422
    assert EVERYWHERE.get(Employee, sukru_id).user_id is None
    assert roles(chief) == {("administrator", None, None)}
