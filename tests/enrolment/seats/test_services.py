"""Who gets a seat, who gives it up, and who is told no."""

from __future__ import annotations

import threading
from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db, set_writing
from app.core.errors import Refused
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import queries as seats
from app.enrolment.seats import services as seats_services
from app.training.models import CourseSession, SessionStatus
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, person, statuses
from tests.factories import employee

S = EnrolmentStatus


def test_a_clash_blocks_unless_the_coordinator_says_why(elif_: int) -> None:
    enrolled(course_session(course("BK-03", "Mülteci hukuku"), starts=time(8)), elif_)
    session = course_session()
    with pytest.raises(Refused, match="BK-03/1"):
        seats_services.enrol(session, person(elif_), by=By())
    made = seats_services.enrol(session, person(elif_), by=By(), override="Oturumun yarısına katılacak")
    assert made.status is S.ENROLLED
    assert seats.history(made)[0].reason == "Oturumun yarısına katılacak"


@pytest.mark.parametrize(
    "status", [SessionStatus.DRAFT, SessionStatus.POSTPONED, SessionStatus.CANCELLED, SessionStatus.FINALISED]
)
def test_a_session_that_is_not_open_takes_nobody(elif_: int, status: SessionStatus) -> None:
    session = course_session(status=status)
    for ask in (nominations.nominate, nominations.apply, seats_services.enrol):
        with pytest.raises(Refused):
            ask(session, person(elif_), by=By())


def test_twice_is_refused_and_after_an_end_one_may_ask_anew(elif_: int) -> None:
    session = course_session()
    (made,) = enrolled(session, elif_)
    with pytest.raises(Refused, match="listede"):
        seats_services.enrol(session, person(elif_), by=By())
    seats_services.withdraw(made, by=By(), reason="Görev")
    again = nominations.nominate(session, person(elif_), by=By())
    assert again.id == made.id
    assert (again.status, again.answer) == (S.ENROLLED, Answer.NONE)
    assert len(seats.history(again)) == 5


def test_an_answer_no_gives_the_seat_up(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1, status=SessionStatus.CONFIRMED)
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    seats_services.answer(seat, Answer.YES, by=By())
    assert (seat.status, seat.answer) == (S.ENROLLED, Answer.YES)
    seats_services.answer(seat, Answer.NO, by=By(), reason="Görev")
    assert (seat.status, seat.answer, behind.status) == (S.DECLINED, Answer.NO, S.ENROLLED)
    with pytest.raises(Refused):
        seats_services.answer(seat, Answer.YES, by=By())


def test_after_the_start_one_leaves(elif_: int) -> None:
    session = course_session(status=SessionStatus.CONFIRMED)
    (seat,) = enrolled(session, elif_)
    session.starts_on = today()
    seats_services.withdraw(seat, by=By(), reason="Görev")
    assert seat.status is S.WITHDRAWN


def test_no_and_out_want_a_reason(elif_: int) -> None:
    (seat,) = enrolled(course_session(), elif_)
    with pytest.raises(Refused):
        seats_services.remove(seat, by=By(), reason="  ")
    seats_services.reject(seat, by=By(), reason="Koşulları sağlamıyor")
    assert seat.status is S.REJECTED


def test_too_few_to_confirm_unless_somebody_says_why(elif_: int) -> None:
    session = course_session(minimum=2)
    enrolled(session, elif_)
    with pytest.raises(Refused, match="2"):
        seats_services.confirm(session, by=By())
    seats_services.confirm(session, by=By(), override="Valilik istedi")
    assert session.status is SessionStatus.CONFIRMED
    with pytest.raises(Refused):
        seats_services.confirm(session, by=By())


def test_24_racers_for_5_seats(app: Flask, cast: Cast) -> None:
    session_id = course_session(capacity=5).id
    racers = [employee("Yarışan", f"Kişi{number}", f"R-{number:03}", 1).id for number in range(24)]
    db.session.commit()
    start = threading.Barrier(24)
    errors: list[BaseException] = []

    def race(employee_id: int) -> None:
        with app.app_context():
            set_writing(True)
            start.wait()
            try:
                session = EVERYWHERE.get(CourseSession, session_id, sa.orm.joinedload(CourseSession.course))
                nominations.nominate(session, person(employee_id), by=By())
                db.session.commit()
            except BaseException as error:
                db.session.rollback()
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=race, args=(key,)) for key in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    found = list(statuses(session_id).values())
    assert (found.count(S.ENROLLED), found.count(S.WAITLISTED)) == (5, 19)


def test_the_history_is_only_written_to(elif_: int) -> None:
    (seat,) = enrolled(course_session(), elif_)
    before = [step.at for step in seats.history(seat)]
    seats_services.withdraw(seat, by=By(), reason="Görev")
    assert [step.at for step in seats.history(seat)][1:] == before
    assert EVERYWHERE.get(Enrolment, seat.id).created_at <= now()
