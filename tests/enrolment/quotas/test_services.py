"""Seats kept for institutions: who gets them, what is refused, and what happens when they are released."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.access.scope import EVERYWHERE
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import Refused
from app.enrolment.models import EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.quotas import queries, services
from app.enrolment.seats import services as seats
from app.enrolment.waiting import services as waiting
from app.training.models import CourseSession
from app.training.sessions import services as sessions
from tests.cast import By, Cast
from tests.enrolment.stage import course_session, enrolled, person, statuses
from tests.factories import employee

S = EnrolmentStatus


def reserve(session: CourseSession, seats: dict[int, int], days: int | None = None) -> None:
    release_at = now() + timedelta(days=days) if days else None
    services.reserve(session, seats, release_at=release_at, by=By())
    db.session.commit()


def test_a_kept_seat_is_given_to_its_institution_alone(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=2)
    reserve(session, {cast.sahinbey: 1})
    first, second = enrolled(session, elif_, cast.employees["isik"])
    assert (first.status, second.status) == (S.ENROLLED, S.WAITLISTED)
    nominated = nominations.nominate(session, person(cast.employees["sukru"]), by=By())
    assert nominated.status is S.ENROLLED, "who waits for an unreserved seat is not in their way"


def test_whoever_waits_cannot_be_given_a_seat_kept_for_others(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=2)
    reserve(session, {cast.sahinbey: 1})
    _, behind = enrolled(session, elif_, cast.employees["isik"])
    with pytest.raises(Refused, match="başka kurumlara"):
        seats.accept(behind, by=By())


def test_more_than_there_are_is_refused(cast: Cast) -> None:
    session = course_session(capacity=3)
    with pytest.raises(Refused, match="4 yer ayrılmış olur"):
        reserve(session, {cast.nizip: 2, cast.sahinbey: 2})


def test_seats_are_kept_only_for_whom_it_is_offered_to(cast: Cast) -> None:
    with pytest.raises(Refused, match="bu kuruma açık değil"):
        reserve(course_session(), {cast.yakutiye: 1})


def test_a_quota_lowered_below_what_is_taken_takes_nobodys_seat(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=3)
    reserve(session, {cast.nizip: 3})
    enrolled(session, elif_, cast.employees["isik"])
    reserve(session, {cast.nizip: 1, cast.sahinbey: 1})
    assert list(statuses(session.id).values()) == [S.ENROLLED, S.ENROLLED]
    assert queries.pools(session).room(cast.nizip) == 0
    assert enrolled(session, cast.employees["sukru"])[0].status is S.ENROLLED


def test_a_lowered_quota_lets_those_in_who_wait(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=2)
    reserve(session, {cast.sahinbey: 1})
    enrolled(session, elif_, cast.employees["isik"])
    reserve(session, {})
    assert statuses(session.id)[cast.employees["isik"]] is S.ENROLLED


def test_what_is_released_is_anybodys(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=2)
    reserve(session, {cast.sahinbey: 1}, days=1)
    enrolled(session, elif_, cast.employees["isik"])
    waiting.sweep()
    assert statuses(session.id)[cast.employees["isik"]] is S.WAITLISTED
    EVERYWHERE.get(CourseSession, session.id).quota_release_at = now()
    db.session.commit()
    waiting.sweep()
    assert statuses(session.id)[cast.employees["isik"]] is S.ENROLLED


def test_a_freed_seat_of_an_institution_goes_to_the_next_of_its_own(cast: Cast, elif_: int) -> None:
    session = course_session(capacity=2)
    third = employee("Ali", "Uzun", "N-003", cast.nizip).id
    reserve(session, {cast.nizip: 1, cast.sahinbey: 1})
    seat = enrolled(session, elif_, third, cast.employees["sukru"])[0]
    other = employee("Can", "Kısa", "Ş-002", cast.sahinbey).id
    enrolled(session, other)
    seats.withdraw(seat, by=By(), reason="Görev")
    assert statuses(session.id) == {
        elif_: S.DECLINED,
        third: S.ENROLLED,
        cast.employees["sukru"]: S.ENROLLED,
        other: S.WAITLISTED,
    }


def test_the_capacity_stays_at_what_is_reserved(cast: Cast) -> None:
    session = course_session(capacity=4)
    reserve(session, {cast.nizip: 3})
    with pytest.raises(Refused, match="3 yer kurumlara ayrılmış"):
        sessions.change(session, sessions.Details(2, 1, provinces=(1,)), by=By())


def test_a_second_look_at_the_same_changes_nothing(cast: Cast) -> None:
    session = course_session()
    reserve(session, {cast.nizip: 1})
    version = session.version
    reserve(session, {cast.nizip: 1})
    assert session.version == version
    assert session.starts_on is not None and session.starts_on > today()
