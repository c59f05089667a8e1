"""A trainer, on the staff of an institution or from outside, answers from the letter, without signing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.post.links import LINK
from app.post.models import Message
from app.post.services import deliver_waiting
from app.trainers.models import Trainer
from app.training.assignments import queries
from app.training.models import AssignmentAnswer, CourseSession, SessionStatus, TrainerAssignment
from app.training.sessions import services as sessions
from tests import factories
from tests.cast import By
from tests.conftest import Stage
from tests.enrolment.stage import course, course_session, person, trainer
from tests.guest.test_answer import closed, everything

A = AssignmentAnswer


def asked(stage: Stage, **values: object) -> tuple[CourseSession, list[str]]:
    """A session that opens with one trainer to be asked, and the letters that leave."""
    session = course_session(status=SessionStatus.DRAFT)
    trainer(session, email="gul@ornek.example", **values)
    for row in db.session.scalars(EVERYWHERE.select(TrainerAssignment)):
        row.answer = A.PENDING
    db.session.commit()
    sessions.open_(session, by=By(1), reason="Böyle gerekti")
    db.session.commit()
    sent: list[str] = []
    deliver_waiting(lambda message: sent.append(message.body) if "trainer" in message.occasion else None)
    db.session.rollback()
    return session, sent


def link_in(letter: str) -> str:
    found = re.search(r"/k/\S+", letter)
    assert found is not None, letter
    return found[0]


def answer_of() -> tuple[A, str]:
    db.session.expire_all()
    row = db.session.scalars(EVERYWHERE.select(TrainerAssignment)).one()
    return row.answer, row.reason


def test_who_has_no_account_accepts_declines_with_a_reason_and_comes_back(stage: Stage) -> None:
    _, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"])
    link = link_in(letter)
    stored = db.session.scalars(sa.select(Message.body).where(Message.occasion.startswith("trainer_asked"))).one()
    assert LINK in stored and "/k/" not in stored
    page = stage.nobody.page(link)
    assert "09:00–10:30" in page.text and "Işık Çınar" in page.text and "10:45" not in page.text
    assert stage.nobody.post(f"{link}/teaching/accept").status_code == 303
    assert answer_of() == (A.ACCEPTED, "")
    assert "09:00–10:30" in stage.nobody.page(f"{link}/teaching/decline").text
    assert stage.nobody.post(f"{link}/teaching/decline", data={"reason": " "}).status_code == 422
    assert stage.nobody.post(f"{link}/teaching/decline", data={"reason": "Görevdeyim"}).status_code == 303
    assert answer_of() == (A.DECLINED, "Görevdeyim")
    assert stage.nobody.post(f"{link}/teaching/accept").status_code == 303
    assert answer_of() == (A.ACCEPTED, "")


def test_a_scanner_answers_nothing(stage: Stage) -> None:
    _, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"])
    link = link_in(letter)
    stage.nobody.get(link)
    db.session.commit()
    before = everything()
    for path in ("", "/teaching/decline"):
        assert stage.nobody.get(f"{link}{path}").status_code == stage.nobody.head(f"{link}{path}").status_code == 200
    assert stage.nobody.get(f"{link}/teaching/accept").status_code == 405
    db.session.commit()
    assert everything() == before


def test_it_opens_nothing_else(stage: Stage) -> None:
    """Neither anybody's place in the session, nor what the person takes part in; and a place's link opens no answer of
    a trainer.
    """
    session, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"])
    link = link_in(letter)
    seat = factories.enrolment(session.id, stage.cast.employees["isik"])
    db.session.commit()
    for path in (f"trainings/{seat.id}/attend", f"trainings/{seat.id}/leave"):
        assert stage.nobody.post(f"{link}/{path}", data={"why": "leave"}).status_code == 404
    assert "/trainings/" not in stage.nobody.get(link).text


@pytest.mark.parametrize("signs_in", [False, True])
def test_who_comes_from_outside_answers_from_the_letter_too(stage: Stage, signs_in: bool) -> None:
    _, (letter,) = asked(stage, user_id=stage.cast.users["trainer"] if signs_in else None)
    link = link_in(letter)
    stored = db.session.scalars(sa.select(Message.body).where(Message.occasion.startswith("trainer_asked"))).one()
    assert LINK in stored and "/k/" not in stored
    assert "09:00–10:30" in stage.nobody.page(link).text
    db.session.commit()
    before = everything()
    for path in ("", "/teaching/decline"):
        assert stage.nobody.get(f"{link}{path}").status_code == stage.nobody.head(f"{link}{path}").status_code == 200
    db.session.commit()
    assert everything() == before, "a scanner answers nothing"
    assert stage.nobody.post(f"{link}/teaching/accept").status_code == 303
    assert answer_of() == (A.ACCEPTED, "")
    assert stage.nobody.post(f"{link}/teaching/decline", data={"reason": " "}).status_code == 422
    assert stage.nobody.post(f"{link}/teaching/decline", data={"reason": "Görevdeyim"}).status_code == 303
    assert answer_of() == (A.DECLINED, "Görevdeyim")


def test_a_link_from_outside_ends_with_the_trainer_and_the_session(stage: Stage) -> None:
    session, (letter,) = asked(stage)
    token = link_in(letter).removeprefix("/k/")
    assert closed(stage, f"{token[:-4]}AAAA") and closed(stage, "teaches")
    other = trainer(course_session(course("BK-05", "Uyum")), email="ay@ornek.example")
    assert "Bu eğitimde" in stage.nobody.page(f"/k/{queries.outside_token(other.id, session.id)}").text
    assert session.ends_on is not None
    with time_machine.travel(now() + (session.ends_on - today()) + timedelta(days=32), tick=False):
        assert closed(stage, token)
    (row,) = [one for one in db.session.scalars(EVERYWHERE.select(Trainer)) if one.id != other.id]
    row.active = False
    db.session.commit()
    assert closed(stage, token)
    assert stage.nobody.post(f"/k/{token}/teaching/accept").status_code == 404


def test_who_has_an_account_needs_no_sign_in_either(stage: Stage) -> None:
    _, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"], user_id=stage.cast.users["trainer"])
    assert "/assignments" not in letter.partition("/k/")[0]
    assert stage.nobody.post(f"{link_in(letter)}/teaching/accept").status_code == 303


def test_what_is_cancelled_begun_or_given_by_somebody_else_says_so(stage: Stage) -> None:
    session, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"])
    link = link_in(letter)
    assert session.starts_on is not None
    with time_machine.travel(now() + (session.starts_on - today()) + timedelta(hours=12), tick=False):
        assert "/teaching/" not in stage.nobody.get(link).text
        assert stage.nobody.post(f"{link}/teaching/accept").status_code == 422
        assert stage.nobody.post(f"{link}/teaching/decline", data={"reason": "Görev"}).status_code == 422
        assert answer_of()[0] is A.PENDING
    row = db.session.scalars(EVERYWHERE.select(TrainerAssignment)).one()
    row.trainer_id = factories.trainer("Ayla").id
    db.session.commit()
    assert "Bu eğitimde" in stage.nobody.page(link).text and "/teaching/" not in stage.nobody.get(link).text
    sessions.cancel(session, reason="Bütçe", by=By())
    db.session.commit()
    assert "yapılmayacak" in stage.nobody.page(link).text


def test_whoever_left_the_institution_has_no_link(stage: Stage) -> None:
    _, (letter,) = asked(stage, employee_id=stage.cast.employees["isik"])
    stage.focal_point.post(f"/people/{stage.cast.employees['isik']}/deactivate")
    assert closed(stage, link_in(letter).removeprefix("/k/"))
    assert not person(stage.cast.employees["isik"]).active
