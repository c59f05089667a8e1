"""Slips for people whom no letter reaches: printed, read with a phone, typed from paper."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import sqlalchemy as sa
import zxingcpp
from pypdf import PdfReader

from app.access.scope import EVERYWHERE
from app.audit.models import AccessEntry, AuditEntry
from app.core.clock import today
from app.core.db import db
from app.enrolment.models import Answer, Enrolment
from app.enrolment.seats import services as seats
from app.training.models import CourseSession
from tests import factories
from tests.cast import By
from tests.conftest import Stage
from tests.enrolment.stage import course_session, enrolled, person
from tests.paper.reading import picture_of, text_of


def confirmed(stage: Stage) -> tuple[CourseSession, list[Enrolment]]:
    """Işık and Şükrü have no address, Elif has one; all are invited."""
    for name in ("isik", "sukru"):
        person(stage.cast.employees[name]).email = ""
    session = course_session()
    made = enrolled(session, *(stage.cast.employees[name] for name in ("isik", "sukru", "elif")))
    seats.confirm(session, by=By())
    db.session.commit()
    return session, made


def printed(stage: Stage, session: CourseSession, *enrolments: Enrolment) -> bytes:
    ids = [each.id for each in enrolments]
    answer = stage.coordinator.post(f"/sessions/{session.id}/enrolments/slips", data={"enrolment_ids": ids})
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data()


def codes_on(pdf: bytes) -> list[str]:
    """Their paths, as phones read them."""
    found = zxingcpp.read_barcodes(picture_of(pdf, dpi=200))
    return [urlsplit(code.text).path for code in found]


def test_two_people_answer_from_their_slips(stage: Stage) -> None:
    session, (isik, sukru, _) = confirmed(stage)
    assert {each.untold_since is None for each in (isik, sukru)} == {False}
    pdf = printed(stage, session, isik, sukru)
    first, second = codes_on(pdf)
    text = text_of(pdf)
    for words in ("Işık Çınar", "Şükrü İğneci", "Vaka yönetimi (BK-02/1)", "09:00–10:30", "Salon 1", "karekoda"):
        assert words in text, words
    assert "N-002" not in text and "Ş-001" not in text
    typed = re.findall(r"/k/((?:[0-9A-Z]{4}-?){4})", text)
    assert len(typed) == 2 and {each.replace("-", "") for each in typed} == {first[3:], second[3:]}
    people = {"Işık Çınar": isik, "Şükrü İğneci": sukru}
    for path in (first, second):
        (name,) = {name for name in people if name in stage.nobody.page(path).text}
        enrolment = people[name]
        assert name in stage.nobody.page(path.lower()).text, "typed on a phone"
        assert stage.nobody.post(f"{path}/trainings/{enrolment.id}/attend").status_code == 303
    db.session.expire_all()
    for enrolment in (isik, sukru):
        found = EVERYWHERE.get(Enrolment, enrolment.id)
        assert found.answer is Answer.YES and found.untold_since is None and found.answered_by_id is None


def test_printing_counts_as_told_and_is_counted(stage: Stage) -> None:
    session, (isik, sukru, elif_) = confirmed(stage)
    printed(stage, session, isik, elif_)
    db.session.expire_all()
    assert EVERYWHERE.get(Enrolment, isik.id).untold_since is None
    assert EVERYWHERE.get(Enrolment, sukru.id).untold_since is not None
    made = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "person.link_made").order_by(AuditEntry.id)
    ).all()
    assert {entry.facts["employee_id"] for entry in made} == {isik.employee_id, elif_.employee_id}
    assert {entry.actor_id for entry in made} == {stage.cast.users["coordinator"]}
    (taken,) = db.session.scalars(sa.select(AccessEntry).where(AccessEntry.event == "access.exported"))
    assert taken.facts == {"what": "slips", "format": "pdf", "rows": 2}


def test_printed_again_the_first_slip_still_works(stage: Stage) -> None:
    session, (isik, *_) = confirmed(stage)
    (first,), (second,) = (codes_on(printed(stage, session, isik)) for _ in range(2))
    assert first != second
    for path in (first, second):
        assert "Işık Çınar" in stage.nobody.page(path).text


def test_the_list_of_the_untold_prints_them_all(stage: Stage) -> None:
    session, (isik, sukru, elif_) = confirmed(stage)
    text = stage.coordinator.get(f"/sessions/{session.id}/enrolments/untold").text
    assert re.findall(r'name="enrolment_ids" value="(\d+)"', text) == [str(isik.id), str(sukru.id)]
    chooser = stage.coordinator.get(f"/sessions/{session.id}/enrolments/slips").text
    assert re.findall(r'value="(\d+)" checked', chooser) == [str(isik.id), str(sukru.id)]
    assert f'value="{elif_.id}">' in chooser


def test_nobody_prints_for_people_who_are_not_theirs(stage: Stage) -> None:
    session, (isik, sukru, _) = confirmed(stage)
    path = f"/sessions/{session.id}/enrolments/slips"
    assert stage.coordinator_elsewhere.post(path, data={"enrolment_ids": [isik.id]}).status_code == 404
    assert stage.trainer.get(path).status_code == 403
    hers = stage.focal_point.post(path, data={"enrolment_ids": [isik.id, sukru.id]})
    assert "Işık" in text_of(hers.get_data()) and "Şükrü" not in text_of(hers.get_data())
    assert stage.coordinator.post(path, data={"enrolment_ids": ["x", "0"]}).status_code == 303


def test_eight_stand_on_a_page(stage: Stage) -> None:
    session = course_session(capacity=12, day=today() + timedelta(days=20))
    people = [factories.employee("Ayşe", f"Yılmaz {n}", f"N-{n}", 1).id for n in range(700, 709)]
    made = enrolled(session, *people)
    pdf = printed(stage, session, *made)
    assert len(PdfReader(BytesIO(pdf)).pages) == 2 and len(codes_on(pdf)) == 8


def test_staff_without_a_training_get_slips_too(stage: Stage) -> None:
    isik, zeynep = stage.cast.employees["isik"], stage.cast.employees["zeynep"]
    person(isik).email = ""
    db.session.commit()
    chooser = stage.focal_point.get("/people/slips?q=isik").text
    assert re.findall(r'value="(\d+)" checked', chooser) == [str(isik)]
    answer = stage.focal_point.post("/people/slips", data={"employee_ids": [isik, zeynep]})
    text = text_of(answer.get_data())
    assert "Işık Çınar" in text and "Zeynep" not in text and "belgelerinizi" in text
    (path,) = codes_on(answer.get_data())
    assert "Işık Çınar" in stage.nobody.page(path).text
    assert stage.trainer.get("/people/slips").status_code == 403
    assert stage.focal_point.post("/people/slips").status_code == 303
