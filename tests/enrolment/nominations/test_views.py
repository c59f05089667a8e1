"""The pages where people are put forward, and what a focal point decides there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.access.models import Grant
from app.access.permissions import Role
from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.needs.models import Need
from app.people.models import Employee
from app.training.models import Acceptance, CourseSession, SessionStatus
from tests import factories
from tests.conftest import HX, Stage
from tests.counting import statements
from tests.enrolment.stage import course, course_session, enrolled, need, statuses
from tests.people.transfers.test_services import PLACE

S = EnrolmentStatus


def test_suggested_people_stand_there_with_the_reason(stage: Stage) -> None:
    session = course_session()
    need(stage.cast.employees["elif"], "5", "2.5")
    need(stage.cast.employees["zeynep"], "5", "3")
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments/add")
    assert "Vaka yönetimi: yetkinlik açığı 2,5" in page.text
    assert "Yüksek öncelik" in page.text
    assert "Zeynep" not in page.text, "of another province"
    enrolled(session, stage.cast.employees["elif"])
    assert "Elif" not in stage.coordinator.page(f"/sessions/{session.id}/enrolments/add").text


def test_nobody_rated_is_not_nobody_with_a_gap(stage: Stage) -> None:
    address = f"/sessions/{course_session().id}/enrolments/add"
    before = stage.coordinator.page(address).text
    assert "henüz kimse değerlendirilmedi" in before
    assert "kimse görünmüyor" not in before
    need(stage.cast.employees["zeynep"], "5", "3")
    assert "henüz kimse değerlendirilmedi" in stage.coordinator.page(address).text, "somebody of another province was"
    need(stage.cast.employees["elif"], "5", "0")
    for row in db.session.scalars(EVERYWHERE.select(Need)):
        row.need = False
    db.session.commit()
    assert "kimse görünmüyor" in stage.coordinator.page(address).text


def test_where_nobody_is_rated_the_staff_stand_there_to_tick(stage: Stage) -> None:
    """An installation without a needs analysis has nobody to suggest, and an office that knows its people."""
    session = course_session()
    elif_, isik, sukru = (stage.cast.employees[name] for name in ("elif", "isik", "sukru"))
    enrolled(session, elif_)
    EVERYWHERE.get(Employee, sukru).active = False
    db.session.commit()
    address = f"/sessions/{session.id}/enrolments/add"
    for browser in (stage.coordinator, stage.focal_point):
        page = browser.get(address).text
        assert re.findall(r'name="employee_ids"[^>]*value="(\d+)"', page) == [str(isik)], "neither listed nor left"
    assert stage.focal_point.post(address, data={"employee_ids": [isik]}).status_code == 303


def test_whom_nothing_keeps_from_a_seat_is_suggested_first(stage: Stage) -> None:
    isik, elif_ = stage.cast.employees["isik"], stage.cast.employees["elif"]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik)
    session = course_session()
    need(isik, "5", "3")
    need(elif_, "5", "1")
    text = stage.coordinator.page(f"/sessions/{session.id}/enrolments/add").text
    assert "Aynı saatte başka bir eğitimi var: BK-03/1" in text
    assert text.index("Elif") < text.index("Işık Çınar"), "though the other gap is larger"


def test_one_reason_is_said_once_with_everybody_it_holds_for(stage: Stage) -> None:
    isik, elif_ = stage.cast.employees["isik"], stage.cast.employees["elif"]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik, elif_)
    session = course_session()
    answer = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data={"employee_ids": [isik, elif_]})
    assert answer.status_code == 422
    found = re.search(r"([^<>]*): Aynı saatte", answer.text)
    assert found is not None
    assert {name.strip() for name in found[1].split(",")} >= {"Işık Çınar"}, found[1]
    assert "Elif" in found[1], "both names stand before the one reason"


def test_people_are_found_by_name_with_what_is_to_be_known(stage: Stage) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), stage.cast.employees["isik"])
    session = course_session()
    page = stage.coordinator.page(f"/sessions/{session.id}/enrolments/add?q=isik")
    assert "Işık Çınar" in page.text
    assert "Aynı saatte başka bir eğitimi var: BK-03/1" in page.text
    found = stage.coordinator.get(f"/sessions/{session.id}/enrolments/add?q=isik", headers=HX).text
    assert found.lstrip().startswith('<div id="found"')
    assert "Kimse bulunamadı" in stage.coordinator.page(f"/sessions/{session.id}/enrolments/add?q=zeynep").text


def test_the_third_training_of_a_quarter_is_pointed_out(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    day = today().replace(month=1, day=10) + timedelta(days=365)
    for number, code in enumerate(("BK-03", "BK-04"), 1):
        enrolled(course_session(course(code, f"Eğitim {code}"), day=day + timedelta(days=number)), isik)
    session = course_session(day=day + timedelta(days=20))
    assert (
        "Bu çeyrekteki üçüncü (veya sonraki) eğitimi"
        in stage.focal_point.page(f"/sessions/{session.id}/enrolments/add?q=isik").text
    )


def test_many_are_enrolled_at_once(stage: Stage) -> None:
    session = course_session(capacity=1)
    keys = [stage.cast.employees["elif"], stage.cast.employees["isik"]]
    answer = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data={"employee_ids": keys})
    assert answer.status_code == 303
    page = stage.coordinator.page(answer.location)
    assert "1 kişi kaydedildi." in page.text and "1 kişi yedek listeye alındı." in page.text


def test_the_same_form_twice_enrols_once(stage: Stage) -> None:
    session = course_session()
    data = {"employee_ids": [stage.cast.employees["elif"]], "request_key": "once"}
    first = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data=data)
    again = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data=data)
    assert first.status_code == again.status_code == 303
    assert db.session.scalar(EVERYWHERE.restrict(sa.select(sa.func.count(Enrolment.id)), Enrolment)) == 1


def test_a_clash_comes_back_and_is_overridden_with_a_reason(stage: Stage) -> None:
    isik = stage.cast.employees["isik"]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik)
    session = course_session()
    path = f"/sessions/{session.id}/enrolments/add"
    answer = stage.coordinator.post(path, data={"employee_ids": [isik], "override": ""})
    assert answer.status_code == 422
    assert "Aynı saatte" in answer.text and f'value="{isik}" checked' in answer.text
    assert (
        stage.coordinator.post(path, data={"employee_ids": [isik], "override": "Yarım gün katılacak"}).status_code
        == 303
    )
    assert statuses(session.id) == {isik: S.ENROLLED}


def test_nobody_ticked_is_refused(stage: Stage) -> None:
    session = course_session()
    answer = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data={})
    assert answer.status_code == 422 and "En az bir kişi seçiniz." in answer.text


@pytest.mark.parametrize("typed", ["x", "-1", "99999999999999999999", "1e3"])
def test_ids_that_are_none_find_nobody(stage: Stage, typed: str) -> None:
    session = course_session()
    answer = stage.coordinator.post(f"/sessions/{session.id}/enrolments/add", data={"employee_ids": [typed]})
    assert answer.status_code == 404


def test_foreign_people_are_not_there(stage: Stage) -> None:
    session = course_session()
    zeynep, sukru = stage.cast.employees["zeynep"], stage.cast.employees["sukru"]
    path = f"/sessions/{session.id}/enrolments/add"
    assert stage.coordinator.post(path, data={"employee_ids": [zeynep]}).status_code == 404
    assert stage.focal_point.post(path, data={"employee_ids": [sukru]}).status_code == 404
    assert stage.focal_point_elsewhere.post(path, data={"employee_ids": [zeynep]}).status_code == 404
    assert stage.staff.post(path, data={"employee_ids": [stage.cast.employees["elif"]]}).status_code == 403
    assert statuses(session.id) == {}


def test_a_focal_point_nominates(stage: Stage) -> None:
    session = course_session(acceptance=Acceptance.BY_HAND)
    keys = [stage.cast.employees["elif"], stage.cast.employees["isik"]]
    answer = stage.focal_point.post(f"/sessions/{session.id}/enrolments/add", data={"employee_ids": keys})
    assert answer.status_code == 303
    assert "2 kişi aday gösterildi." in stage.focal_point.page(answer.location).text
    assert set(statuses(session.id).values()) == {S.NOMINATED}


def test_the_balance_with_those_ticked(stage: Stage) -> None:
    session = course_session(capacity=4)
    enrolled(session, stage.cast.employees["elif"])
    isik, zeynep = stage.cast.employees["isik"], stage.cast.employees["zeynep"]
    path = f"/sessions/{session.id}/enrolments/balance?employee_ids={isik}&employee_ids={zeynep}&employee_ids=x"
    assert "1 kadın, 1 erkek" in stage.coordinator.page(path).text
    assert stage.coordinator.get(path, headers=HX).text.lstrip().startswith("<div")


def test_a_pasted_list_is_looked_at_first(stage: Stage) -> None:
    session = course_session()
    lines = "N-001\nŞ-001\tŞahinbey Belediyesi\nN-002;Nizip\nN-002;Nizip\nY-001\nyok\nN-001\tYakutiye"
    path = f"/sessions/{session.id}/enrolments/paste"
    answer = stage.coordinator.post(path, data={"lines": lines, "organisation_id": ""})
    assert answer.status_code == 200
    for words in (
        "Elif Ağaoğlu",
        "Şükrü İğneci",
        "Işık Çınar",
        "iki kez",
        "kayıtlı kimse yok",
        "kurumlarınız arasında değil",
    ):
        assert words in answer.text, words
    assert "Zeynep" not in answer.text
    assert statuses(session.id) == {}, "nothing is changed by looking"
    refused = stage.coordinator.post(path, data={"lines": ""})
    assert refused.status_code == 422


def test_a_pasted_list_may_say_names_and_addresses(stage: Stage) -> None:
    """Who is on the list already is not ticked again, who is not certain not at all; the text stays to be changed."""
    session, cast = course_session(), stage.cast
    enrolled(session, cast.employees["isik"])
    text = "Işık Çınar\nŞAHİNBEY BELEDİYESİ\tŞükrü İGNECİ\nE. Ağaoğlu\nZeynep Elsewhere"
    page = stage.coordinator.post(f"/sessions/{session.id}/enrolments/paste", data={"lines": text}).text
    ticked = dict(re.findall(r'name="employee_ids" id="p-\d+" value="(\d+)"( checked)?', page))
    assert ticked == {str(cast.employees["sukru"]): " checked", str(cast.employees["elif"]): ""}
    for words in ("zaten listesinde", "kesin değil", "adlı kimse yok", "ŞAHİNBEY BELEDİYESİ\tŞükrü"):
        assert words in page, words


def test_a_draft_says_what_to_do_first(stage: Stage) -> None:
    session = course_session(status=SessionStatus.DRAFT)
    assert "önce başvuruya açın" in stage.coordinator.page(f"/sessions/{session.id}/enrolments").text
    assert stage.focal_point.get(f"/sessions/{session.id}/enrolments").status_code == 404


def test_a_staff_member_applies_and_the_focal_point_supports(stage: Stage) -> None:
    session = course_session()
    assert "Eğitime başvur" in stage.staff.page(f"/sessions/{session.id}/enrolments").text
    answer = stage.staff.post(f"/sessions/{session.id}/apply")
    assert answer.status_code == 303
    assert "Başvurdu" in stage.staff.page(answer.location).text
    page = stage.focal_point.page("/nominations")
    assert "Elif Ağaoğlu" in page.text and "BK-02/1" in page.text
    assert "Elif" not in stage.focal_point_elsewhere.page("/nominations").text
    key = db.session.scalars(EVERYWHERE.restrict(sa.select(Enrolment.id), Enrolment)).one()
    assert stage.focal_point_elsewhere.post(f"/enrolments/{key}/support").status_code == 404
    assert stage.staff.post(f"/enrolments/{key}/support").status_code == 403
    done = stage.focal_point.post(f"/enrolments/{key}/support", data={"back": "nominations"})
    assert (done.status_code, done.location) == (303, "/nominations")
    assert statuses(session.id) == {stage.cast.employees["elif"]: S.ENROLLED}


def test_the_focal_point_may_say_no_to_an_application(stage: Stage) -> None:
    session = course_session()
    stage.staff.post(f"/sessions/{session.id}/apply")
    key = db.session.scalars(EVERYWHERE.restrict(sa.select(Enrolment.id), Enrolment)).one()
    assert stage.focal_point.post(f"/enrolments/{key}/reject", data={"reason": "Yoğun dönem"}).status_code == 303
    assert "Yoğun dönem" in stage.staff.page(f"/enrolments/{key}").text


def test_nobody_could_approve_is_said(stage: Stage) -> None:
    session = course_session()
    db.session.execute(EVERYWHERE.trusting(sa.delete(Grant).where(Grant.role == Role.FOCAL_POINT), Grant))
    answer = stage.staff.post(f"/sessions/{session.id}/apply")
    assert "eğitim sorumlusu yok" in stage.staff.page(answer.location).text
    assert statuses(session.id) == {}


def test_nominations_cost_a_fixed_number_of_statements(stage: Stage) -> None:
    session = course_session()
    factories.enrolment(session.id, stage.cast.employees["isik"], S.APPLIED)
    stage.focal_point.get("/nominations")
    with statements() as few:
        stage.focal_point.get("/nominations")
    for number in range(2, 6):
        course_session(course(f"BK-1{number}", "Eğitim"), ordinal=number, day=today() + timedelta(days=40 + number))
    factories.enrolment(session.id, stage.cast.employees["elif"], S.APPLIED)
    factories.enrolment(
        course_session(course("BK-19", "Eğitim"), ordinal=9).id, stage.cast.employees["isik"], S.APPLIED
    )
    with statements() as many:
        stage.focal_point.get("/nominations")
    assert len(many) == len(few) <= 8, "\n".join(many)


@pytest.mark.parametrize("why", ["closed", "nobody"])
def test_an_application_is_decided_on_by_whoever_still_can(stage: Stage, why: str) -> None:
    """Support is a nomination: it ends when nominations close. Who asked in time is whoever runs the session's task."""
    session = course_session()
    key = factories.enrolment(session.id, stage.cast.employees["elif"], S.APPLIED).id
    path, page = f"/enrolments/{key}", f"/sessions/{session.id}/enrolments?status=applied"
    waits, stuck = "Onayınızı bekleyen 1 başvuru", "eğitim sorumlusunun karar veremediği 1 başvuru"
    assert waits in stage.focal_point.page("/").text and stuck not in stage.coordinator.page("/").text
    assert "Yer ver" not in stage.coordinator.page(path).text
    assert stage.coordinator.post(f"{path}/accept").status_code == 422, "her institution decides first"
    if why == "closed":
        EVERYWHERE.get(CourseSession, session.id).nominations_close_at = now() - timedelta(hours=1)
    else:
        db.session.execute(EVERYWHERE.restrict(sa.delete(Grant), Grant).where(Grant.role == Role.FOCAL_POINT))
    db.session.commit()
    if why == "closed":
        assert (
            waits not in stage.focal_point.page("/").text and "Elif" not in stage.focal_point.page("/nominations").text
        )
        shown = stage.focal_point.page(path)
        assert "Bu başvuruyu eğitimi yürüten il koordinatörü karara bağlar" in shown.text
        assert not any(form["action"].endswith("/support") for form in shown.forms)
        assert any(form["action"].endswith(f"{path}/accept") for form in stage.coordinator.page(page).forms)
    assert stuck in stage.coordinator.page("/").text
    assert stage.coordinator.post(f"{path}/accept").status_code == 303
    assert statuses(session.id) == {stage.cast.employees["elif"]: S.ENROLLED}
    assert stuck not in stage.coordinator.page("/").text


