"""What holds of a person however many act at the same moment, in sessions that know nothing of each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.enrolment import queries
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.nominations import services as nominations
from app.enrolment.seats import services as seats
from app.people.merging.services import merge
from app.people.models import Employee
from app.training.models import Acceptance, CourseSession
from tests import factories
from tests.cast import By, Cast
from tests.enrolment.stage import course, course_session, enrolled, person, race, statuses

S = EnrolmentStatus


def loaded(session_id: int) -> CourseSession:
    return EVERYWHERE.get(CourseSession, session_id, sa.orm.joinedload(CourseSession.course))


def two_of_one_course(**values: object) -> tuple[int, int]:
    of = course()
    first = course_session(of, **values)  # type: ignore[arg-type]
    return first.id, course_session(of, starts=time(13), ordinal=2, **values).id  # type: ignore[arg-type]


def held(employee_id: int, *sessions: int) -> int:
    return [statuses(key).get(employee_id) for key in sessions].count(S.ENROLLED)


def each(sessions: tuple[int, ...], work: Callable[[CourseSession], object]) -> list[Callable[[], None]]:
    def at(key: int) -> Callable[[], None]:
        return lambda: work(loaded(key)) and None

    return [at(key) for key in sessions]


@pytest.mark.parametrize("_", range(3))
def test_two_coordinators_give_one_seat(app: Flask, cast: Cast, _: int) -> None:
    who, sessions = cast.employees["elif"], two_of_one_course()
    assert race(app, *each(sessions, lambda one: seats.enrol(one, person(who), by=By()))) == []
    assert held(who, *sessions) == 1


@pytest.mark.parametrize("_", range(3))
def test_two_nominations_lead_to_one_seat(app: Flask, cast: Cast, _: int) -> None:
    who, sessions = cast.employees["elif"], two_of_one_course()
    assert race(app, *each(sessions, lambda one: nominations.nominate(one, person(who), by=By()))) == []
    assert held(who, *sessions) == 1


@pytest.mark.parametrize("_", range(3))
def test_two_nominations_are_accepted_once(app: Flask, cast: Cast, _: int) -> None:
    who, sessions = cast.employees["elif"], two_of_one_course(acceptance=Acceptance.BY_HAND)
    keys = [nominations.nominate(loaded(key), person(who), by=By()).id for key in sessions]
    db.session.commit()

    def accepts(key: int) -> Callable[[], None]:
        return lambda: seats.accept(queries.enrolment(EVERYWHERE, key), by=By())

    assert race(app, *map(accepts, keys)) == []
    assert held(who, *sessions) == 1


@pytest.mark.parametrize("_", range(3))
def test_two_seats_given_up_are_one_for_who_waits_for_both(app: Flask, cast: Cast, _: int) -> None:
    who, sessions = cast.employees["elif"], two_of_one_course(capacity=1)
    holders = []
    for key, name in zip(sessions, ("isik", "sukru"), strict=True):
        holders += [enrolled(loaded(key), cast.employees[name])[0].id]
        enrolled(loaded(key), who)
    assert [statuses(key)[who] for key in sessions] == [S.WAITLISTED] * 2

    def gives_up(key: int) -> Callable[[], None]:
        return lambda: seats.withdraw(queries.enrolment(EVERYWHERE, key), by=By(), reason="hasta")

    assert race(app, *map(gives_up, holders)) == []
    assert held(who, *sessions) == 1


@pytest.mark.parametrize("_", range(3))
def test_many_at_once_in_any_order_wait_for_nobody_in_a_circle(app: Flask, cast: Cast, _: int) -> None:
    sessions = two_of_one_course(capacity=60)
    keys = [factories.employee("Ad", f"Soyad{number}", f"R-{number}", 1).id for number in range(6)]
    db.session.commit()
    orders = {sessions[0]: keys, sessions[1]: keys[::-1]}

    def all_(one: CourseSession) -> None:
        nominations.nominate_all(one, [person(key) for key in orders[one.id]], by=By())

    assert race(app, *each(sessions, all_)) == []
    assert all(held(key, *sessions) == 1 for key in keys)


@pytest.mark.parametrize("_", range(3))
def test_merged_both_ways_one_is_kept(app: Flask, cast: Cast, _: int) -> None:
    one, other = cast.employees["elif"], cast.employees["isik"]
    assert (
        race(
            app, lambda: merge(person(one), person(other), by=By()), lambda: merge(person(other), person(one), by=By())
        )
        == []
    )
    into = {key: person(key).merged_into_id for key in (one, other)}
    assert into in ({one: None, other: one}, {one: other, other: None})


@pytest.mark.parametrize("_", range(3))
def test_a_seat_given_while_two_records_become_one(app: Flask, cast: Cast, _: int) -> None:
    """The one gets a seat, the other has one in the same course: merged, the person holds one of them."""
    one, other = cast.employees["elif"], cast.employees["isik"]
    sessions = two_of_one_course()
    enrolled(loaded(sessions[1]), other)
    give = each(sessions[:1], lambda there: seats.enrol(there, person(one), by=By()))
    assert race(app, *give, lambda: merge(person(one), person(other), by=By())) == []
    seats_of = sa.select(sa.func.count(Enrolment.id)).where(
        Enrolment.employee_id == one, Enrolment.status == S.ENROLLED
    )
    merged = EVERYWHERE.get(Employee, other).merged_into_id == one
    assert db.session.scalar(EVERYWHERE.restrict(seats_of, Enrolment)) == 1 or not merged
