"""Who waits, in which order, and who gets a seat that is freed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.models import Answer, Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.quotas.queries import pools
from app.enrolment.seats import services as seats_services
from app.enrolment.waiting import queries as waiting
from app.enrolment.waiting import services
from app.training import services as training
from app.training.models import SessionStatus
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, need, person, statuses
from tests.factories import employee

S = EnrolmentStatus
MONDAY = date(2026, 3, 16)
WEDNESDAY = "2026-03-11 10:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


def at(text: str) -> AbstractContextManager[Any]:
    return time_machine.travel(moment(text), tick=False)


def one(key: int) -> Enrolment:
    return queries.enrolment(EVERYWHERE, key)


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


def test_from_five_working_days_before_the_start_a_freed_seat_is_offered(cast: Cast, elif_: int) -> None:
    with at(WEDNESDAY):
        session = course_session(capacity=1, day=MONDAY)
        seat, behind = enrolled(session, elif_, cast.employees["isik"])
        seats_services.withdraw(seat, by=By(), reason="Görev")
        assert (behind.status, behind.offered_until) == (S.OFFERED, moment("2026-03-12 17:00"))
        assert enrolled(session, cast.employees["sukru"])[0].status is S.WAITLISTED, "an offered seat is taken"
        seats_services.take_offer(behind, by=By(7))
        assert (behind.status, behind.answer, behind.answered_by_id) == (S.ENROLLED, Answer.YES, 7)


def test_on_the_last_day_before_the_start_a_seat_is_offered_until_it_begins(cast: Cast, elif_: int) -> None:
    with at("2026-03-13 08:00"):
        session = course_session(capacity=1, day=date(2026, 3, 14))
        seat, behind = enrolled(session, elif_, cast.employees["isik"])
        seats_services.withdraw(seat, by=By(), reason="Görev")
        assert behind.offered_until == moment("2026-03-14 09:00")


def test_on_the_day_itself_a_freed_seat_is_given_by_hand_only(cast: Cast, elif_: int) -> None:
    with at("2026-03-16 08:00"):
        session = course_session(capacity=1, day=MONDAY)
        seat, behind = enrolled(session, elif_, cast.employees["isik"])
        seats_services.withdraw(seat, by=By(), reason="Görev")
        assert behind.status is S.WAITLISTED
        seats_services.accept(behind, by=By())
        assert behind.status is S.ENROLLED


def offered(cast: Cast, made: str) -> int:
    """Işık's enrolment, to whom a seat of a training on Monday the 16th was offered then; Şükrü waits behind."""
    with at(made):
        session = course_session(capacity=1, day=MONDAY)
        seat, behind, _ = enrolled(session, *(cast.employees[name] for name in ("elif", "isik", "sukru")))
        seats_services.withdraw(seat, by=By(), reason="Görev")
        db.session.commit()
        return behind.id


def test_an_offer_is_taken_on_a_saturday(cast: Cast) -> None:
    key = offered(cast, "2026-03-13 10:00")
    with at("2026-03-14 23:00"):
        seats_services.take_offer(one(key), by=By())
        assert one(key).status is S.ENROLLED


def test_an_offer_is_over_at_the_second_it_ends(cast: Cast) -> None:
    key = offered(cast, WEDNESDAY)
    with at("2026-03-12 16:59:59"), db.session.begin_nested() as undone:
        seats_services.take_offer(one(key), by=By())
        undone.rollback()
    with at("2026-03-12 17:00:00"), pytest.raises(Refused, match="süresi doldu"):
        seats_services.take_offer(one(key), by=By())


def test_what_nobody_took_goes_to_the_next_when_its_time_is_over(cast: Cast) -> None:
    key = offered(cast, WEDNESDAY)
    with at("2026-03-12 16:59:59"):
        services.sweep()
        assert one(key).status is S.OFFERED
    with at("2026-03-12 17:00:00"):
        services.sweep()
        session = one(key).course_session
        isik, sukru = cast.employees["isik"], cast.employees["sukru"]
        found = statuses(session.id)
        assert (found[isik], found[sukru]) == (S.OFFER_EXPIRED, S.OFFERED)


def test_an_offer_stands_still_while_the_session_is_postponed(cast: Cast) -> None:
    key = offered(cast, WEDNESDAY)
    with at("2026-03-11 12:00"):
        training.move(one(key).course_session, SessionStatus.POSTPONED, by=By(), reason="Kar yağışı")
        db.session.commit()
    with at("2026-03-13 12:00"):
        services.sweep()
        assert one(key).status is S.OFFERED
        with pytest.raises(Refused, match="kayıt yapılamıyor"):
            seats_services.take_offer(one(key), by=By())
        db.session.rollback()
        training.move(one(key).course_session, SessionStatus.OPEN, by=By())
        db.session.commit()
        assert one(key).offered_until == moment("2026-03-16 09:00"), "a new one, until the training begins"
        seats_services.take_offer(one(key), by=By())


def test_an_offer_ends_with_the_session(cast: Cast) -> None:
    key = offered(cast, WEDNESDAY)
    with at("2026-03-11 12:00"):
        training.move(one(key).course_session, SessionStatus.CANCELLED, by=By(), reason="Bütçe")
        assert one(key).status is S.CANCELLED


def test_whoever_is_offered_a_seat_is_invited_when_they_take_it(cast: Cast) -> None:
    key = offered(cast, WEDNESDAY)
    with at("2026-03-11 12:00"):
        training.move(one(key).course_session, SessionStatus.CONFIRMED, by=By())
        assert one(key).invited_version == 0
        one(key).employee.email = "isik@ornek.example"
        seats_services.take_offer(one(key), by=By())
        assert one(key).invited_version == 1


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
    assert pools(session).free == 0
    seats_services.withdraw(seats[0], by=By(), reason="Görev")
    assert statuses(session.id) == {elif_: S.DECLINED, isik: S.ENROLLED, sukru: S.WAITLISTED}