def test_ticks_survive_another_search(stage: Stage) -> None:
    session = course_session()
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    path = f"/sessions/{session.id}/enrolments/add"
    found = stage.focal_point.get(f"{path}?q=isik&employee_ids={elif_}", headers=HX).text
    for key, ticked in ((elif_, True), (isik, False)):
        assert (f'value="{key}" checked' in found) is ticked, "both stand there, whoever was ticked stays so"
        assert f'id="f-{key}"' in found
    plain = stage.focal_point.post(path, data={"q": "isik", "find": "1", "employee_ids": [elif_]})
    assert plain.status_code == 200 and f'value="{elif_}" checked' in plain.text and f'id="f-{isik}"' in plain.text
    assert statuses(session.id) == {}, "looking enrols nobody"
    both = stage.focal_point.post(path, data={"employee_ids": [elif_, isik]}, follow_redirects=True)
    assert "2 kişi kaydedildi." in both.text


def test_a_focal_point_is_told_who_is_suggested_and_whose_unit_empties(stage: Stage) -> None:
    session = course_session()
    need(stage.cast.employees["elif"], "5", "2")
    assert "1 kişide yetkinlik açığı var" in stage.focal_point.page("/nominations").text
    page = stage.focal_point.page(f"/sessions/{session.id}/enrolments/add")
    assert "biriminde 1 kişi kalır" in page.text, "Işık alone"
    enrolled(session, stage.cast.employees["isik"])
    assert "biriminde kimse kalmaz" in stage.focal_point.page(f"/sessions/{session.id}/enrolments/add").text


