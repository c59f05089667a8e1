"""Who gets the last seat, of whatever pool, when several act at the same moment; nobody is promised what is cancelled."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries
from app.enrolment.models import SEAT_HOLDING, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.quotas import services as quotas
from app.enrolment.seats import services as seats
from app.enrolment.waiting import services as waiting
from app.training import services as training
from app.training.models import CourseSession, SessionStatus
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course_session, enrolled, person, race, statuses

S = EnrolmentStatus


def loaded(key: int) -> CourseSession:
    return EVERYWHERE.get(CourseSession, key, sa.orm.joinedload(CourseSession.course))


@pytest.mark.parametrize("_", range(3))
def test_two_browsers_and_the_last_seat_of_a_pool(app: Flask, cast: Cast, _: int) -> None:
    session = course_session(capacity=2)
    quotas.reserve(session, {cast.nizip: 1}, release_at=None, by=By())
    enrolled(session, cast.employees["sukru"])
    key, people = session.id, [cast.employees["elif"], cast.employees["isik"]]
    works = [lambda who=who: nominations.nominate(loaded(key), person(who), by=By()) for who in people]
    assert race(app, *works) == []
    found = statuses(key)
    assert sorted(found[who] for who in people) == [S.ENROLLED, S.WAITLISTED]


@pytest.mark.parametrize("_", range(3))
def test_a_quota_is_changed_while_the_last_seat_is_taken(app: Flask, cast: Cast, _: int) -> None:
    key = course_session(capacity=1).id
    works = (
        lambda: nominations.nominate(loaded(key), person(cast.employees["elif"]), by=By()),
        lambda: quotas.reserve(loaded(key), {cast.sahinbey: 1}, release_at=None, by=By()),
        lambda: nominations.nominate(loaded(key), person(cast.employees["sukru"]), by=By()),
    )
    assert race(app, *works) == []
    assert sum(status in SEAT_HOLDING for status in statuses(key).values()) == 1


@pytest.mark.parametrize("_", range(3))
def test_nobody_moves_up_in_what_is_being_cancelled(app: Flask, cast: Cast, _: int) -> None:
    session = course_session(capacity=1)
    seat, _behind = enrolled(session, cast.employees["elif"], cast.employees["isik"])
    key, seat_key = session.id, seat.id

    def cancel() -> None:
        for attempt in range(2):  # as the edge does: who meets another's change looks again, once
            try:
                training.move(loaded(key), SessionStatus.CANCELLED, by=By(), reason="Bütçe")
                db.session.commit()
                return
            except sa.orm.exc.StaleDataError:
                db.session.rollback()
                if attempt:
                    raise

    def give_up() -> None:
        for _again in range(2):
            try:
                seats.withdraw(queries.enrolment(EVERYWHERE, seat_key), by=By(), reason="Görev")
                db.session.commit()
                return
            except sa.orm.exc.StaleDataError:
                db.session.rollback()

    assert race(app, cancel, give_up) == []
    found = statuses(key)
    assert found[cast.employees["isik"]] is S.CANCELLED
    assert not any(status in SEAT_HOLDING for status in found.values())


@pytest.mark.parametrize("_", range(3))
def test_an_offer_is_taken_and_runs_out_at_the_same_moment(app: Flask, cast: Cast, _: int) -> None:
    """Whoever comes first: never both the one it was offered to and the next."""
    names = ("elif", "isik", "sukru")
    factories.employee("Ali", "Uzun", "N-003", 1)
    with time_machine.travel("2026-03-11T10:00+03:00", tick=False):
        session = course_session(capacity=1, day=date(2026, 3, 16))
        seat, behind, _next = enrolled(session, *(cast.employees[name] for name in names))
        seats.withdraw(seat, by=By(), reason="Görev")
        key, offered = session.id, behind.id
    with time_machine.travel("2026-03-12T16:59:59.95+03:00", tick=True):
        db.session.commit()

        def take() -> None:
            try:
                seats.take_offer(queries.enrolment(EVERYWHERE, offered), by=By())
            except sa.orm.exc.StaleDataError as stale:  # it ran out meanwhile
                raise Refused("") from stale

        assert race(app, take, waiting.sweep) == []
        found = statuses(key)
        assert sum(status in SEAT_HOLDING for status in found.values()) <= 1
        assert found[cast.employees["isik"]] in (S.ENROLLED, S.OFFER_EXPIRED, S.OFFERED)
