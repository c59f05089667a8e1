"""Who waits, in which order, and who gets a seat that is freed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats_services
from app.enrolment.waiting import queries as waiting
from app.training import services as training
from app.training.models import SessionStatus
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, need, person, statuses
from tests.factories import employee

S = EnrolmentStatus


def test_a_full_session_puts_people_on_the_waiting_list(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    enrolled(session, elif_)
    assert nominations.nominate(session, person(cast.employees["isik"]), by=By()).status is S.WAITLISTED


def test_nobody_bypasses_the_waiting_list(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    first = enrolled(session, elif_, cast.employees["isik"])
    session.capacity = 3
    third = seats_services.enrol(session, person(cast.employees["sukru"]), by=By())
    assert third.status is S.WAITLISTED, "a seat is free, but somebody waits for it"
    with pytest.raises(Refused, match="Işık Çınar"):
        seats_services.accept(third, by=By())
    seats_services.accept(first[1], by=By())
    seats_services.accept(third, by=By())
    assert third.status is S.ENROLLED


def test_a_freed_seat_goes_to_the_most_urgent_then_to_whoever_waited_longest(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    urgent = employee("Ali", "Uzun", "N-003", 1).id
    session = course_session(capacity=1)
    need(urgent, "5", "2")
    need(sukru, "3", "1")
    seat = enrolled(session, elif_, isik, sukru, urgent)[0]
    assert [row.employee_id for row in waiting.line(session)] == [urgent, sukru, isik]
    assert [row.priority for row in waiting.line(session)] == [1, 2, 3]
    seats_services.remove(seat, by=By(), reason="Görev yeri değişti")
    assert statuses(session.id) == {elif_: S.REMOVED, urgent: S.ENROLLED, sukru: S.WAITLISTED, isik: S.WAITLISTED}


def test_a_freed_seat_passes_over_whoever_has_a_clash_then(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    session = course_session(capacity=1)
    seat = enrolled(session, elif_, isik, sukru)[0]
    enrolled(course_session(course("BK-03", "Mülteci hukuku")), isik)
    seats_services.withdraw(seat, by=By(), reason="Görev")
    assert statuses(session.id) == {elif_: S.DECLINED, isik: S.WAITLISTED, sukru: S.ENROLLED}


def test_shortly_before_the_start_a_freed_seat_is_given_by_hand_only(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1, day=today() + timedelta(days=4))
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    seats_services.withdraw(seat, by=By(), reason="Görev")
    assert behind.status is S.WAITLISTED
    seats_services.accept(behind, by=By())
    assert behind.status is S.ENROLLED


def test_a_seat_freed_while_postponed_is_given_when_there_are_new_dates(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=1)
    seat, behind = enrolled(session, elif_, cast.employees["isik"])
    training.move(session, SessionStatus.POSTPONED, by=By(), reason="Kar yağışı")
    seats_services.withdraw(seat, by=By(), reason="Görev")
    assert behind.status is S.WAITLISTED, "nobody knows yet when it takes place"
    training.move(session, SessionStatus.OPEN, by=By())
    assert behind.status is S.ENROLLED


def test_a_lowered_capacity_takes_nobodys_seat_and_gives_none(cast: Cast, elif_: int) -> None:
    isik, sukru = cast.employees["isik"], cast.employees["sukru"]
    session = course_session(capacity=2)
    seats = enrolled(session, elif_, isik, sukru)
    session.capacity = 1
    db.session.flush()
    assert waiting.free_seats(session) == 0
    seats_services.withdraw(seats[0], by=By(), reason="Görev")
    assert statuses(session.id) == {elif_: S.DECLINED, isik: S.ENROLLED, sukru: S.WAITLISTED}
