"""Those a round asks are told and reminded; counts come before letters, and nobody who has finished is bothered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.core.clock import now
from app.core.db import db
from app.jobs import deliver_mail, worker
from app.needs.models import AssessmentRound, Questionnaire, Respondent, Told
from app.people.models import Employee, PersonalLink
from app.post.models import Message, MessageStatus
from tests.conftest import Stage
from tests.needs.running.stage import move, opened
from tests.needs.stage import scenery


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """Elif has an account, Işık an address, Şükrü neither."""
    scenery()
    opened(stage.cast)
    EVERYWHERE.get(Employee, stage.cast.employees["sukru"]).email = ""
    db.session.commit()
    return stage


def made() -> AssessmentRound:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(AssessmentRound).order_by(AssessmentRound.id.desc())).all()[0]


def questionnaire(stage: Stage, who: str) -> Questionnaire:
    db.session.expire_all()
    key = stage.cast.employees[who]
    statement = sa.select(Questionnaire).join(Questionnaire.respondent).where(Respondent.person_id == key)
    return db.session.scalars(EVERYWHERE.trusting(statement, Questionnaire, Respondent)).one()


def tell(stage: Stage, what: str = "tell") -> int:
    status = stage.coordinator.post(f"/needs/rounds/{made().id}/{what}", data={}).status_code
    worker.take_up()
    db.session.commit()
    return status


def letters(status: MessageStatus = MessageStatus.QUEUED) -> list[Message]:
    db.session.expire_all()
    found = sa.select(Message).where(Message.occasion.startswith("questionnaire"), Message.status == status)
    return list(db.session.scalars(found.order_by(Message.id)))


def test_counts_come_first_and_letters_hold_a_personal_link(asked: Stage) -> None:
    page = asked.coordinator.page(f"/needs/rounds/{made().id}/tell").text
    assert "2 kişiye e-postayla bildirilir" in page and "1 kişiye e-posta ulaşmıyor" in page
    assert tell(asked) == 303
    to_elif, to_isik = letters()
    assert "/needs/answer" in to_elif.body and "[[link]]" in to_isik.body
    assert questionnaire(asked, "elif").told_by is Told.MAIL and questionnaire(asked, "sukru").told_at is None
    deliver_mail()
    db.session.commit()
    assert len(letters(MessageStatus.SENT)) == 2
    link = db.session.scalars(EVERYWHERE.select(PersonalLink)).one()
    assert (link.purpose, link.about, link.employee_id) == ("questionnaire", made().id, asked.cast.employees["isik"])
    assert tell(asked) == 422


def test_a_letter_that_waits_while_somebody_finishes_does_not_leave(asked: Stage) -> None:
    tell(asked)
    questionnaire(asked, "elif").finished_at = now()
    db.session.commit()
    deliver_mail()
    db.session.commit()
    assert [message.to_address for message in letters(MessageStatus.SENT)] != []
    assert len(letters(MessageStatus.SENT)) == 1 == len(letters(MessageStatus.CANCELLED))


def test_once_everybody_is_told_only_slips_are_offered(asked: Stage) -> None:
    address = f"/needs/rounds/{made().id}"
    assert "E-posta gönder" in asked.coordinator.page(address).text
    tell(asked)
    page = asked.coordinator.page(address)
    assert "E-posta gönder" not in page.text and f'href="{address}/slips"' in page.html
    for what in ("tell", "remind"):
        page = asked.coordinator.page(f"{address}/{what}")
        assert "Şu anda e-posta gönderilecek kimse yok" in page.text
        assert f'action="{address}/{what}"' not in page.html


def test_after_closing_no_letter_leaves(asked: Stage) -> None:
    tell(asked)
    move(asked.cast, made(), "close")
    deliver_mail()
    db.session.commit()
    assert not letters(MessageStatus.SENT)


def test_reminders_are_once_a_day_and_four_at_most(asked: Stage) -> None:
    tell(asked)
    assert tell(asked, "remind") == 422
    start = now()
    for day in range(1, 7):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            browser = asked.app.test_client().as_user(asked.cast.users["coordinator"])  # type: ignore[attr-defined]  # a Browser
            first = browser.post(f"/needs/rounds/{made().id}/remind", data={}).status_code
            worker.take_up()
            db.session.commit()
            assert first == (303 if day <= 4 else 422)
            if day <= 4:
                assert browser.post(f"/needs/rounds/{made().id}/remind", data={}).status_code == 422
    assert questionnaire(asked, "elif").reminders == 4


def test_slips_are_printed_for_whom_no_letter_reaches(asked: Stage) -> None:
    path = f"/needs/rounds/{made().id}/slips"
    page = asked.coordinator.page(path).text
    assert "Şükrü" in page and "Elif" not in page
    answer = asked.coordinator.post(path, data={"employee_ids": [asked.cast.employees["sukru"]]})
    assert answer.mimetype == "application/pdf"
    assert questionnaire(asked, "sukru").told_by is Told.SLIP
    answer = asked.coordinator.post(path, data={"employee_ids": [asked.cast.employees["zeynep"]]})
    assert answer.mimetype != "application/pdf"


def test_a_focal_point_sees_who_has_not_finished_and_never_what_was_answered(asked: Stage) -> None:
    round_id = made().id
    asked.staff.post(f"/needs/answer/{round_id}/1", data={"importance": "5", "level": "1"})
    page = asked.focal_point.page(f"/needs/rounds/{round_id}/waiting").text
    assert "Elif" in page and "Başladı" in page and "Şükrü" not in page
    assert "Işık" in asked.focal_point.page(f"/needs/rounds/{round_id}/waiting?state=untold").text
    assert "Elif" not in asked.focal_point.page(f"/needs/rounds/{round_id}/waiting?state=untold").text
    found = asked.focal_point.get(f"/needs/rounds/{round_id}/waiting?format=csv").data.decode("utf-8-sig")
    assert re.search("Elif", found) and "Vaka" not in found
    assert asked.focal_point_elsewhere.get(f"/needs/rounds/{round_id}/waiting").status_code == 404


@pytest.mark.parametrize("who", ["focal_point", "coordinator_elsewhere", "staff"])
def test_nobody_else_writes_to_them(asked: Stage, who: str) -> None:
    for path in ("tell", "remind", "slips"):
        assert getattr(asked, who).post(f"/needs/rounds/{made().id}/{path}", data={}).status_code in (403, 404)
    assert not letters()


def led(stage: Stage, who: str, chief: str) -> None:
    """Somebody rates somebody, as the round has it."""
    theirs = EVERYWHERE.select(Respondent).where(Respondent.person_id == stage.cast.employees[who])
    db.session.scalars(theirs).one().supervisor_id = stage.cast.employees[chief]
    db.session.commit()


def test_supervisors_are_written_to_with_a_link_or_given_a_slip(asked: Stage) -> None:
    path = f"/needs/rounds/{made().id}/supervisors"
    assert "amir yok" in asked.coordinator.page(path).text
    led(asked, "elif", "isik")
    led(asked, "isik", "sukru")
    page = asked.coordinator.page(path)
    assert "Işık" in page.text and "Şükrü" in page.text and "Elif" not in page.text
    ticked = {"employee_ids": [asked.cast.employees[who] for who in ("isik", "sukru", "elif")]}
    for _ in range(2):
        assert asked.coordinator.post(path, data=ticked).status_code == 303
    (letter,) = db.session.scalars(sa.select(Message).where(Message.occasion.startswith("team:")))
    assert (
        "ekibinizi değerlendirmeniz" in letter.body
        and "[[link]]" in letter.body
        and "3 değerlendirme eksik" in letter.body
    )
    deliver_mail()
    db.session.commit()
    link = db.session.scalars(EVERYWHERE.select(PersonalLink)).one()
    assert (link.purpose, link.about, link.employee_id) == ("team", None, asked.cast.employees["isik"])
    nobody = {"employee_ids": [asked.cast.employees["sukru"]]}
    assert asked.coordinator.post(path, data=nobody).status_code == 422
    assert asked.coordinator.post(f"{path}/slips", data=nobody).mimetype == "application/pdf"
    assert asked.coordinator.post(f"{path}/slips", data={}).status_code == 303


def test_a_letter_to_a_supervisor_who_has_rated_everybody_does_not_leave(asked: Stage) -> None:
    led(asked, "elif", "isik")
    key = asked.cast.employees["isik"]
    asked.coordinator.post(f"/needs/rounds/{made().id}/supervisors", data={"employee_ids": [key]})
    move(asked.cast, made(), "close")
    deliver_mail()
    db.session.commit()
    assert not db.session.scalars(EVERYWHERE.select(PersonalLink)).all()


@pytest.mark.parametrize("who", ["focal_point", "staff", "viewer", "coordinator_elsewhere"])
def test_nobody_else_writes_to_supervisors(asked: Stage, who: str) -> None:
    path = f"/needs/rounds/{made().id}/supervisors"
    for answer in (
        getattr(asked, who).get(path),
        getattr(asked, who).post(path),
        getattr(asked, who).post(f"{path}/slips"),
    ):
        assert answer.status_code in (403, 404)