def test_whoever_approves_is_told_the_same_as_whoever_nominates(stage: Stage) -> None:
    session, other = course_session(), course_session(course("BK-03", "Mülteci hukuku"), ordinal=1)
    elif_ = stage.cast.employees["elif"]
    enrolled(other, elif_)
    key = factories.enrolment(session.id, elif_, S.APPLIED).id
    factories.enrolment(course_session(course("BK-04", "Uyum"), day=today() + timedelta(days=50)).id, elif_, S.APPLIED)
    for path in ("/nominations", f"/enrolments/{key}"):
        page = stage.focal_point.page(path).text
        assert page.count("Aynı saatte başka bir eğitimi var: BK-03/1") == 1, "not of the application to another day"
        assert "biriminde 1 kişi kalır" in page
    assert "biriminde" not in stage.staff.page(f"/enrolments/{key}").text, "who applied decides nothing"
    enrolled(session, stage.cast.employees["isik"])
    for path in ("/nominations", f"/enrolments/{key}"):
        assert "biriminde kimse kalmaz" in stage.focal_point.page(path).text


def test_a_pasted_list_tells_whose_unit_empties(stage: Stage) -> None:
    session = course_session()
    path = f"/sessions/{session.id}/enrolments/paste"
    lines = "Elif Ağaoğlu\nIşık Çınar"
    number = {"lines": lines, "organisation_id": "1"}
    hidden = stage.focal_point.page(path).hidden(path)
    assert "biriminde kimse kalmaz" in stage.focal_point.post(path, data=hidden | number).text


def test_who_went_to_another_institution_since_is_named_and_the_others_go_in(stage: Stage) -> None:
    session = course_session()
    elif_, isik = stage.cast.employees["elif"], stage.cast.employees["isik"]
    path = f"/sessions/{session.id}/enrolments/add"
    hidden = stage.focal_point.page(path).hidden(path)
    version = str(EVERYWHERE.get(Employee, isik).version)
    moved = stage.coordinator.post(f"/people/{isik}/transfer?organisation=2", data=PLACE | {"version": version})
    assert moved.status_code == 303
    answer = stage.focal_point.post(path, data=hidden | {"employee_ids": [elif_, isik]}, follow_redirects=True)
    assert answer.status_code == 200 and "Işık Çınar: Artık başka bir kurumda çalışıyor." in answer.text
    assert statuses(session.id) == {elif_: S.ENROLLED}
    alone = stage.focal_point.post(path, data=hidden | {"employee_ids": [isik], "request_key": "k"})
    assert alone.status_code == 422 and "Işık Çınar: Artık" in alone.text
    assert stage.focal_point_elsewhere.post(path, data={"employee_ids": [elif_]}).status_code == 404, "never theirs"
